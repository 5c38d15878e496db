/** Tells on stderr what happens in a map: failures, what workers print, events; keeps the progress line below them. */
import { printableJson, printableLines } from "../../os/bytes/printable.ts";
import { writeErr } from "../../os/stdout.ts";
import type { Mapping, PoolListener } from "../../pool/index.ts";
import type { LaneEvent } from "../../recording/event.ts";
import type { ItemFailure, ItemUnit, WorkerNews } from "../../recording/results/map-result.ts";
import { MapProgress } from "../../show/jobs/map-progress.ts";
import { failureText, newsText } from "../../show/jobs/map-text.ts";

/** Failures told with their stack; of the others a line each. */
const STACKS = 10;
/** Workers that died, or could not begin, are told of so often. */
const MOST_NEWS = 20;

export interface ReporterOptions {
  readonly unit: ItemUnit;
  /** The module, as the person named it. */
  readonly file: string;
  /** Failures are told. */
  readonly failures: boolean;
  /** Everything is told, as JSON lines. */
  readonly events: boolean;
  readonly progress: boolean;
}

export class MapReporter implements PoolListener {
  #failures = 0;
  #news = 0;
  #progress: MapProgress | null = null;

  constructor(readonly options: ReporterOptions) {}

  /** Shows the progress of this pool from now on, but for the moments in which its line is in the way of results. */
  watch(pool: Mapping, inTheWay: () => boolean): void {
    if (this.options.progress) this.#progress = new MapProgress(() => (inTheWay() ? null : pool.progress));
  }

  /** Results are about to be written where the progress is shown: its line gives way, and comes back below them. */
  giveWay(): void {
    this.#progress?.clear();
  }

  failed(failure: ItemFailure): void {
    if (!this.options.failures || this.options.events) return;
    this.#failures++;
    this.#tell(`lanes: ${failureText(failure, this.options.unit, this.#failures <= STACKS)}`);
  }

  /** What a worker's program prints is told as lanes' own line, above a progress that it must not draw over. */
  said(lane: string, text: string): void {
    if (!this.options.events) this.#tell(`${lane} | ${printableLines([text.replace(/\r$/, "")])}`);
  }

  worker(news: WorkerNews): void {
    if (!this.options.events && ++this.#news <= MOST_NEWS) {
      this.#tell(`lanes: ${newsText(news, this.options.unit, this.options.file)}`);
    }
  }

  event(event: LaneEvent<"map">): void {
    if (this.options.events) writeErr(`${printableJson(event)}\n`);
  }

  close(): void {
    this.#progress?.close();
  }

  #tell(text: string): void {
    this.#progress?.clear();
    writeErr(`${text}\n`);
  }
}
