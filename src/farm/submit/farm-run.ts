/**
 * A run whose jobs are done on a farm: the values go into the database as they are read, results come out of it as jobs end, wherever;
 * what comes of them is what comes of a run's own.
 *
 *     values ──► Submission ──► job rows ──► workers, our own among them ──► ended rows ──► fetchGroup ──► Delivery ──► taken
 *
 * Always true: a result leaves the database only after all it wrote is out here (and its line in the joblog), so that whoever goes
 * on after this process was killed misses nothing; a database that is away is waited for.
 */
import { ExitCode, LanesError } from "../../errors.ts";
import type { JobSpec } from "../../jobs/input/feed.ts";
import type { Template } from "../../jobs/input/template.ts";
import type { Values } from "../../jobs/input/values.ts";
import type { Delivery } from "../../jobs/output/delivery.ts";
import { READER_MS } from "../../jobs/output/outlet.ts";
import type { Results } from "../../jobs/output/results.ts";
import type { Run, StopReason } from "../../jobs/plan.ts";
import type { Refusal } from "../../jobs/refusal.ts";
import { endingOf, refusedResult } from "../../jobs/result.ts";
import { Stats } from "../../jobs/stats.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Happening, LaneEvent, Sink } from "../../recording/event.ts";
import type { JobEnding, RunResult, Shortfall } from "../../recording/run-result.ts";
import type { Address } from "../address.ts";
import { Bell } from "../bell.ts";
import { type Connection, Listener } from "../connection.ts";
import type { Contact } from "../contact.ts";
import {
  batchProgress,
  collectBatch,
  ENDED_CHANNEL,
  endedJobs,
  leaveBatch,
  type Progress,
  type RunningJob,
  removeBatch,
  runningJobs,
  stopBatch,
  takeJobs,
} from "../jobs/batch-statements.ts";
import type { FarmWorker } from "../work/worker.ts";
import { fetchGroup, groupsOf, type Ran } from "./results.ts";
import { Submission } from "./submission.ts";

/** The batch a run is about. */
export interface Batch {
  readonly id: number;
  readonly name: string;
  /** By the database's clock when it was opened, or gone on with, ms since the epoch. */
  readonly atMs: number;
  /** What whoever takes the results goes by. */
  readonly token: string;
}

export interface FarmRunParts {
  readonly connection: Connection;
  readonly address: Address;
  readonly contact: Contact;
  readonly batch: Batch;
  readonly template: Template;
  /** Null: they are all there. */
  readonly values: AsyncIterator<Values[]> | null;
  readonly isDone: (seq: number, values: Values) => boolean;
  readonly results: Results | null;
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
}

/** Without news it is looked for results so often, ms. */
const LOOK_MS = 1_000;
/** Fetched with one question: jobs. */
const MOST = 500;
/** In the order of the input: jobs that may have to wait here for the one whose turn it is. */
const WINDOW = 2_000;
/** Jobs in the database that have not been taken before no more values are read. */
const AHEAD = 100_000;
/** How long, after a signal, others are waited for to end their jobs, and the database to answer, ms. */
const ENDING_MS = 5_000;

export class FarmRun implements Run {
  readonly stats: Stats;
  readonly jobs: Run["jobs"];
  readonly #parts: FarmRunParts;
  readonly #delivery: Delivery;
  readonly #submission: Submission | null;
  readonly #bell = new Bell();
  readonly #signalled = Promise.withResolvers<void>();
  /** Lanes of (machine, slot), by `host slot`. */
  readonly #lanes = new Map<string, number>();
  /** Passed on, and not yet taken; those of them that are out. */
  readonly #passed = new Set<number>();
  #out: number[] = [];
  #low = 0;
  #lowMs = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #progress: (Progress & { readonly waits: boolean }) | undefined;
  #elsewhere: readonly RunningJob[] = [];
  #counted: number | null = null;
  #stopped: StopReason | null = null;
  #stoppedMs = Number.POSITIVE_INFINITY;
  #runningThen: number | null = null;
  #stopping: Promise<void> | undefined;
  #killed = false;
  #error: unknown;
  readonly #originMs = nowMs();

