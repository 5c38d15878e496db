/**
 * The run: takes jobs as slots become free, starts them, and makes of each ending what it means: passed on, logged, tried
 * again, a reason to stop. Everything happens in answer to something (a job ended, values came, time passed, someone
 * stopped it) and ends in {@link JobRun.pump}, which starts what can be started, or finds that all is done.
 *
 *     Feed ──► pump ──► Launcher ──► Attempt ──► settle ──► Delivery (output, joblog)
 *       ▲                                          │
 *       └──────────────── retries ─────────────────┘
 *
 * Always true: at most `slots` jobs run; a job that lanes itself stopped is not logged, and what it wrote not passed on (but
 * for lines that were out already): to a later --resume it never ran.
 *
 * Longer than most files: each part has its own; what an ending, a stop, time and a shortage do to the same state is read in one piece.
 */
import { LanesError } from "../errors.ts";
import { nowMs } from "../recording/clock.ts";
import type { RunResult, Shortfall } from "../recording/results/run-result.ts";
import type { Attempt } from "./attempt.ts";
import { Engine } from "./engine.ts";
import { Gates } from "./gates.ts";
import { haltReached } from "./halt.ts";
import { Feed, type JobSpec } from "./input/feed.ts";
import { READER_MS } from "./output/outlet.ts";
import type { Run, RunOptions, RunParts, StopReason } from "./plan.ts";
import { exitCodeOf, type JobResult, jobEndingOf, refusedResult } from "./result.ts";
import { RunningJobs } from "./running.ts";
import { Slots } from "./slots.ts";
import { Stats } from "./stats.ts";
import { telling } from "./telling.ts";

/** Timeouts and memory are looked at this often, ms. */
const TICK_MS = 50;
/** With nothing running that could end, a lack of processes or descriptors is waited for this often and long, ms. */
const SHORTAGE_MS = 100;
const SHORTAGES = 20;

/** Reasons to start no more that leave alone what runs. */
const lettingEnd: ReadonlySet<StopReason> = new Set(["halt", "drain"]);

export class JobRun implements Run {
  readonly stats: Stats;
  readonly jobs = new RunningJobs();
  readonly #options: RunOptions;
  readonly #parts: RunParts;
  readonly #feed: Feed;
  readonly #gates: Gates;
  readonly #slots: Slots;
  readonly #engine = new Engine();
  readonly #tell: ReturnType<typeof telling>;
  readonly #done = Promise.withResolvers<void>();
  readonly #signalled = Promise.withResolvers<void>();
  #shortages = 0;
  #haltCode: number | null = null;
  #counted: number | null = null;
  #stopped: StopReason | null = null;
  #error: Error | null = null;
  #wake: ReturnType<typeof setTimeout> | null = null;

