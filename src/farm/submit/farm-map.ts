/**
 * A map whose items are done on a farm: rows of them go into the database, their results come out of it, in the items' order.
 *
 *     source ──► row ──► workers, our own among them ──► ended rows ──► reorder ──► output ──► taken
 *
 * Always true: a row leaves the database only after all its results are out here.
 */
import { ExitCode } from "../../errors.ts";
import type { ItemSource, MapPoolOptions, Mapping, PoolListener, PoolTimeline, ResultSink } from "../../pool/index.ts";
import { ResultReorder } from "../../pool/items/reorder.ts";
import { Tempo } from "../../pool/items/tempo.ts";
import { Tally } from "../../pool/tally.ts";
import type { MapEnding, MapSummary } from "../../recording/results/map-result.ts";
import { farmError, LateError } from "../failures.ts";
import type { RowLeft } from "../jobs/attach-statements.ts";
import { closeBatch, putJobs } from "../jobs/batch-statements.ts";
import { packRow } from "../jobs/payload.ts";
import type { FarmWorker } from "../work/worker.ts";
import { Collection, type CollectionParts, LOOK_MS } from "./collection.ts";
import { groupsOf } from "./outputs.ts";
import { fetchRows, RowResults } from "./row-results.ts";

export interface FarmMapParts extends Omit<CollectionParts, "gone"> {
  readonly options: Pick<MapPoolOptions, "onError" | "ordered" | "chunk"> & {
    /** Items are JSON. */
    readonly json: boolean;
  };
  readonly source: ItemSource;
  readonly output: ResultSink;
  readonly listener: PoolListener;
  readonly timeline: PoolTimeline;
  /** Does items here; null: nobody does. */
  readonly worker: FarmWorker | null;
  /** Rows that somebody else has brought, and nobody has taken; null: all are brought from here. */
  readonly left: readonly RowLeft[] | null;
}

/** A row should take so long, ms, and holds at most so many items and bytes. */
const ROW = { ms: 1_000, most: 1_000 };
const ROW_BYTES = 1 << 20;
/** Rows that may be under way while nobody knows how long an item takes; and then. */
const UNKNOWN_ROWS = 64;
const MOST_ROWS = 2_000;
/** Results that may wait for an earlier item's, and pieces of them. */
const WINDOW_BYTES = 64 << 20;
/** After a stop, what still may come of items that are under way, ms. */
const STOP_GRACE_MS = 500;
/** How long the database is waited for once all is to end, ms. */
const ENDING_MS = 1_000;

export class FarmMap implements Mapping {
  error: Error | null = null;
  readonly #parts: FarmMapParts;
  readonly #collection: Collection;
  readonly #tally = new Tally();
  readonly #tempo: Tempo;
  readonly #reorder: ResultReorder;
  /** Rows in the database, by number: their first item and how many. */
  readonly #rows = new Map<number, { readonly first: number; readonly count: number }>();
  readonly #passed = new Set<number>();
  readonly #results: RowResults;
  #seq = 0;
  #closed = false;
  #ending: MapEnding | null = null;
  #filling: Promise<void> | null = null;

