/**
 * A map whose items are done on a farm: rows of them go into the database, their results come out of it, in the items' order.
 *
 *     source ──► row ──► workers, our own among them ──► ended rows ──► reorder ──► output ──► taken
 *
 * Always true: a row leaves the database only after all its results are out here.
 */
import { toThousandth } from "../../os/units.ts";
import { recordOf } from "../../pool/failure.ts";
import type { Mapping, PoolListener, PoolOptions, PoolTimeline, Sink, Source } from "../../pool/index.ts";
import { Chunk } from "../../pool/items/chunk.ts";
import { Reorder } from "../../pool/items/reorder.ts";
import { Tempo } from "../../pool/items/tempo.ts";
import { Tally } from "../../pool/tally.ts";
import { sinceMs } from "../../recording/clock.ts";
import type { Happening } from "../../recording/event.ts";
import type { MapEnding, MapSummary } from "../../recording/map-result.ts";
import { closeBatch, type EndedJob, outputPart, outputsOf, putJobs, type RowLeft } from "../jobs/batch-statements.ts";
import { packRow, unpackRow } from "../jobs/payload.ts";
import { PART_BYTES } from "../jobs/worker-statements.ts";
import type { RowReport } from "../work/row-answers.ts";
import type { FarmWorker } from "../work/worker.ts";
import { Collection, type CollectionParts, LOOK_MS } from "./collection.ts";
import { groupsOf } from "./results.ts";

export interface FarmMapParts extends Omit<CollectionParts, "gone"> {
  readonly options: Pick<PoolOptions, "onError" | "ordered" | "chunk"> & {
    /** Items are JSON. */
    readonly json: boolean;
  };
  readonly source: Source;
  readonly output: Sink;
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
  readonly #reorder: Reorder;
  /** Rows in the database, by number: their first item and how many. */
  readonly #rows = new Map<number, { readonly first: number; readonly count: number }>();
  readonly #passed = new Set<number>();
  readonly #lanes = new Map<string, number>();
  readonly #pids = new Set<number>();
  #seq = 0;
  #closed = false;
  #ending: MapEnding | null = null;
  #filling: Promise<void> | null = null;

