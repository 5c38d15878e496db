/** The chart of `lanes map`, recorded while it goes on: a lane for each worker, a segment for each chunk of items. */
import { t } from "../../i18n/index.ts";
import { hasFailed, type LaneEvent } from "../../recording/event.ts";
import type { ItemFailure } from "../../recording/results/map-result.ts";
import { ChartBuilder } from "./builder.ts";
import type { Chart, Life } from "./chart.ts";

type PoolEvent = LaneEvent<"map">;

/** Failures told in full; all are counted. */
const FAILURES = 100;

export class MapChart {
  readonly #builder: ChartBuilder;
  readonly #alive = new Map<string, Pick<Life, "pid" | "ppid" | "fromMs">>();
  /** Items of the chunk a lane is at that have failed. */
  readonly #failed = new Map<string, number>();
  readonly #failures: ItemFailure[] = [];
  #failedInAll = 0;

  constructor(parent: Chart["parent"]) {
    this.#builder = new ChartBuilder({ unit: "items", parent });
  }

  /** Takes an event as it happens; cheap. */
  add(event: PoolEvent): void {
    const { lane, pid, t: ms } = event;
    switch (event.type) {
      case "spawn":
        this.#spawn(event);
        break;
      case "ready": {
        const fromMs = this.#alive.get(lane)?.fromMs ?? ms;
        this.#builder.add(lane, { fromMs, toMs: ms, state: "starts", label: "", pid, count: 0 });
        break;
      }
      case "chunk":
        this.#chunk(event);
        break;
      case "fail":
        this.#fail(event);
        break;
      case "exit":
        this.#exit(event);
        break;
    }
  }

  /** The first items that failed for good, and how many did. */
  get failures(): { readonly failures: readonly ItemFailure[]; readonly failed: number } {
    return { failures: this.#failures, failed: this.#failedInAll };
  }

  /** What has been recorded so far. @param endMs when the map was over. */
  build(endMs: number): Chart {
    this.#builder.reach(endMs);
    return this.#builder.build();
  }

  #spawn({ lane, pid, ppid, t: ms }: PoolEvent): void {
    this.#alive.set(lane, { pid, ppid, fromMs: ms });
    const builder = this.#builder.lane(lane);
    if (builder?.pid === 0) [builder.pid, builder.ppid] = [pid, ppid];
    this.#workers(ms);
  }

  #chunk({ lane, pid, t: ms, first, count, ms: tookMs }: Extract<PoolEvent, { type: "chunk" }>): void {
    const failed = this.#takeFailed(lane);
    const label = t("export.items", { first: first + 1, last: first + count });
    this.#builder.add(lane, { fromMs: Math.max(0, ms - tookMs), toMs: ms, state: "runs", label, pid, count, failed });
  }

  #fail({ lane, pid, t: ms, index, attempts, item, error }: Extract<PoolEvent, { type: "fail" }>): void {
    const text = `${t("map.fail.item", { n: index + 1 })}: ${error.name}: ${error.message.slice(0, 400)}`;
    this.#builder.mark(lane, ms, text);
    if (this.#failures.length < FAILURES) this.#failures.push({ index, text: item ?? null, attempts, lane, error });
    this.#builder.count(t("export.fact.failed"), ms, ++this.#failedInAll);
    // Of a worker that died the end comes first, and then what it failed at.
    if (this.#alive.has(lane)) this.#failed.set(lane, (this.#failed.get(lane) ?? 0) + 1);
    else this.#builder.add(lane, { fromMs: ms, toMs: ms, state: "killed", label: text, pid, failed: 1 });
  }

  #exit({ lane, pid, ppid, t: ms, code, signal }: Extract<PoolEvent, { type: "exit" }>): void {
    const begun = this.#alive.get(lane) ?? { pid, ppid, fromMs: ms };
    this.#alive.delete(lane);
    this.#workers(ms);
    const failed = hasFailed({ code, signal });
    const ending = signal === null ? t("view.event.exit", { code: code ?? 0 }) : t("view.event.killed", { signal });
    const builder = this.#builder.lane(lane);
    builder?.addLife({ ...begun, toMs: ms, ending, failed });
    if (!failed) return;
    // Since its last answer it was at something that it never answered for.
    const fromMs = Math.max(begun.fromMs, builder?.endMs ?? 0);
    this.#builder.add(lane, { fromMs, toMs: ms, state: "killed", label: ending, pid, count: 0 });
  }

  #takeFailed(lane: string): number {
    const failed = this.#failed.get(lane) ?? 0;
    this.#failed.delete(lane);
    return failed;
  }

  #workers(ms: number): void {
    this.#builder.count(t("export.fact.workers"), ms, this.#alive.size);
  }
}