  constructor(parts: FarmMapParts) {
    this.#parts = parts;
    this.#tempo = new Tempo(parts.options.chunk, ROW);
    this.#reorder = new ResultReorder(parts.options.ordered, parts.output.write);
    const { options, source, listener, timeline, batch } = parts;
    this.#results = new RowResults({
      ...{ reorder: this.#reorder, tally: this.#tally, tempo: this.#tempo, openedMs: batch.atMs },
      ...{ options, source, listener, timeline },
    });
    this.#collection = new Collection({ ...parts, gone: (error) => this.#fail(error) });
    parts.output.onChange = () => this.#collection.bell.ring();
    if (parts.left === null) return;
    this.#closed = true;
    let next = 0;
    for (const { seq, first, count } of parts.left) {
      this.#rows.set(seq, { first, count });
      // What was taken before has had its turn.
      if (first > next) this.#reorder.add(next, first - next, null);
      next = first + count;
    }
  }

  get progress() {
    const { ok, failed, elapsedMs } = this.#tally;
    const { fraction, taken } = this.#parts.source;
    const done = fraction === null || taken === 0 ? fraction : (fraction * (ok + failed)) / taken;
    return {
      ok,
      failed,
      elapsedMs,
      fraction: done,
      busy: Math.min(this.#rows.size, this.#results.workers),
      workers: this.#results.workers,
    };
  }

  stop(graceMs = STOP_GRACE_MS): void {
    this.#ending ??= "interrupted";
    this.#parts.source.close();
    setTimeout(() => this.#collection.endWithin(ENDING_MS), graceMs).unref();
    this.#collection.bell.ring();
  }

  suspend(): void {
    // Items are others' as well; what is done here goes on, or is given to them.
  }

  resume(): void {}

  /** What kept our own worker from going on with them is what keeps the map. */
  fail(error: unknown): void {
    this.#fail(error instanceof Error ? error : new Error(String(error)));
  }

  async run(): Promise<MapSummary> {
    const { worker, source, output, address } = this.#parts;
    this.#collection.begin();
    const working = worker?.run().catch((error: unknown) => this.fail(error));
    try {
      while (this.#ending === null) if (await this.#round()) this.#ending ??= "done";
    } catch (error) {
      // Once it is to end, a database that does not answer is not waited for.
      if (!(error instanceof LateError && this.#ending === "interrupted")) this.fail(error);
    } finally {
      this.#collection.end();
    }
    if (this.error !== null) this.error = (await farmError(this.error, address, ExitCode.failed)) as Error;
    const ending: MapEnding = this.error === null ? (this.#ending ?? "done") : "failed";
    if (ending === "done") worker?.drain();
    else {
      await this.#collection.stop("cancelled").catch(() => {});
      worker?.stop();
    }
    await working;
    this.#tally.ok -= this.#reorder.unwanted;
    const notDone = this.#reorder.finish(ending === "stopped" ? this.#reorder.next : source.taken);
    await output.drained();
    await this.#collection.leave("remove");
    if (this.error !== null && this.#tally.ok + this.#tally.failed === 0) throw this.error;
    return this.#tally.summary(ending, notDone, source);
  }

  /** Sends and takes what can be sent and taken now. @returns whether all is done. */
  async #round(): Promise<boolean> {
    const { output, source } = this.#parts;
    this.#collection.bell.reset();
    if (output.closed) this.#ending = "closed";
    await this.#submit();
    const jobs = output.full ? [] : await this.#collection.ended(this.#passed, null);
    for (const group of groupsOf(jobs)) {
      for (const [row, written] of await fetchRows(this.#collection, group)) {
        this.#passed.add(row.seq);
        if (this.#rows.has(row.seq)) this.#results.take(row, written);
      }
    }
    await this.#take();
    if (this.#reorder.next >= this.#reorder.limit) this.#ending = "stopped";
    if (this.#ending !== null) return true;
    if (source.ended && this.#closed && this.#rows.size === 0) return true;
    if (jobs.length > 0) return false;
    const { state } = await this.#collection.progress();
    if (state === "cancelled" || state === "stopped") this.#ending = "interrupted";
    await this.#collection.bell.heardWithin(LOOK_MS);
    return false;
  }

  /** Makes rows of what is at hand, while there is room for them. */
  async #submit(): Promise<void> {
    const { source, connection, batch } = this.#parts;
    const rows: { seq: number; payload: Buffer }[] = [];
    let bytes = 0;
    while (this.#hasRoom && bytes < ROW_BYTES) {
      const chunk = source.take(this.#tempo.size, ROW_BYTES);
      if (chunk === null) break;
      const { first, count } = chunk;
      const payload = packRow({ first, count, lines: chunk.lines });
      this.#rows.set(++this.#seq, { first, count });
      rows.push({ seq: this.#seq, payload });
      bytes += payload.length;
    }
    if (rows.length > 0) {
      await this.#collection.again(() => putJobs(connection, batch.id, rows));
      if (bytes >= ROW_BYTES) this.#collection.bell.ring();
    }
    if (source.ended && !this.#closed) {
      this.#closed = true;
      await this.#collection.again(() => closeBatch(connection, batch.id, this.#seq));
    } else if (source.empty && !source.ended && this.#hasRoom) this.#fill();
  }

  #fill(): void {
    this.#filling ??= this.#parts.source.fill().then(
      () => {
        this.#filling = null;
        this.#collection.bell.ring();
      },
      (error: Error) => this.#fail(error),
    );
  }

  get #hasRoom(): boolean {
    const most = this.#tempo.grows ? UNKNOWN_ROWS : MOST_ROWS;
    return this.#rows.size < most && this.#reorder.heldBytes < WINDOW_BYTES;
  }

  /** What is out can be forgotten. */
  async #take(): Promise<void> {
    const { ordered } = this.#parts.options;
    const out = [...this.#passed].filter((seq) => {
      const row = this.#rows.get(seq);
      return row === undefined || !ordered || row.first + row.count <= this.#reorder.next;
    });
    if (out.length === 0) return;
    await this.#parts.output.drained();
    await this.#collection.take(out);
    for (const seq of out) {
      this.#passed.delete(seq);
      this.#rows.delete(seq);
    }
    this.#collection.bell.ring();
  }

  #fail(error: Error): void {
    this.error ??= error;
    this.#ending ??= "failed";
    this.#collection.bell.ring();
  }
}
