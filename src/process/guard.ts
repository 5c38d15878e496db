/**
 * The guard: a process that outlives lanes by a moment, to end what lanes can no longer end. It sleeps on a pipe whose
 * other end only lanes holds; when lanes is gone, however that happened, it reads the list of what was running and kills
 * it: every group on the list, and every process that carries a listed mark in its environment.
 *
 *     lanes    note(mark)  ─►  spawn  ─►  started(pid)   …   clear()          list: a nameless file both have open
 *     guard    read(pipe) …………………………………………………………………………… end of file ─► list ─► SIGKILL, until none is left
 *
 * The list is written in place and read only at the end: a job costs a few writes to a file, and the guard is never
 * woken. The mark is noted *before* the spawn, so there is no moment at which a process runs unlisted: one that was
 * created after lanes' last write is found by its mark (/proc/PID/environ; Linux only, elsewhere by its group alone).
 *
 * Always true: a group is on the list from before its first process exists until {@link Entry.clear}; the guard is not
 * in lanes' own group or session, so what is sent to that does not reach it.
 */
import { closeSync, fstatSync, readFileSync, readSync, writeSync } from "node:fs";
import { processes, signalTarget } from "./groups.ts";
import { selfCommand, selfEnvironment } from "./reexec.ts";
import { GUARD_SENTINEL } from "./sentinels.ts";
import { openTempFile } from "./tempfile.ts";

/** The variable that marks what belongs to an entry; a job within a job has the marks of both, `outer/inner`. */
export const MARK_VARIABLE = "LANES_JOB";
/** Bytes: one entry of the list, padded with spaces. */
const ENTRY_BYTES = 64;
/** The guard's descriptor of the list. */
const LIST_FD = 3;
/** Ms between two rounds of killing: what forks while it is killed is found in the next one. */
const ROUND_MS = 10;
/**
 * Where a start was noted but not its pid, it is looked for this long, ms: between vfork and exec a process has lanes'
 * own environment, and on a busy machine that takes a while.
 */
const PENDING_MS = 600;
/** No longer than this, ms, even if there is still something. */
const LIMIT_MS = 900;

/** One thing that is to die with lanes. */
export interface Entry {
  /** It runs: its process group (`group`), or it alone. */
  started(pid: number, group: boolean): void;
  /** It has ended; the entry may be used for another. */
  clear(): void;
}

export class Guard {
  readonly #list = openTempFile("place");
  readonly #free: number[] = [];
  #entries = 0;
  #process: Bun.Subprocess<"pipe", "ignore", "ignore"> | null = null;

  /** Notes that a process with this mark is about to be started; starts the guard if it does not run yet. */
  note(mark: string): Entry {
    this.#start();
    const index = this.#free.pop() ?? this.#entries++;
    this.#write(index, `? ${mark}`);
    return {
      started: (pid, group) => this.#write(index, `${group ? -pid : pid} ${mark}`),
      clear: () => {
        this.#write(index, "");
        this.#free.push(index);
      },
    };
  }

  /** Ends the guard; what is still listed is left alone. */
  async close(): Promise<void> {
    if (this.#process !== null) {
      this.#process.kill("SIGKILL");
      await this.#process.exited;
      this.#process = null;
    }
    closeSync(this.#list);
  }

  #start(): void {
    if (this.#process !== null) return;
    const env = selfEnvironment(false);
    delete env[MARK_VARIABLE]; // an outer guard ends an outer job; this one has to outlive that by a moment
    this.#process = Bun.spawn(selfCommand(GUARD_SENTINEL), {
      env,
      detached: true,
      stdio: ["pipe", "ignore", "ignore", this.#list],
    });
    this.#process.unref();
  }

  #write(index: number, text: string): void {
    writeSync(this.#list, `${text.padEnd(ENTRY_BYTES - 1)}\n`, index * ENTRY_BYTES, "latin1");
  }
}

/** The guard's own side: what main.ts runs when it finds the guard's sentinel. Resolves to its exit code. */
export async function runGuard(): Promise<number> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  waitForEnd();
  const list = readList();
  const startedMs = performance.now();
  for (let waitedMs = 0; list.marks.size > 0 && waitedMs < LIMIT_MS; waitedMs = performance.now() - startedMs) {
    const found = killListed(list);
    if (!found && (!list.pending || waitedMs > PENDING_MS)) break;
    await Bun.sleep(ROUND_MS);
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

interface Listed {
  /** Pids, negative for groups. */
  readonly targets: readonly number[];
  readonly marks: ReadonlySet<string>;
  /** A start was noted, and not yet whether it came to be. */
  readonly pending: boolean;
}

function readList(): Listed {
  const bytes = Buffer.alloc(fstatSync(LIST_FD).size);
  readSync(LIST_FD, bytes, 0, bytes.length, 0);
  const targets: number[] = [];
  const marks = new Set<string>();
  let pending = false;
  for (const line of bytes.toString("latin1").split("\n")) {
    const [target, mark] = line.trim().split(" ");
    if (mark === undefined) continue;
    marks.add(mark);
    if (target === "?") pending = true;
    else targets.push(Number(target));
  }
  return { targets, marks, pending };
}

/** @returns whether anything that still ran was there to be killed. */
function killListed({ targets, marks }: Listed): boolean {
  const hit = targets.filter((target) => signalTarget(target, "SIGKILL"));
  const all = processes();
  if (all === null) return hit.length > 0;
  const running = all.filter(({ pid, group, zombie }) => {
    if (zombie || pid === process.pid) return false;
    return targets.includes(-group) || targets.includes(pid) || marksOf(pid).some((mark) => marks.has(mark));
  });
  for (const { pid } of running) signalTarget(pid, "SIGKILL");
  return running.length > 0;
}

/** The marks a process carries. */
function marksOf(pid: number): string[] {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`;
    const at = environment.indexOf(`\0${MARK_VARIABLE}=`);
    if (at < 0) return [];
    const start = at + MARK_VARIABLE.length + 2;
    const end = environment.indexOf("\0", start);
    return environment.slice(start, end < 0 ? undefined : end).split("/");
  } catch {
    return []; // gone, or not ours to read
  }
}
