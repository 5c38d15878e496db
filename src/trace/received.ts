/**
 * The signals that the command has got, as the tracer tells. From inside lanes, a signal that was sent to lanes alone and one that
 * was sent to its whole group look alike; but what was sent to the group the command has got too, or is about to get: it is
 * pending, or the command is stopped with it until the tracer, which tells first, lets it go on.
 */
import { readdirSync } from "node:fs";
import { procPath } from "../os/platform.ts";
import { isPending } from "../os/process/pending.ts";
import { procText } from "../os/process/proc-of.ts";

/** A sender that goes from one process to the next takes no longer than this, ms. */
const GRACE_MS = 50;
const LOOK_MS = 5;
const GRACE_LOOKS = GRACE_MS / LOOK_MS;
/** A command that its tracer keeps stopped is waited for no longer than this: somebody else may have stopped it. */
const STOPPED_LOOKS = 100 * GRACE_LOOKS;

/** The end of one look, and with it the event loop's turn. */
const look = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());

export class Received {
  readonly #ms = new Map<number, number>();
  /** What was told so lately that a signal which came at the same time may not have been heard yet. */
  readonly #news = new Map<number, number>();
  readonly #pid: number;
  readonly #nowMs: () => number;

  /** @param pid the command. @param nowMs the clock of what the tracer tells. */
  constructor(pid: number, nowMs: () => number) {
    this.#pid = pid;
    this.#nowMs = nowMs;
  }

  /** The tracer has told of one. */
  add(signal: number, ms: number): void {
    this.#ms.set(signal, ms);
    this.#news.set(signal, ms);
    void this.#age(signal, ms);
  }

  /**
   * Whether the command has just got this signal, which has just reached this process: then it was sent to both. Takes
   * {@link GRACE_MS} where it has not, more where the command is stopped.
   * @param listen takes what the tracer has told so far.
   */
  async has(signal: number, listen: () => void): Promise<boolean> {
    const fromMs = this.#nowMs() - GRACE_MS;
    for (let looks = 0; ; looks++) {
      const pending = isPending(procText(`${this.#pid}/status`), signal);
      const stopped = isStoppedByTracer(this.#pid);
      listen(); // after these: what is not on its way any more has been told
      if (pending || this.#news.has(signal) || (this.#ms.get(signal) ?? Number.NEGATIVE_INFINITY) >= fromMs)
        return true;
      if (looks >= (stopped ? STOPPED_LOOKS : GRACE_LOOKS)) return false;
      await look();
    }
  }

  /** In two turns of the event loop all is heard that has come before. */
  async #age(signal: number, ms: number): Promise<void> {
    await look();
    await look();
    if (this.#news.get(signal) === ms) this.#news.delete(signal);
  }
}

/** Whether any thread of it is. */
function isStoppedByTracer(pid: number): boolean {
  try {
    return readdirSync(procPath(`${pid}/task`)).some((tid) => {
      const stat = procText(`${pid}/task/${tid}/stat`);
      return stat[stat.lastIndexOf(")") + 2] === "t";
    });
  } catch {
    return false; // gone
  }
}