  constructor(parts: FarmRunParts) {
    this.#parts = parts;
    const { worker, connection, values, isDone } = parts;
    this.stats = new Stats(parts.slots, parts.onMoreFailures);
    this.#delivery = parts.delivery((seq) => this.#isOut(seq));
    this.#submission =
      values === null
        ? null
        : new Submission({
            connection,
            values,
            isDone,
            skipped: (job) => {
              this.stats.skippedOne();
              this.#delivery.skip(job);
            },
            refused: (job, refusal) => this.#refuse(job, refusal),
            room: () => this.#room(),
            again: (ask) => this.#again(ask),
          });
    this.jobs = {
      list: () => this.#list(),
      kill: () => {
        this.#killed = true;
        worker?.jobs.kill();
        this.#bell.ring();
      },
      suspend: () => worker?.jobs.suspend(),
      resume: (pausedMs) => worker?.jobs.resume(pausedMs),
    };
  }

  get total(): number | null {
    const { read = null, over = true } = this.#submission ?? {};
    if (this.#submission === null) return this.#parts.total;
    return over ? read : this.#counted;
  }

  get haltCode(): number | null {
    return this.#progress?.haltCode ?? null;
  }

  get stopReason(): StopReason | null {
    return this.#stopped;
  }

  readonly waitsFor: Shortfall | null = null;

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
    if (reason === "signal") this.#signalled.resolve();
    this.#startNoMore(reason);
    this.#stoppedMs = Math.min(this.#stoppedMs, nowMs());
    this.#submission?.end();
    this.#parts.worker?.stop();
    this.#stopping ??= this.#stopElsewhere();
    this.#bell.ring();
  }

  drain(): void {
    this.#startNoMore("drain");
    this.#submission?.end();
    const { connection, batch } = this.#parts;
    void this.#again(() => stopBatch(connection, batch.id, "halted")).catch((error) => this.#fail(error));
  }

