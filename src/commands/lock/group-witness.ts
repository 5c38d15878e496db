/**
 * Whether a signal that has reached this process was sent to its whole process group (Ctrl-C, `kill -- -GROUP`, timeout(1),
 * systemd) or to it alone: inside a process the two look alike, up to the sender's pid. So somebody else in the group is asked
 * who does nothing but exist: a shell that sleeps on a pipe, with every signal at its default. What was sent to the group ends
 * it, and how it ended says which signal that was; then the next one is started.
 *
 *     to the group     lanes ◄── S ──► witness (ends of S)  ──► command        it has S already
 *     to lanes alone   lanes ◄── S     witness (lives)          command        lanes passes S on
 *
 * It is in lanes' own group and control group, so also who goes through these one by one comes to it. It holds none of lanes'
 * descriptors, and ends with lanes, whatever becomes of that: the other end of the pipe is gone then.
 */
import { readProc } from "../../lock/system/proc.ts";
import { isLinux } from "../../os/platform.ts";

/** A sender that goes from one process to the next takes no longer than this, ms. */
const GRACE_MS = 50;
/** Ends of any signal (of SIGQUIT without leaving a core), and of the end of lanes. */
const SLEEP = "ulimit -c 0; read -r _";

export class GroupWitness {
  #process: Bun.Subprocess | null = null;
  #over = false;
  #diedMs = Number.NEGATIVE_INFINITY;
  /** Who wants to know when it has died. */
  readonly #asking = new Set<() => void>();

  /** Starts it. Where it cannot be started, {@link saw} knows nothing. */
  start(): void {
    if (this.#over) return;
    try {
      const child: Bun.Subprocess = Bun.spawn(["/bin/sh", "-c", SLEEP], {
        stdio: ["pipe", "ignore", "ignore"],
        onExit: (_, __, signal) => this.#ended(child, signal !== null),
      });
      child.unref();
      this.#process = child;
    } catch {
      this.#process = null; // too many processes, or no shell
    }
  }

  /**
   * Whether the group got this signal, which has just reached this process. Waits {@link GRACE_MS} at most.
   * @returns undefined if nobody can tell.
   */
  async saw(signal: number): Promise<boolean | undefined> {
    if (performance.now() - this.#diedMs < GRACE_MS) return true;
    if (this.#process === null) return undefined;
    const { pid } = this.#process;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const died = () => resolve(true);
    this.#asking.add(died);
    const timer = setTimeout(() => resolve(isPending(pid, signal)), GRACE_MS);
    const seen = await promise;
    clearTimeout(timer);
    this.#asking.delete(died);
    return seen;
  }

  /** Ends it, and collects it: where lanes' own parent collects nobody it would stay a zombie. */
  async end(): Promise<void> {
    this.#over = true;
    this.#process?.kill("SIGKILL");
    await this.#process?.exited;
  }

  #ended(child: Bun.Subprocess, bySignal: boolean): void {
    if (this.#over || this.#process !== child) return;
    this.#process = null;
    if (bySignal) {
      this.#diedMs = performance.now();
      for (const tell of this.#asking) tell();
      this.start();
    }
  }
}

/** Whether a process has been sent a signal and had no time yet to end of it. */
function isPending(pid: number, signal: number): boolean {
  if (!isLinux) return false;
  const status = readProc(`${pid}/status`);
  if (status === "" || /^State:\s+[ZX]/m.test(status)) return true;
  return ["SigPnd", "ShdPnd"].some((set) => {
    const mask = new RegExp(`^${set}:\\s+([0-9a-f]+)`, "m").exec(status)?.[1] ?? "0";
    return (BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n;
  });
}
