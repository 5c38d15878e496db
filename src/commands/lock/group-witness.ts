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
import { isPending } from "../../os/process/pending.ts";
import { type KnownSignal, numberOf } from "../../os/signals.ts";

/**
 * A sender that goes from one process to the next takes no longer than so many looks, each of at least so many ms. (One that takes
 * longer, because it is given no core, cannot be told from one that means lanes alone.) They are counted, and not timed: a
 * process that has been given no core itself finds the time over, but has not heard yet what came meanwhile.
 */
const LOOK_MS = 5;
const GRACE_LOOKS = 10;
/** What had reached us before a look has been heard by the end of the next one. */
const HEARD_LOOKS = 2;
/** Ends of any signal (of SIGQUIT without leaving a core), and of the end of lanes. */
const SLEEP = "ulimit -c 0; read -r _";

/** The end of a witness, once the next one is there. */
interface Death {
  readonly signal: NodeJS.Signals | number;
  /** How many looks ago; {@link GRACE_LOOKS} at most. */
  looks: number;
}

export class GroupWitness {
  #process: Bun.Subprocess | null = null;
  #over = false;
  /** The last one's. */
  #death: Death | undefined;

  /** Starts it. Where it cannot be started, {@link saw} knows nothing. */
  start(): void {
    if (this.#over) return;
    try {
      const child: Bun.Subprocess = Bun.spawn(["/bin/sh", "-c", SLEEP], {
        stdio: ["pipe", "ignore", "ignore"],
        onExit: (_, __, signal) => this.#ended(child, signal),
      });
      child.unref();
      this.#process = child;
    } catch {
      this.#process = null; // too many processes, or no shell
    }
  }

  /**
   * Whether the group got this signal, which has just reached this process. Takes {@link GRACE_LOOKS} looks at most.
   * @returns undefined if nobody can tell.
   */
  async saw(signal: number): Promise<boolean | undefined> {
    if (this.#sawBefore(signal)) return true;
    const [child, death] = [this.#process, this.#death];
    if (child === null) return undefined;
    for (let looks = 0; looks < GRACE_LOOKS; looks++) {
      await look();
      if (this.#death !== death || isEnding(child.pid, signal)) return true;
    }
    return this.#process === null ? undefined : false;
  }

  /** Ends it, and collects it: where lanes' own parent collects nobody it would stay a zombie. */
  async end(): Promise<void> {
    this.#over = true;
    this.#process?.kill("SIGKILL");
    await this.#process?.exited;
  }

  /**
   * Whether the last witness has testified to this signal. Any signal that is heard so soon may have come before the present
   * one was there. Later the sender of the one of which the last one died may still be on the way to us; sent twice within
   * that time it counts once, as signals do that find themselves pending.
   */
  #sawBefore(signal: number): boolean {
    if (this.#death === undefined) return false;
    const { looks, signal: its } = this.#death;
    return looks < HEARD_LOOKS || (looks < GRACE_LOOKS && signal === numberOf(its as KnownSignal));
  }

  #ended(child: Bun.Subprocess, signal: Bun.Subprocess["signalCode"]): void {
    if (this.#over || this.#process !== child) return;
    this.#process = null;
    if (signal === null) return;
    this.start();
    this.#death = { signal, looks: 0 };
    void grow(this.#death);
  }
}

/** Counts the looks since then. */
async function grow(death: Death): Promise<void> {
  for (; death.looks < GRACE_LOOKS; death.looks++) await look();
}

/** Nobody stays for it. */
const look = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());

/** Whether a process has been sent a signal and had no time yet to end of it. */
function isEnding(pid: number, signal: number): boolean {
  if (!isLinux) return false;
  const status = readProc(`${pid}/status`);
  return status === "" || /^State:\s+[ZX]/m.test(status) || isPending(status, signal);
}
