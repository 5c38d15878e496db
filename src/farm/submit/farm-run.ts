/**
 * A run whose jobs are done on a farm: the values go into the database as they are read, results come out of it as jobs end, wherever;
 * what comes of them is what comes of a run's own.
 *
 *     values ──► Submission ──► job rows ──► workers, our own among them ──► ended rows ──► Collector ──► Delivery ──► taken
 *
 * Always true: a result leaves the database only after all it wrote is out here (and its line in the joblog), so that whoever goes
 * on after this process was killed misses nothing; a database that is away is waited for.
 *
 * Longer than most files: each part has its own; what a stop, a halt or a lost batch does to all of them is read in one piece.
 */
import type { JobSpec } from "../../jobs/input/feed.ts";
import type { Template } from "../../jobs/input/template.ts";
import type { JobValues } from "../../jobs/input/values.ts";
import type { Delivery } from "../../jobs/output/delivery.ts";
import { READER_MS } from "../../jobs/output/outlet.ts";
import type { ResultFolders } from "../../jobs/output/result-folders.ts";
import type { Run, StopReason } from "../../jobs/plan.ts";
import type { Refusal } from "../../jobs/refusal.ts";
import { refusedResult } from "../../jobs/result.ts";
import { Stats } from "../../jobs/stats.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Sink } from "../../recording/event.ts";
import type { JobEnding, RunResult, Shortfall } from "../../recording/results/run-result.ts";
import type { FarmAddress } from "../address.ts";
import type { FarmConnection } from "../connection.ts";
import type { Contact } from "../contact.ts";
import type { BatchProgress } from "../jobs/batch-statements.ts";
import type { FarmWorker } from "../work/worker.ts";
import { Activity } from "./activity.ts";
import { type Batch, Collection, LOOK_MS } from "./collection.ts";
import { Collector } from "./collector.ts";
import type { Ran } from "./results.ts";
import { Submission } from "./submission.ts";

export interface FarmRunParts {
  readonly connection: FarmConnection;
  readonly address: FarmAddress;
  readonly contact: Contact;
  readonly batch: Batch;
  readonly template: Template;
  /** Null: they are all there. */
  readonly values: AsyncIterator<JobValues[]> | null;
  readonly isDone: (seq: number, values: JobValues) => boolean;
  readonly results: ResultFolders | null;
  /** @param onOut is to be told of each job whose output is out. */
  readonly delivery: (onOut: (seq: number) => void) => Delivery;
  readonly sink: Sink<"run"> | null;
  readonly onMoreFailures: (failure: JobEnding) => void;
  /** Does jobs of this batch here; null: nobody does. */
  readonly worker: FarmWorker | null;
  /** What this machine is called. */
  readonly host: string;
  readonly slots: number;
  /** How many jobs there are, of values that are all there; null otherwise. */
  readonly total: number | null;
  /** Somebody has cancelled the batch. */
  readonly onCancelled: () => void;
  /** What else is to be looked at now and then. What it throws does not matter. */
  readonly look?: (() => Promise<void>) | undefined;
}

/** Jobs in the database that have not been taken before no more values are read. */
const AHEAD = 100_000;
/** How long, after a signal, others are waited for to end their jobs, and the database to answer; after a second one, ms. */
const ENDING_MS = 5_000;
const KILLED_MS = 1_000;

export class FarmRun implements Run {
  readonly stats: Stats;
  readonly jobs: Run["jobs"];
  readonly waitsFor: Shortfall | null = null;
  readonly #parts: FarmRunParts;
  readonly #collection: Collection;
  readonly #collector: Collector;
  readonly #submission: Submission | null;
  readonly #activity: Activity;
  readonly #signalled = Promise.withResolvers<void>();
  #haltCode: number | null = null;
  #counted: number | null = null;
  #stopped: StopReason | null = null;
  #stoppedMs = Number.POSITIVE_INFINITY;
  #stopping: Promise<void> | undefined;
  #killed = false;
  #error: unknown;

