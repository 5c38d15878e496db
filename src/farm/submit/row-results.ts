/** What comes of a map's rows: each item's result put in its turn, failures told of, and what ran where recorded. */
import { toThousandth } from "../../os/units.ts";
import { recordOf } from "../../pool/failure.ts";
import type { ItemSource, MapPoolOptions, PoolListener, PoolTimeline } from "../../pool/index.ts";
import { Chunk } from "../../pool/items/chunk.ts";
import type { ResultReorder } from "../../pool/items/reorder.ts";
import type { Tempo } from "../../pool/items/tempo.ts";
import type { Tally } from "../../pool/tally.ts";
import { sinceMs } from "../../recording/clock.ts";
import type { Happening } from "../../recording/event.ts";
import type { EndedJob } from "../jobs/collect-statements.ts";
import { unpackRow } from "../jobs/payload.ts";
import type { RowReport } from "../work/row-answers.ts";
import type { Collection } from "./collection.ts";
import { outputOf } from "./outputs.ts";

/** What a row wrote: its items' output; its report, null if there is none. */
export interface RowOutput {
  readonly out: Buffer;
  readonly report: RowReport | null;
}

/** Fetches what rows that can be fetched at once wrote. */
export async function fetchRows(collection: Collection, rows: readonly EndedJob[]): Promise<[EndedJob, RowOutput][]> {
  const parts = new Map(rows.map((row) => [row.seq, { out: [] as Uint8Array[], err: [] as Uint8Array[] }]));
  for await (const { seq, stream, data } of outputOf(collection, rows)) {
    parts.get(seq)?.[stream === 1 ? "out" : "err"].push(data);
  }
  return rows.map((row) => {
    const { out = [], err = [] } = parts.get(row.seq) ?? {};
    const text = Buffer.concat(err).toString("utf8");
    return [row, { out: Buffer.concat(out), report: text === "" ? null : (JSON.parse(text) as RowReport) }];
  });
}

export interface RowResultsParts {
  readonly reorder: ResultReorder;
  readonly tally: Tally;
  readonly tempo: Tempo;
  readonly options: Pick<MapPoolOptions, "onError" | "ordered"> & { readonly json: boolean };
  readonly source: ItemSource;
  readonly listener: PoolListener;
  readonly timeline: PoolTimeline;
  /** When the batch was opened, by the database's clock, ms since the epoch. */
  readonly openedMs: number;
}

export class RowResults {
  readonly #parts: RowResultsParts;
  /** Workers of any machine, in the order in which they were first heard of. */
  readonly #lanes = new Map<string, number>();
  readonly #pids = new Set<number>();

  constructor(parts: RowResultsParts) {
    this.#parts = parts;
  }

  /** Workers that have done something. */
  get workers(): number {
    return this.#lanes.size;
  }

  /** Takes in a row that has ended. */
  take(row: EndedJob, { out, report }: RowOutput): void {
    if (report === null) {
      this.#lost(row);
      return;
    }
    const { reorder, tally, listener } = this.#parts;
    const host = "lost" in row.result ? "" : row.result.host;
    this.#chunks(report, host, Math.max(0, row.endedMs - this.#parts.openedMs));
    for (const [worker, text] of report.said) listener.said(`P${this.#lane(host, worker)}`, text);
    tally.retried += report.retried;
    const failures = new Map(report.failures.map((failure) => [failure.index, failure]));
    let at = 0;
    for (const [first, count, length] of report.pieces) {
      const failure = failures.get(first);
      if (failure !== undefined && first > reorder.limit) continue;
      const bytes = length < 0 ? null : out.subarray(at, at + length);
      at += Math.max(0, length);
      if (failure !== undefined) this.#failed({ ...failure, lane: host });
      else tally.ok += count;
      reorder.add(first, count, bytes);
    }
  }

  /** What ran where, and for how long. @param endMs when the row ended. */
  #chunks({ chunks }: RowReport, host: string, endMs: number): void {
    const { tally, tempo } = this.#parts;
    for (const { worker, pid, first, count, agoMs, ms, blank, times } of chunks) {
      const lane = this.#lane(host, worker);
      const name = `P${lane}`;
      const tMs = Math.max(0, endMs - agoMs);
      if (!this.#pids.has(pid)) {
        this.#pids.add(pid);
        tally.lane(lane - 1, name).started += 1;
        this.#emit(name, pid, Math.max(0, tMs - ms), { type: "spawn" });
        this.#emit(name, pid, Math.max(0, tMs - ms), { type: "ready" });
      }
      this.#emit(name, pid, tMs, { type: "chunk", first, count, ms: toThousandth(ms) });
      tally.chunkDone(tally.lane(lane - 1, name), count, { ms, blank, times, outputBytes: 0, rssBytes: 0 });
      tempo.learn(count, ms, 0);
    }
  }

  #failed(failure: RowReport["failures"][number]): void {
    const { source, listener, options, reorder, tally } = this.#parts;
    const text = failure.text === null ? null : source.nameOf(failure.text);
    const { index, attempts, error, lane } = failure;
    tally.failed += 1;
    this.#emit("main", process.pid, sinceMs(this.#parts.timeline.originMs), {
      ...{ type: "fail", index, attempts, error },
      ...(text === null ? {} : { item: text }),
    });
    listener.failed({ index, text, attempts, lane, error });
    if (options.onError !== "stop") return;
    // In order, the items before it are still wanted; nothing after it is.
    reorder.limit = options.ordered ? Math.min(index, reorder.limit) : -1;
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
      this.#parts.reorder.add(
        index,
        1,
        onError === "record" ? recordOf(index, items.itemJson(item, json), attempts, error) : null,
      );
    }
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
}