  constructor(parts: FarmMapParts) {
    this.#parts = parts;
    this.#tempo = new Tempo(parts.options.chunk, ROW);
    this.#reorder = new Reorder(parts.options.ordered, parts.output.write);
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
      busy: Math.min(this.#rows.size, this.#lanes.size),
      workers: this.#lanes.size,
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
    const { worker, source, output } = this.#parts;
    this.#collection.begin();
    const working = worker?.run().catch((error: unknown) => this.fail(error));
    try {
      while (this.#ending === null) if (await this.#round()) this.#ending ??= "done";
    } catch (error) {
      this.fail(error);
    } finally {
      this.#collection.end();
    }
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
      for (const [job, bytes] of await this.#fetch(group)) this.#answer(job, bytes);
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

  /** What rows wrote: their items' output, and the report. */
  async #fetch(group: readonly EndedJob[]): Promise<[EndedJob, { out: Buffer; report: RowReport | null }][]> {
    const { connection, batch } = this.#parts;
    const parts = new Map(group.map((job) => [job.seq, { out: [] as Uint8Array[], err: [] as Uint8Array[] }]));
    const [first] = group;
    if (group.length === 1 && first !== undefined && !("lost" in first.result)) {
      const { out, err } = first.result;
      for (const [stream, name, size] of [
        [1, "out", out],
        [2, "err", err],
      ] as const) {
        for (let part = 0; part * PART_BYTES < size; part += 1) {
          const bytes = await this.#collection.again(() => outputPart(connection, batch.id, first, stream, part));
          if (bytes !== undefined) parts.get(first.seq)?.[name].push(bytes);
        }
      }
    } else {
      for (const { seq, stream, data } of await this.#collection.again(() => outputsOf(connection, batch.id, group))) {
        parts.get(seq)?.[stream === 1 ? "out" : "err"].push(data);
      }
    }
    return group.map((job) => {
      const { out = [], err = [] } = parts.get(job.seq) ?? {};
      const text = Buffer.concat(err).toString("utf8");
      return [job, { out: Buffer.concat(out), report: text === "" ? null : (JSON.parse(text) as RowReport) }];
    });
  }

  /** Takes in a row that has ended. */
  #answer(job: EndedJob, { out, report }: { out: Buffer; report: RowReport | null }): void {
    const row = this.#rows.get(job.seq);
    this.#passed.add(job.seq);
    if (row === undefined) return;
    if (report === null) {
      this.#lost(job);
      return;
    }
    const endMs = Math.max(0, job.endedMs - this.#parts.batch.atMs);
    const host = "lost" in job.result ? "" : job.result.host;
    for (const { worker, pid, first, count, agoMs, ms, blank, times } of report.chunks) {
      const lane = this.#lane(host, worker);
      const name = `P${lane}`;
      const tMs = Math.max(0, endMs - agoMs);
      if (!this.#pids.has(pid)) {
        this.#pids.add(pid);
        this.#tally.lane(lane - 1, name).started += 1;
        this.#emit(name, pid, Math.max(0, tMs - ms), { type: "spawn" });
        this.#emit(name, pid, Math.max(0, tMs - ms), { type: "ready" });
      }
      this.#emit(name, pid, tMs, { type: "chunk", first, count, ms: toThousandth(ms) });
      this.#tally.chunkDone(this.#tally.lane(lane - 1, name), count, { ms, blank, times, outputBytes: 0, rssBytes: 0 });
      this.#tempo.learn(count, ms, 0);
    }
    for (const [worker, text] of report.said) {
      this.#parts.listener.said(`P${this.#lane(host, worker)}`, text);
    }
    this.#tally.retried += report.retried;
    const failures = new Map(report.failures.map((failure) => [failure.index, failure]));
    let at = 0;
    for (const [first, count, length] of report.pieces) {
      const failure = failures.get(first);
      if (failure !== undefined && first > this.#reorder.limit) continue;
      const bytes = length < 0 ? null : out.subarray(at, at + length);
      at += Math.max(0, length);
      if (failure !== undefined) this.#failed({ ...failure, lane: host });
      else this.#tally.ok += count;
      this.#reorder.add(first, count, bytes);
    }
  }

  #failed(failure: RowReport["failures"][number]): void {
    const { source, listener, options } = this.#parts;
    const text = failure.text === null ? null : source.nameOf(failure.text);
    const { index, attempts, error, lane } = failure;
    this.#tally.failed += 1;
    this.#emit("main", process.pid, sinceMs(this.#parts.timeline.originMs), {
      ...{ type: "fail", index, attempts, error },
      ...(text === null ? {} : { item: text }),
    });
    listener.failed({ index, text, attempts, lane, error });
    if (options.onError !== "stop") return;
    // In order, the items before it are still wanted; nothing after it is.
    this.#reorder.limit = options.ordered ? Math.min(index, this.#reorder.limit) : -1;
    source.close();
  }

  /** Its machine was lost again and again: each of its items has failed. */
  #lost({ result, payload }: EndedJob): void {
    const { first, count, lines } = unpackRow(payload);
    const { onError, json } = this.#parts.options;
    const attempts = "lost" in result ? result.lost : 1;
    const error = {
      kind: "crash",
      name: "CrashError",
      message: `its machine was lost ${attempts} times`,
      stack: "",
    } as const;
    const items = Chunk.of(first, count, lines);
    for (let item = 0; item < count; item += 1) {
      const index = first + item;
      this.#failed({ index, text: items.text(item), attempts, lane: "", error });
      this.#reorder.add(
        index,
        1,
        onError === "record" ? recordOf(index, items.itemJson(item, json), attempts, error) : null,
      );
    }
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

  #lane(host: string, worker: number): number {
    const key = `${worker} ${host}`;
    const lane = this.#lanes.get(key) ?? this.#lanes.size + 1;
    this.#lanes.set(key, lane);
    return lane;
  }

  #emit(lane: string, pid: number, t: number, happening: Happening<"map">): void {
    this.#parts.timeline.sink({ ...happening, t: toThousandth(t), lane, pid, ppid: process.pid });
  }

  #fail(error: Error): void {
    this.error ??= error;
    this.#ending ??= "failed";
    this.#collection.bell.ring();
  }
}