  constructor(parts: FarmRunParts) {
    this.#parts = parts;
    const { worker, contact, sink, connection, batch, template, results, delivery } = parts;
    this.stats = new Stats(parts.slots, parts.onMoreFailures);
    this.#collection = new Collection({
      ...{ connection, address: parts.address, contact, batch },
      gone: (error) => {
        if (this.#stopped === null) this.#fail(error);
      },
      look: async () => {
        await this.#activity.look();
        await parts.look?.();
      },
    });
    this.#activity = new Activity({ connection, batch, sink, worker, host: parts.host });
    this.#collector = new Collector({
      ...{ collection: this.#collection, template, results, delivery },
      ran: (ran) => this.#ran(ran),
    });
    this.#submission = parts.values === null ? null : this.#submissionOf(parts.values);
    this.jobs = {
      list: () => this.#activity.running(),
      kill: () => {
        this.#killed = true;
        worker?.jobs.kill();
        this.#collection.endWithin(KILLED_MS);
      },
      suspend: () => worker?.jobs.suspend(),
      resume: (pausedMs) => worker?.jobs.resume(pausedMs),
    };
  }

  get total(): number | null {
    if (this.#submission === null) return this.#parts.total;
    return this.#submission.over ? this.#submission.read : (this.#parts.total ?? this.#counted);
  }

  get haltCode(): number | null {
    return this.#haltCode;
  }

  get stopReason(): StopReason | null {
    return this.#stopped;
  }

  lookAhead(counted: Promise<number | null>): void {
    void counted.then((count) => {
      this.#counted = count;
    });
  }

  async impatience(): Promise<void> {
    await this.#signalled.promise;
    await Bun.sleep(READER_MS);
  }

  stop(reason: StopReason): void {
    if (reason === "signal") {
      this.#signalled.resolve();
      this.#collection.endWithin(ENDING_MS);
    }
    this.#startNoMore(reason);
    this.#stoppedMs = Math.min(this.#stoppedMs, nowMs());
    this.#parts.worker?.stop();
    this.#stopping ??= this.#end("cancelled").catch(() => {});
    this.#collection.bell.ring();
  }

  drain(): void {
    if (this.#stopped !== null) return;
    this.#startNoMore("drain");
    this.#end("halted").catch((error) => this.#fail(error));
  }

  summary(signal: string | null): RunResult {
    const { jobs, skipped, stopped } = this.stats;
    const left = this.total === null ? null : Math.max(0, this.total - jobs - skipped - stopped);
    return this.stats.summary(this.#stopped === null ? 0 : left, signal);
  }

  async execute(): Promise<void> {
    const { batch, worker } = this.#parts;
    this.#collection.begin();
    const submitting = this.#submission?.run(batch.id).then(() => this.#collection.bell.ring());
    submitting?.catch((error) => this.#fail(error));
    const working = worker?.run().catch((error: unknown) => this.#fail(error));
    try {
      while (!(await this.#round()));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#collection.end();
    }
    worker?.drain();
    await working;
    await this.#stopping;
    try {
      await this.#collector.delivery.close(this.impatience());
      await this.#collector.take();
    } catch (error) {
      this.#error ??= error;
    } finally {
      this.#activity.passAll();
      // Unless it went wrong nothing of it is needed any more; then somebody may go on with it.
      await this.#collection.leave(this.#error === undefined ? "remove" : "for others");
    }
    if (this.#error !== undefined) throw this.#error;
  }

  /** Passes on what there is. @returns whether all is over. */
  async #round(): Promise<boolean> {
    this.#collection.bell.reset();
    if (this.#error !== undefined || this.#killed || this.#isLate) return true;
    if (this.#collector.delivery.congested) {
      await this.#collection.bell.heardWithin(LOOK_MS);
      return false;
    }
    const passed = await this.#collector.pass();
    this.#activity.pass();
    if (passed > 0) {
      // Where more are to come they come soon, or it is asked then how far the batch is: not both after each of many short jobs.
      if (this.total === null || this.stats.jobs < this.total) await this.#collection.more();
      return false;
    }
    const progress = await this.#collection.progress();
    this.#heed(progress);
    if (this.#isOver(progress)) return true;
    await this.#collection.bell.heardWithin(LOOK_MS);
    return false;
  }

  /** What the batch says of itself: others may have stopped it, or the end of a job. */
  #heed({ state, held, stopped, haltCode }: BatchProgress): void {
    this.#haltCode = haltCode;
    this.stats.stopped = stopped;
    if (state === "open" || state === "done") return;
    this.#submission?.end();
    this.#collector.gaps = held === 0;
    if (this.#stopped !== null) return;
    if (state === "cancelled") this.#parts.onCancelled();
    this.#startNoMore(state === "cancelled" ? "cancelled" : "halt");
  }

  #isOver({ state, total, held, alive, ended, waits }: BatchProgress): boolean {
    if (ended > this.#collector.passing) return false; // what is on its way out counts as ended there
    if (state === "open" || state === "done") {
      return (this.#submission?.over ?? true) && total !== null && !waits && held === 0;
    }
    if (held === 0) return true;
    return state !== "halted" && alive === 0; // nobody comes back to say that they have ended
  }

  /** A signal was long enough ago: neither other machines nor a slow reader are waited for. */
  get #isLate(): boolean {
    return this.#stopped === "signal" && nowMs() - this.#stoppedMs > ENDING_MS;
  }

  #submissionOf(values: AsyncIterator<JobValues[]>): Submission {
    const { connection, isDone } = this.#parts;
    return new Submission({
      ...{ connection, values, isDone },
      skipped: (job) => {
        this.stats.skippedOne();
        this.#collector.delivery.skip(job);
      },
      refused: (job, refusal) => this.#refuse(job, refusal),
      room: () => this.#room(),
      again: (ask) => this.#collection.again(ask),
    });
  }

  #refuse(job: JobSpec, refusal: Refusal): void {
    const command = this.#parts.template.compose({ seq: job.seq, slot: 1, values: job.values });
    const result = refusedResult(job, command.text, Date.now(), refusal);
    this.stats.ended(result);
    this.#collector.delivery.deliver(result);
  }

  async #room(): Promise<void> {
    while (!this.#killed && this.#stopped === null) {
      if ((this.#submission?.put ?? 0) - this.#collection.taken <= AHEAD) return;
      await Bun.sleep(LOOK_MS / 10);
    }
  }

  #ran(ran: Ran): void {
    const { result, retried } = ran;
    const lanes = this.#activity.ended(ran);
    this.stats.slots = Math.max(this.stats.slots, lanes);
    this.stats.used(lanes);
    this.stats.took(result);
    this.stats.retried += retried;
    this.stats.ended(result);
  }

  /** No more of it is begun anywhere, or goes on. */
  async #end(how: "halted" | "cancelled"): Promise<void> {
    this.#submission?.end();
    await this.#collection.stop(how);
  }

  #startNoMore(reason: StopReason): void {
    if (this.#stopped === null) this.#activity.stopped(reason);
    if (this.#stopped === null || this.#stopped === "drain" || this.#stopped === "halt") this.#stopped = reason;
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.stop("error");
  }
}
