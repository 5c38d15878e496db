/**
 * What happens on a farm, as events in the order in which it happened. A job is heard of when it has run for a while, or when it has
 * ended, and of two that have ended the later one may be heard of first: so an event is kept back for as long as an earlier one
 * may still come.
 */
import type { JobResult } from "../../jobs/result.ts";
import { jobEndingOf } from "../../jobs/result.ts";
import { toThousandth } from "../../os/units.ts";
import type { Happening, RunEvent, Sink } from "../../recording/event.ts";

/** Without news it is looked for those that have ended every second (farm-run.ts), and they have a way to go, ms. */
const BEHIND_MS = 2_000;

/** Who did something. */
export interface Doer {
  readonly lane: string;
  readonly pid: number;
  readonly ppid: number;
}

export class FarmEvents {
  #waiting: RunEvent[] = [];
  /** Tries that have been said to be running, by lane: which. */
  readonly #begun = new Map<string, string>();
  /** What was last handed on as begun, by lane. */
  readonly #open = new Map<string, string>();

  /** @param sink null: nobody wants to know. */
  constructor(private readonly sink: Sink<"run"> | null) {}

  /** A job was seen running, that began at `t`. */
  runs(doer: Doer, t: number, job: { readonly seq: number; readonly attempt: number; readonly command: string }): void {
    if (this.sink === null) return;
    const which = whichOf({ seq: job.seq, pid: doer.pid });
    if (this.#begun.get(doer.lane) === which) return;
    this.#begun.set(doer.lane, which);
    const { seq, attempt, command } = job;
    this.#add(doer, t, { type: "spawn", seq, attempt, command });
  }

  /** A job has ended at `t`. */
  ended(doer: Doer, t: number, result: JobResult): void {
    if (this.sink === null) return;
    const { job, command, ms } = result;
    this.runs(doer, Math.max(0, t - ms), { seq: job.seq, attempt: job.attempt, command });
    this.#begun.delete(doer.lane);
    this.#add(doer, t, { type: "exit", ...jobEndingOf(result), stopped: false, retry: false });
  }

  /** Something that happened here. */
  tell(t: number, happening: Happening<"run">): void {
    if (this.sink !== null) this.#add({ lane: "main", pid: process.pid, ppid: process.ppid }, t, happening);
  }

  /** Hands on what was long enough ago at `t`; all, for Infinity. */
  pass(t: number): void {
    if (this.#waiting.length === 0) return;
    const waiting = new Set(this.#waiting.toSorted((a, b) => a.t - b.t));
    for (const event of waiting) {
      if (event.t > t - BEHIND_MS) break;
      waiting.delete(event);
      if (event.type === "spawn") this.#endOther(event, waiting);
      else if (event.type === "exit" && this.#open.get(event.lane) === whichOf(event)) this.#open.delete(event.lane);
      this.sink?.(event);
    }
    this.#waiting = [...waiting];
  }

  /** One at a time on a lane: when two jobs ended is known by when it was told, and what was told first may have been slower to come. */
  #endOther({ lane, t, ...event }: Extract<RunEvent, { type: "spawn" }>, waiting: Set<RunEvent>): void {
    const open = this.#open.get(lane);
    this.#open.set(lane, whichOf(event));
    if (open === undefined) return;
    for (const other of waiting) {
      if (other.type !== "exit" || other.lane !== lane || whichOf(other) !== open) continue;
      waiting.delete(other);
      this.sink?.({ ...other, t });
      return;
    }
  }

  #add({ lane, pid, ppid }: Doer, t: number, happening: Happening<"run">): void {
    const { type, ...rest } = happening;
    this.#waiting.push({ type, t: toThousandth(t), lane, pid, ppid, ...rest } as RunEvent);
  }
}

const whichOf = ({ seq, pid }: { readonly seq: number; readonly pid: number }): string => `${seq} ${pid}`;