  constructor(options: RunOptions, parts: RunParts) {
    this.#options = options;
    this.#parts = parts;
    this.#gates = new Gates(options);
    this.#slots = new Slots(options.slots);
    if (this.#slots.tight) this.#engine.startNoThreads();
    this.#tell = telling(parts.sink);
    this.stats = new Stats(options.slots, parts.onMoreFailures);
    this.#feed = new Feed(parts.values, (error) => (error === null ? this.pump() : this.#fail(error)));
  }

  /** Runs everything. @throws LanesError if lanes itself could not go on; whatever ran has been stopped by then. */
  async execute(): Promise<void> {
    // Waking up costs the jobs' cores a fifth of a ms: only where there is something to look at.
    const watched = this.#options.timeout !== null || this.#options.memfree !== null;
    const ticker = watched ? setInterval(() => this.#tick(), TICK_MS) : undefined;
    this.pump();
    await this.#done.promise;
    clearInterval(ticker);
    if (this.#wake !== null) clearTimeout(this.#wake);
    if (this.#stopped !== null && !lettingEnd.has(this.#stopped)) await this.jobs.stopLeftovers();
    try {
      await this.#parts.delivery.close(this.impatience());
    } finally {
      this.jobs.releaseLeftovers();
    }
    if (this.#error !== null) throw this.#error;
  }

  /**
   * Somebody wants to see how many jobs there will be: values are read ahead of them.
   * @param counted what somebody else finds out about it.
   */
  lookAhead(counted: Promise<number | null>): void {
    this.#feed.readAhead();
    void counted.then((count) => {
      this.#counted = count;
    });
  }

  /** How many jobs there will be, once that is known. */
  get total(): number | null {
    return this.#options.total ?? this.#known;
  }

  /** All there are once the values have been read, whatever was counted before: a file may have grown. */
  get #known(): number | null {
    return this.#feed.seen.all ? this.#feed.seen.jobs : this.#counted;
  }

  /** The exit code of the job whose end was the reason to halt; null if there was none. */
  get haltCode(): number | null {
    return this.#haltCode;
  }

  /** Why no more jobs are started; null while they are. */
  get stopReason(): StopReason | null {
    return this.#stopped;
  }

  /** Resolves some time after a signal has stopped the run; never without one: then output is waited for. */
  async impatience(): Promise<void> {
    await this.#signalled.promise;
    await Bun.sleep(READER_MS);
  }

  /** Starts no more jobs, and stops those that run. */
  stop(reason: StopReason): void {
    if (reason === "signal") {
      this.#signalled.resolve();
      this.#parts.launcher.hurry();
    }
    this.#startNoMore(reason);
    this.jobs.stop();
    this.pump();
  }

  /** Starts no more jobs, and lets those that run end. */
  drain(): void {
    this.#startNoMore("drain");
    this.pump();
  }

  /** What it has come to so far. @param signal what stopped it. */
  summary(signal: string | null): RunResult {
    const { jobs, skipped, stopped } = this.stats;
    const left = this.total === null ? null : Math.max(0, this.total - jobs - skipped - stopped - this.jobs.size);
    return this.stats.summary(this.#stopped === null ? 0 : left, signal);
  }

  /** What the next job waits for, besides a slot; null if it waits for nothing that is worth a word. */
  get waitsFor(): Shortfall | null {
    const { jobs, skipped } = this.stats;
    const begun = jobs + skipped + this.jobs.size;
    const over = this.#stopped !== null || this.#feed.empty || (this.total !== null && begun >= this.total);
    return over || this.jobs.size >= this.#slots.most ? null : this.#gates.shortfall;
  }

  /** Starts what can be started now. */
  pump(): void {
    while (this.#stopped === null && this.jobs.size < this.#slots.most) {
      const waitMs = this.#parts.delivery.congested ? TICK_MS : this.#gates.waitMs();
      if (waitMs > 0) {
        this.#pumpIn(waitMs);
        break;
      }
      const job = this.#feed.take();
      if (job === undefined) break;
      if (job.attempt === 1 && this.#parts.isDone(job.seq, job.values)) {
        this.stats.skippedOne();
        this.#parts.delivery.skip(job);
      } else if (!this.#start(job)) break;
    }
    if (this.jobs.size === 0 && (this.#stopped !== null || this.#feed.empty)) this.#done.resolve();
  }

  /** @returns whether another may be started at once. */
  #start(job: JobSpec): boolean {
    const slot = this.jobs.takeSlot();
    const { launcher } = this.#parts;
    const command = launcher.compose(job, slot);
    try {
      const started = launcher.start(job, slot, command, this.#ended);
      if (started.kind === "short") {
        this.jobs.freeSlot(slot);
        this.#wait(job, started);
        return false;
      }
      this.#shortages = 0;
      this.#gates.started();
      if (started.kind === "refused") {
        this.#settle(slot, 0, refusedResult(job, command.text, nowMs(), started.refusal));
        return true;
      }
      const { attempt } = started;
      this.jobs.add(attempt);
      this.#parts.delivery.begun(job, attempt.capture);
      this.stats.used(slot);
      const { seq } = job;
      this.#tell(slot, attempt.pid, () => ({ type: "spawn", seq, attempt: job.attempt, command: command.text }));
      return true;
    } catch (error) {
      this.jobs.freeSlot(slot);
      this.#fail(error as Error);
      return false;
    }
  }

  readonly #ended = (attempt: Attempt, result: JobResult): void => {
    try {
      this.jobs.remove(attempt);
      this.stats.took(result);
      this.#settle(attempt.slot, attempt.pid, result);
    } catch (error) {
      this.#fail(error as Error); // in a callback nobody else would hear of it, and the run would never end
    }
    this.#engine.tend(this.stats.jobs);
    this.pump();
  };

  /** A try has ended: what becomes of it. */
  #settle(slot: number, pid: number, result: JobResult): void {
    const { delivery } = this.#parts;
    const { job, stopped, failed } = result;
    this.jobs.freeSlot(slot);
    const again = this.#stopped === null && (stopped || (failed && job.attempt < this.#options.tries));
    this.#tell(slot, pid, () => ({ type: "exit", ...jobEndingOf(result), stopped, retry: again }));
    if (stopped || again) {
      delivery.drop(result);
      if (again) this.#feed.putBack(stopped ? job : { ...job, attempt: job.attempt + 1 });
      if (again && !stopped) this.stats.triedAgain();
      if (!again) this.stats.stoppedOne();
      return;
    }
    this.stats.ended(result);
    delivery.deliver(result);
    this.#considerHalt(result);
  }

  #considerHalt(result: JobResult): void {
    const { halt } = this.#options;
    const reached = haltReached(halt, result.failed ? "failed" : "succeeded", this.stats, this.total);
    if (!reached || (this.#stopped !== null && this.#stopped !== "drain")) return;
    this.#haltCode = exitCodeOf(result);
    if (halt?.when === "now") this.stop("halt");
    else this.#startNoMore("halt");
  }

  #startNoMore(reason: StopReason): void {
    if (this.#stopped === null) this.#tell(0, process.pid, () => ({ type: "stop", reason }));
    if (this.#stopped === null || lettingEnd.has(this.#stopped)) this.#stopped = reason;
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.stop("error");
  }

  /** Something the system is short of: a job that ends gives some back. */
  #wait(job: JobSpec, { code, error }: { readonly code: string; readonly error: Error }): void {
    this.#engine.startNoThreads();
    if (code !== "EMFILE") this.#slots.short(this.jobs.size);
    this.#feed.putBack(job);
    this.#shortages += this.jobs.size === 0 ? 1 : 0;
    if (this.#shortages > SHORTAGES) {
      this.#fail(new LanesError("run.error.shortage", { reason: error.message }, { cause: error }));
    } else this.#pumpIn(SHORTAGE_MS);
  }

  #pumpIn(ms: number): void {
    this.#wake ??= setTimeout(() => {
      this.#wake = null;
      this.pump();
    }, ms);
  }

  #tick(): void {
    const limitMs = this.stats.limitMs(this.#options.timeout);
    if (limitMs !== null) this.jobs.expire(limitMs);
    if (this.#gates.memoryIsShort) this.jobs.putOffYoungest();
  }
}
