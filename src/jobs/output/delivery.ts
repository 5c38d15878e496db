/**
 * What becomes of a job that has ended for good: its output is passed on, whole (in the order of the input if that is
 * wanted), and when it is out, its line is written to the joblog. In this order: whoever kills lanes between the two would
 * see the output again after --resume, and never miss it. The same goes for what waits for its turn or for a slow reader,
 * and for what a full disk or a reader that left did not take.
 */

import { encodeText } from "../../os/bytes/byte-strings.ts";
import type { JobSpec } from "../input/feed.ts";
import type { Joblog, LogLine } from "../joblog.ts";
import { type JobResult, logLineOf } from "../result.ts";
import type { Capture } from "./capture.ts";
import { Following } from "./following.ts";
import { KeepOrder, type Written } from "./order.ts";
import type { Outlet, Stored } from "./outlet.ts";
import { tagOf } from "./tagger.ts";

export interface DeliveryOptions {
  readonly out: Outlet;
  readonly err: Outlet;
  readonly tag: boolean;
  readonly keepOrder: boolean;
  readonly joblog: Joblog | null;
  /** Whole lines are passed on while a job writes to its files; with `keepOrder` those of the job whose turn it is. */
  readonly follow: boolean;
  /** Is told of each job when all it wrote is out, and its line is in the joblog. */
  readonly onOut?: (seq: number) => void;
}

/** Outputs waiting for a slow reader before no more jobs are started. */
const BACKLOG = 64;

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #order: KeepOrder | null;
  readonly #following: Following | null;
  /** Tags of jobs whose output has to wait. */
  readonly #tags = new Map<number, Uint8Array>();
  /** Lines for the joblog of jobs whose output is not out yet. */
  readonly #lines = new Map<number, LogLine>();
  readonly #noted: boolean;
  /** Why the joblog could not be written. */
  #problem: unknown = null;
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#noted = options.joblog !== null || options.onOut !== undefined;
    this.#order = options.keepOrder ? new KeepOrder((seq, written) => this.#pass(seq, written)) : null;
    this.#following = options.follow
      ? new Following(options, (seq) => this.#order === null || this.#order.next === seq)
      : null;
  }

  /** A try of a job has begun. */
  begun(job: JobSpec, { files }: Capture): void {
    if (files !== undefined) this.#following?.begin(job.seq, files, this.#options.tag ? tagOf(job.values) : null);
  }

  /** Whether the reader is so far behind that jobs had better wait. */
  get congested(): boolean {
    return this.#options.out.backlog > BACKLOG || this.#options.err.backlog > BACKLOG;
  }

  /** The number of the job whose turn it is to be passed on; null: whichever ends first. */
  get turn(): number | null {
    return this.#order?.next ?? null;
  }

  /** A job has ended for good. @throws LanesError if the joblog cannot be written. */
  deliver(result: JobResult): void {
    const { job, output, notice } = result;
    const { received, tail } = output;
    const written = this.#rest(job.seq, output.written);
    if (notice !== null) this.#options.err.write(encodeText(`lanes: ${notice.message}\n`));
    if (this.#options.tag && (written.out !== null || written.err !== null)) this.#tags.set(job.seq, tagOf(job.values));
    if (this.#noted) {
      const line = logLineOf(result);
      // Nothing of a silent job can be lost, and nothing has to be kept of it.
      if (received === 0 && tail.length === 0) this.#record(line);
      else this.#lines.set(job.seq, line);
    }
    if (this.#order !== null) this.#order.put(job.seq, written);
    else this.#pass(job.seq, written);
    this.#check();
  }

  /** Nothing comes from this job: it was skipped. */
  skip(job: JobSpec): void {
    this.#order?.put(job.seq, null);
  }

  /** What this job wrote is not wanted. */
  drop({ job, output: { written } }: JobResult): void {
    this.#rest(job.seq, written);
    const { out, err } = this.#options;
    // Lines of it may be on their way.
    if (written.out !== null) out.whenOut(() => written.out?.file.release());
    if (written.err !== null) err.whenOut(() => written.err?.file.release());
  }

  /** What has not been passed on of a job that has ended. */
  #rest(seq: number, { out, err }: Written): Written {
    if (this.#following === null) return { out, err };
    const passed = this.#following.end(seq);
    // A job may have cut off its output meanwhile.
    const rest = (stored: Stored | null, start: number) =>
      stored && { ...stored, start, end: Math.max(start, stored.end) };
    return { out: rest(out, passed.out), err: rest(err, passed.err) };
  }

  /**
   * Resolves when everything is out, or when `enough` does: nobody may be reading.
   * @throws LanesError if the joblog could not be written.
   */
  async close(enough: Promise<void>): Promise<void> {
    this.#order?.flush();
    await Promise.race([Promise.all([this.#options.out.drained(), this.#options.err.drained()]), enough]);
    this.#closed = true;
    this.#order?.close();
    this.#options.joblog?.close();
    this.#check();
  }

  #pass(seq: number, { out, err }: Written): void {
    const tag = this.#tags.get(seq) ?? null;
    this.#tags.delete(seq);
    if (out !== null) this.#options.out.writeStored(out, tag);
    if (err !== null) this.#options.err.writeStored(err, tag);
    const line = this.#lines.get(seq);
    this.#lines.delete(seq);
    if (line !== undefined) this.#recordWhenOut(line);
    if (this.#options.out.backlog + this.#options.err.backlog === 0) this.#order?.reclaim();
  }

  /** A stderr that takes nothing more is no reason to do a job again: its results are out. */
  #recordWhenOut(line: LogLine): void {
    const { out, err } = this.#options;
    out.whenOut((isOut) => {
      if (isOut) err.whenOut(() => this.#record(line));
    });
  }

  /** May be called while an outlet writes, where nobody could take an error: it is kept for whoever asks next. */
  #record(line: LogLine): void {
    if (this.#closed || this.#problem !== null) return;
    try {
      this.#options.joblog?.record(line);
      this.#options.onOut?.(line.seq);
    } catch (error) {
      this.#problem = error;
    }
  }

  #check(): void {
    if (this.#problem !== null) throw this.#problem;
  }
}