  summary(signal: string | null): RunResult {
    const { jobs, skipped, stopped } = this.stats;
    const left = this.total === null ? null : Math.max(0, this.total - jobs - skipped - stopped);
    return this.stats.summary(this.#stopped === null ? 0 : left, signal);
  }

  async execute(): Promise<void> {
    const { batch, worker, address, connection } = this.#parts;
    const heard = (id: string) => id === String(batch.id) && this.#bell.ring();
    const listener = new Listener(address, ENDED_CHANNEL, heard, () => this.#bell.ring());
    void listener.start();
    const submitting = this.#submission?.run(batch.id).then(() => this.#bell.ring());
    submitting?.catch((error) => this.#fail(error));
    const working = worker?.run().catch((error: unknown) => this.#fail(error));
    const watch = setInterval(() => void this.#look(), LOOK_MS);
    try {
      while (!(await this.#round()));
    } catch (error) {
      this.#fail(error);
    } finally {
      clearInterval(watch);
      listener.stop();
    }
    worker?.drain();
    await working;
    await this.#stopping;
    try {
      await this.#delivery.close(this.impatience());
      await this.#take();
    } finally {
      await this.#leave(connection, batch);
    }
    if (this.#error !== undefined) throw this.#error;
  }

  /** Passes on what there is. @returns whether all is over. */
  async #round(): Promise<boolean> {
    this.#bell.reset();
    const { connection, batch } = this.#parts;
    if (this.#error !== undefined) return true;
    if (this.#delivery.congested) {
      await Bun.sleep(50);
      return false;
    }
    const jobs = await this.#again(() => this.#ended());
    for (const group of groupsOf(jobs)) {
      const ran = await this.#again(() => fetchGroup(this.#source, group));
      for (const one of ran) this.#deliver(one);
      await this.#take();
    }
    if (jobs.length > 0) return false;
    await this.#take();
    const progress = await this.#again(() => batchProgress(connection, batch.id));
    if (progress === undefined) throw this.#gone();
    this.#note(progress);
    if (this.#isOver(progress)) return true;
    await this.#bell.heardWithin(LOOK_MS);
    return false;
  }

  #isOver({ state, total, running, ended, waits }: Progress & { waits: boolean }): boolean {
    if (this.#killed) return true;
    const passing = ended > this.#passed.size; // what is on its way out counts as ended there
    const submitted = (this.#submission?.over ?? true) && total !== null;
    if (state === "open" || state === "done") return submitted && !waits && running === 0 && !passing;
    if (running === 0 && !passing) return true;
    return this.#stopped === "signal" && nowMs() - this.#stoppedMs > ENDING_MS;
  }

  #note(progress: Progress & { readonly waits: boolean }): void {
    this.#progress = progress;
    const { state, running } = progress;
    if (state === "halted" || state === "stopped") this.#startNoMore("halt");
    if (state === "cancelled" && this.#stopped === null) throw this.#gone();
    if (state === "halted" || state === "stopped" || state === "cancelled") this.#submission?.end();
    if (state === "stopped" || state === "cancelled") {
      // Those that run now are ended; one that was faster comes as a result.
      this.#runningThen ??= running + this.stats.jobs;
      this.stats.stopped = Math.max(0, this.#runningThen - this.stats.jobs);
    }
  }

  get #source() {
    const { connection, batch, template, results } = this.#parts;
    return { connection, batch: batch.id, template, results };
  }

  async #ended() {
    const { connection, batch } = this.#parts;
    const turn = this.#delivery.turn;
    if (nowMs() - this.#lowMs > 3 * LOOK_MS) {
      this.#low = 0;
      this.#lowMs = nowMs();
    }
    const above = turn === null ? this.#low : turn - 1;
    const upTo = turn === null ? Number.MAX_SAFE_INTEGER : turn + WINDOW;
    let jobs = await endedJobs(connection, batch.id, { above, upTo, but: [...this.#passed], most: MOST });
    if (jobs.length === 0 && this.#low > 0 && turn === null) {
      this.#low = 0;
      jobs = await endedJobs(connection, batch.id, { above: 0, upTo, but: [...this.#passed], most: MOST });
    }
    if (jobs[0] !== undefined) this.#low = jobs[0].seq - 1;
    return jobs;
  }

  #deliver({ result, host, slot, pid, ppid, endedMs, retried }: Ran): void {
    const { batch } = this.#parts;
    const { job } = result;
    this.#passed.add(job.seq);
    const lane = this.#lane(host, slot);
    const t = Math.max(0, endedMs - batch.atMs);
    const stamp = { lane: `P${lane}`, pid, ppid };
    this.#tell(stamp, Math.max(0, t - result.ms), {
      type: "spawn",
      ...{ seq: job.seq, attempt: job.attempt, command: result.command },
    });
    this.#tell(stamp, t, { type: "exit", ...endingOf(result), stopped: false, retry: false });
    this.stats.used(lane);
    this.stats.took(result);
    this.stats.retried += retried;
    this.stats.ended(result);
    this.#delivery.deliver(result);
  }

  #refuse(job: JobSpec, refusal: Refusal): void {
    const command = this.#parts.template.compose({ seq: job.seq, slot: 1, values: job.values });
    const result = refusedResult(job, command.text, Date.now(), refusal);
    this.stats.ended(result);
    this.#delivery.deliver(result);
  }

  #isOut(seq: number): void {
    if (this.#passed.has(seq)) this.#out.push(seq);
  }

  /** What is out can be forgotten by the database. */
  async #take(): Promise<void> {
    const { connection, batch } = this.#parts;
    const seqs = this.#out.splice(0);
    if (seqs.length === 0) return;
    const ours = await this.#again(() => takeJobs(connection, batch.id, batch.token, seqs));
    if (!ours) throw this.#gone();
    for (const seq of seqs) this.#passed.delete(seq);
    this.#taken += seqs.length;
    this.#bell.ring();
  }

  /** Keeps what watchers see up to date, and whoever else wants to take the results away. */
  async #look(): Promise<void> {
    const { connection, batch } = this.#parts;
    try {
      this.#elsewhere = await runningJobs(connection, batch.id);
      if (!(await collectBatch(connection, batch.id, batch.token)) && this.#stopped === null) this.#fail(this.#gone());
    } catch {
      // Whoever asks for results hears of it.
    }
  }

  #list(): ReturnType<Run["jobs"]["list"]> {
    const { worker, host } = this.#parts;
    const own = worker?.jobs.list() ?? [];
    const here = own.map((job) => ({ ...job, lane: `P${this.#lane(host, Number(job.lane.slice(1)))}` }));
    const elsewhere = this.#elsewhere
      .filter((job) => !own.some(({ pid, seq }) => pid === job.pid && seq === job.seq))
      .map((job) => ({ ...job, lane: `P${this.#lane(job.host, job.slot)}`, command: `${job.host}: ${job.command}` }));
    return [...here, ...elsewhere];
  }

  #lane(host: string, slot: number): number {
    const key = `${slot} ${host}`;
    const lane = this.#lanes.get(key) ?? this.#lanes.size + 1;
    this.#lanes.set(key, lane);
    if (lane > this.stats.slots) this.stats.slots = lane;
    return lane;
  }

  async #room(): Promise<void> {
    while (!this.#killed && this.#stopped === null && (this.#submission?.put ?? 0) - this.#taken > AHEAD) {
      await Bun.sleep(LOOK_MS / 10);
    }
  }

  /** Tries until the database answers; after a signal not for much longer. @throws what will not pass. */
  async #again<T>(ask: () => Promise<T>): Promise<T> {
    const { contact } = this.#parts;
    for (;;) {
      try {
        const answer = await ask();
        contact.answered();
        return answer;
      } catch (error) {
        const pauseMs = contact.failed(error);
        if (this.#killed || nowMs() - this.#stoppedMs > ENDING_MS) throw error;
        await Bun.sleep(pauseMs);
      }
    }
  }

  async #stopElsewhere(): Promise<void> {
    const { connection, batch } = this.#parts;
    await this.#again(() => stopBatch(connection, batch.id, "cancelled")).catch(() => {});
    this.#bell.ring();
  }

  #startNoMore(reason: StopReason): void {
    const stamp = { lane: "main", pid: process.pid, ppid: process.ppid };
    if (this.#stopped === null) this.#tell(stamp, nowMs() - this.#originMs, { type: "stop", reason });
    if (this.#stopped === null || this.#stopped === "drain" || this.#stopped === "halt") this.#stopped = reason;
  }

  #tell(stamp: { lane: string; pid: number; ppid: number }, t: number, happening: Happening<"run">): void {
    const { type, ...rest } = happening;
    this.#parts.sink?.({ type, t: Math.round(t * 1e3) / 1e3, ...stamp, ...rest } as LaneEvent<"run">);
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.stop("error");
  }

  /** It is another's business by now, or nobody's: nothing is to be done about it from here. */
  #gone(): LanesError {
    const { batch, address } = this.#parts;
    this.#stopping ??= Promise.resolve();
    return new LanesError("farm.batch.gone", { batch: batch.name, farm: address.label }, { exitCode: ExitCode.failed });
  }

  /** Nothing of it is needed any more; unless this went wrong: then somebody may go on with it. */
  async #leave(connection: Connection, batch: Batch): Promise<void> {
    const ask = () =>
      this.#error === undefined ? removeBatch(connection, batch.id) : leaveBatch(connection, batch.id, batch.token);
    await this.#again(ask).catch(() => {});
    connection.close();
  }
}
