/**
 * The pool: items in, results out, through warm workers.
 *
 *     source ──take──► chunk ──send──► worker (lane) ──results──► reorder ──► output
 *       ▲                ▲ queue: taken back, or its worker died │               │
 *       └── not asked for more while the window or the output is full ◄──────────┘
 *
 * Always true: every item taken from the source is in exactly one place: a chunk of a lane, the queue of chunks to be
 * sent again, or answered for. So none is lost and none doubled, whatever becomes of a worker; and as lanes are bounded
 * and the window is, so is memory.
 */
import { toThousandth } from "../os/units.ts";
import { Guard } from "../process/guard/guard.ts";
import type { ItemError, MapEnding, MapSummary } from "../recording/results/map-result.ts";
import { ControlFile } from "./control-file.ts";
import { MapCrew } from "./crew.ts";
import { Handout } from "./handout.ts";
import type { Chunk } from "./items/chunk.ts";
import type { ResultSink } from "./items/output.ts";
import { ResultReorder } from "./items/reorder.ts";
import type { ItemSource } from "./items/source.ts";
import type { Lane, LaneListener } from "./lane.ts";
import { Losses } from "./losses.ts";
import type { Answers, MapPoolOptions, Mapping, PoolListener, PoolTimeline } from "./options.ts";
import { Tally } from "./tally.ts";
import { Watchdog } from "./watchdog.ts";
import { type Header, Kind } from "./wire.ts";
import { type BeginWorker, WiredProcess } from "./wired-process.ts";
import type { Broken } from "./worker/module.ts";
import type { ChunkStats } from "./worker/runner.ts";

/** What items in flight are given to end by themselves when everything is stopped, ms. */
const STOP_GRACE_MS = 500;

export class MapPool implements LaneListener, Mapping {
  readonly tally = new Tally();
  /** Why it could not go on, if the summary says that it ended so. */
  error: Error | null = null;
  readonly #guard = new Guard();
  readonly #control: ControlFile;
  readonly #crew: MapCrew;
  readonly #reorder: Answers;
  readonly #handout: Handout;
  readonly #watchdog: Watchdog;
  readonly #losses: Losses;
  readonly #finished = Promise.withResolvers<MapEnding>();
  /** Resolves when a stopped pool has waited long enough for whoever should read its results. */
  readonly #impatient = Promise.withResolvers<void>();
  #inputBroken = false;
  /** What comes now comes too late. */
  #counted = false;

