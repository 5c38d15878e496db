/**
 * The guard: a process that outlives lanes by a moment, to end what lanes can no longer end. It sleeps on a pipe whose
 * other end only lanes holds; when lanes is gone, however that happened, it reads the list of what was running and kills
 * it: every group on the list, and every process that carries a listed mark in its environment.
 *
 *     lanes    note(mark)  ─►  spawn  ─►  started(pid)   …   clear()          list: a nameless file both have open
 *     guard    sh: read(pipe) ……………………… end of file ─► exec lanes ─► list ─► SIGKILL, until none is left
 *
 * While it only waits it is a shell: that starts in a twentieth of the time, and takes a twentieth of the memory, of a second
 * lanes. It becomes one when there is something to do, through a descriptor: whatever has become of the file by then.
 *
 * The list is written in place and read only at the end: the guard is never woken. The mark is noted *before* the spawn,
 * so there is no moment at which a process runs unlisted: one that was created after lanes' last write is found by its mark
 * (/proc/PID/environ; Linux only, elsewhere by its group alone).
 *
 * Always true: a group is on the list from before its first process exists until {@link GuardEntry.clear}; the guard is not
 * in lanes' own group or session, so what is sent to that does not reach it.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { isLinux, procPath } from "../../os/platform.ts";
import { allProcesses } from "../../os/process/process-table.ts";
import { selfCommand, selfEnvironment } from "../reexec.ts";
import { GUARD_SENTINEL } from "../sentinels.ts";
import { signalTarget } from "./groups.ts";
import { type GuardedTargets, GuardList, readList } from "./guard-list.ts";
import { MARK_VARIABLE } from "./mark.ts";
import { marksOf } from "./marked.ts";

/** The guard's descriptors: the list, and the program it becomes. */
const LIST_FD = 3;
const PROGRAM_FD = 4;
/** What it was told, if it was told anything. */
export const TOLD_FD = 5;
const SHELL = "/bin/sh";
/** Waits for the end of file, deaf to what ends other programs; then becomes its arguments. */
const WAIT = `trap '' HUP INT TERM; read -r _; exec "$@"`;
/** Ms between two rounds of killing: what forks while it is killed is found in the next one. */
const ROUND_MS = 10;
/**
 * Where a start was noted but not its pid, it is looked for this long, ms: between vfork and exec a process has lanes'
 * own environment, and on a busy machine that takes a while.
 */
const PENDING_MS = 600;
/** No longer than this, ms, even if there is still something. */
const LIMIT_MS = 900;
/** A process that cannot be ended (it hangs in the kernel) is looked at less and less often, up to this, ms. */
const SLOW_ROUND_MS = 1_000;

/** One thing that is to die with lanes. */
export interface GuardEntry {
  /** It runs: its process group (`group`), or it alone. */
  started(pid: number, group: boolean): void;
  /** It has ended; the entry may be used for another. */
  clear(): void;
}

export class Guard {
  readonly #list = new GuardList();
  #process: Bun.Subprocess<"pipe", "ignore", "ignore"> | null = null;

  /**
   * @param role the sentinel of what it becomes, if that has more to do than {@link runGuard}.
   * @param told a descriptor that has what that needs to know: its {@link TOLD_FD}.
   */
  constructor(
    private readonly role: string = GUARD_SENTINEL,
    private readonly told?: number,
  ) {}

  /** Notes that a process with this mark is about to be started; starts the guard if it does not run yet. */
  note(mark: string): GuardEntry {
    this.#process ??= startGuard(this.#list.fd, this.role, this.told);
    const list = this.#list;
    const entry = list.add(mark);
    return {
      started: (pid, group) => list.started(entry, group ? -pid : pid),
      clear: () => list.remove(entry),
    };
  }

  /** Ends the guard; what is still listed is left alone. */
  async close(): Promise<void> {
    if (this.#process !== null) {
      this.#process.kill("SIGKILL");
      await this.#process.exited;
      this.#process = null;
    }
    this.#list.close();
  }
}

function startGuard(list: number, role: string, told: number | undefined): Bun.Subprocess<"pipe", "ignore", "ignore"> {
  const env = selfEnvironment(false);
  delete env[MARK_VARIABLE]; // an outer guard ends an outer job; this one has to outlive that by a moment
  const [program = "", ...rest] = selfCommand(role);
  const own = isLinux ? openSync(procPath("self/exe"), "r") : null;
  const command = [own === null ? program : procPath(`self/fd/${PROGRAM_FD}`), ...rest];
  try {
    const child = Bun.spawn(existsSync(SHELL) ? [SHELL, "-c", WAIT, SHELL, ...command] : [program, ...rest], {
      env,
      detached: true,
      stdio: ["pipe", "ignore", "ignore", list, own ?? "ignore", ...(told === undefined ? [] : [told])],
    });
    child.unref();
    return child;
  } finally {
    if (own !== null) closeSync(own);
  }
}

/**
 * The guard's own side: what main.ts runs when it finds the guard's sentinel. Resolves to its exit code.
 * @param limitMs how long it tries; Infinity: until nothing is left.
 */
export async function runGuard(limitMs = LIMIT_MS): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  waitForEnd();
  const list = readList(LIST_FD);
  const startedMs = performance.now();
  for (let waitedMs = 0; list.marks.size > 0 && waitedMs < limitMs; waitedMs = performance.now() - startedMs) {
    const found = killListed(list);
    if (!found && (!list.pending || waitedMs > PENDING_MS)) break;
    await Bun.sleep(waitedMs < LIMIT_MS ? ROUND_MS : SLOW_ROUND_MS);
  }
  return 0;
}

/** Blocks until the other end of stdin is closed. */
function waitForEnd(): void {
  const buffer = Buffer.alloc(64);
  for (;;) {
    try {
      if (readSync(0, buffer, 0, buffer.length, null) === 0) return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") Bun.sleepSync(ROUND_MS);
      else if (code !== "EINTR") return;
    }
  }
}

/** @returns whether anything that still ran was there to be killed. */
function killListed({ targets, marks }: GuardedTargets): boolean {
  const hit = targets.filter((target) => signalTarget(target, "SIGKILL"));
  const all = allProcesses();
  if (all === null) return hit.length > 0;
  const running = all.filter(({ pid, group, zombie }) => {
    if (zombie || pid === process.pid) return false;
    return targets.includes(-group) || targets.includes(pid) || marksOf(pid).some((mark) => marks.has(mark));
  });
  for (const { pid } of running) signalTarget(pid, "SIGKILL");
  return running.length > 0;
}