  constructor(
    readonly options: MapPoolOptions,
    readonly source: ItemSource,
    readonly output: ResultSink,
    readonly listener: PoolListener,
    timeline: PoolTimeline,
    /** Takes what items come to; left out, it goes to the output, as the options say. */
    answers?: Answers,
    /** How a worker is started; left out, it is a process of this executable. */
    begin?: BeginWorker,
  ) {
    this.#control = ControlFile.create(options.jobs);
    const { fd } = this.#control;
    const begins: BeginWorker = (task, heard) => new WiredProcess(task, fd, options.folder, this.#guard, heard);
    this.#crew = new MapCrew(options, this.#control, this.tally, this, timeline, begin ?? begins);
    this.#reorder = answers ?? new ResultReorder(options.ordered, output.write);
    this.#handout = new Handout({
      ...{ options, source, output, answers: this.#reorder, crew: this.#crew },
      filled: () => this.#settle(),
      unreadable: (error) => this.#inputFailed(error),
      refused: (error, lane) => this.#losses.refused(error, lane),
    });
    this.#watchdog = new Watchdog(options, this.#control, () => this.#crew.lanes, {
      slow: (lane, ms) => listener.worker({ is: "slow", lane: lane.name, phase: lane.phase, ms }),
      late: (lane, limitMs) => this.#losses.late(lane, limitMs),
    });
    this.#losses = new Losses({
      ...{ options, source, listener, fatal: (error) => this.#fail(error), later: this.#later },
      ...{ tally: this.tally, crew: this.#crew, control: this.#control },
      ...{ queue: this.#handout.queue, reorder: this.#reorder },
    });
    output.onChange = () => this.#pump();
  }

  /**
   * Runs until every item is answered for, or {@link stop} is called, or nobody reads the results, or it cannot go on
   * (`failed`, and {@link error} says why: no worker can be kept alive, the input cannot be read).
   * @throws LanesError if it cannot even begin: the module cannot be used (usage).
   */
  async run(): Promise<MapSummary> {
    try {
      if (!this.source.ended) this.#crew.start(0); // it loads while the first items are read
      this.#pump();
      const ending = await this.#finished.promise;
      this.#handout.end();
      this.#counted = true;
      this.tally.ok -= this.#reorder.unwanted;
      const notDone = this.#reorder.finish(ending === "stopped" ? this.#reorder.next : this.source.taken);
      const drained = this.output.drained().then(() => true);
      const read = await Promise.race([drained, this.#impatient.promise.then(() => false)]);
      return this.tally.summary(read ? ending : "interrupted", notDone, this.source, this.#inputBroken);
    } finally {
      this.#handout.end();
      this.#watchdog.stop();
      this.source.close();
      await this.#crew.end();
      await this.#guard.close();
      this.#control.close();
    }
  }

  /**
   * Hands out no more; items in flight have `graceMs` to end; then what is done is printed, and run() returns: soon, even
   * if nobody reads what is printed.
   */
  stop(graceMs = STOP_GRACE_MS): void {
    setTimeout(this.#impatient.resolve, graceMs + STOP_GRACE_MS).unref();
    if (this.#handout.over && graceMs > 0) return;
    this.#handout.end();
    this.#crew.takeBack();
    this.#crew.signal("SIGTERM");
    setTimeout(() => this.#finish("interrupted"), graceMs).unref();
    this.#settle();
  }

  /** Stops the workers where they are (SIGSTOP), as Ctrl-Z does with lanes itself. */
  suspend(): void {
    this.#crew.signal("SIGSTOP");
  }

  /** Lets them go on. @param pausedMs how long they stood still: nobody's time went by meanwhile. */
  resume(pausedMs: number): void {
    this.#watchdog.paused(pausedMs);
    this.#crew.signal("SIGCONT");
  }

  /** What it has come to so far. */
  get progress() {
    const { ok, failed, elapsedMs } = this.tally;
    const { lanes } = this.#crew;
    const busy = lanes.filter((lane) => lane.outstanding > 0).length;
    const { fraction, taken } = this.source;
    // What was taken and is not answered for is not done.
    const done = fraction === null || taken === 0 ? fraction : (fraction * (ok + failed)) / taken;
    return { ok, failed, elapsedMs, fraction: done, busy, workers: lanes.length };
  }

  frame(lane: Lane, header: Header, body: Buffer): void {
    const { kind, slot, from, count } = header;
    if (this.#counted) return;
    const chunk = lane.chunks[slot];
    if (kind === Kind.ready) this.#ready(lane, JSON.parse(body.toString()) as { ppid: number });
    else if (kind === Kind.broken) this.#losses.broken(lane, JSON.parse(body.toString()) as Broken);
    else if (!chunk) return;
    else if (kind === Kind.results) {
      chunk.answered = from + count;
      this.tally.ok += count;
      this.#losses.answered(chunk);
      this.#reorder.add(chunk.first + from, count, body);
    } else if (kind === Kind.failed) {
      chunk.answered = from + 1;
      this.#losses.failed(lane, chunk, from, JSON.parse(body.toString()) as ItemError);
    } else if (kind === Kind.done) this.#chunkDone(lane, slot, chunk, JSON.parse(body.toString()) as ChunkStats);
    this.#settle();
  }

  said(lane: Lane, text: string): void {
    this.#crew.emit(lane, { type: "say", text });
    this.listener.said(lane.name, text);
  }

  ended(lane: Lane): void {
    this.#crew.leave(lane);
    this.#losses.ended(lane, this.#handout.over);
    this.#settle();
  }

  #ready(lane: Lane, { ppid }: { ppid: number }): void {
    this.#losses.ready();
    this.#crew.emit(lane, { type: "ready" }, ppid);
  }

  #chunkDone(lane: Lane, slot: number, chunk: Chunk, stats: ChunkStats): void {
    lane.free(slot);
    this.tally.chunkDone(this.tally.lane(lane.index, lane.name), chunk.count, stats);
    this.#handout.learn(chunk, stats);
    this.listener.chunk?.(lane, chunk.first, chunk.count, stats);
    this.#crew.emit(lane, {
      type: "chunk",
      first: chunk.first,
      count: chunk.count,
      ms: toThousandth(stats.ms),
    });
    if (this.options.maxRssBytes !== null && stats.rssBytes > this.options.maxRssBytes) {
      this.#handout.queue.add(lane.retire());
    }
    if (!lane.takes && lane.outstanding === 0) lane.end();
  }

  #finish(ending: MapEnding): void {
    this.#finished.resolve(this.error !== null && ending === "done" ? "failed" : ending);
  }

  /** It cannot go on. If anything may have been done, it ends in good order, and says how far it got. */
  #fail(error: Error): void {
    this.error ??= error;
    this.#handout.end();
    if (this.#losses.begun) this.#finish("failed");
    else this.#finished.reject(error);
  }

  readonly #later = (ms: number, then: () => void): void => {
    setTimeout(() => {
      if (this.#handout.over) return;
      then();
      this.#settle();
    }, ms).unref();
  };

  /** After anything happened: goes on, or finds that it is finished. */
  #settle(): void {
    const busy = this.#crew.outstanding;
    if (this.#reorder.next >= this.#reorder.limit) this.#finish("stopped");
    else if (this.#handout.over) {
      if (!busy) this.#finish("interrupted");
    } else if (!busy && this.#handout.exhausted) this.#finish("done");
    else this.#pump();
  }

  /** Hands out what can be, unless nobody wants it. */
  #pump(): void {
    if (this.output.closed) this.#finish("closed");
    this.#handout.goOn();
  }

  /** What was read is still done, if it can be. */
  #inputFailed(error: Error): void {
    if (!this.#losses.begun) this.#fail(error);
    else {
      this.error = error;
      this.#inputBroken = true;
      this.source.close();
      this.#settle();
    }
  }
}
