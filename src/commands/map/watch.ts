/** Tells on stderr what happens in a map: failures, what workers print, events; keeps the progress line below them. */
import { printableJson, printableLines } from "../../os/bytes/printable.ts";
import { writeErr } from "../../os/stdout.ts";
import type { Mapping, PoolListener } from "../../pool/index.ts";
import type { LaneEvent } from "../../recording/event.ts";
import type { ItemFailure, ItemUnit, WorkerNews } from "../../recording/results/map-result.ts";
import { mapProgressText, Rate } from "../../show/jobs/map-progress.ts";
import { failureText, newsText } from "../../show/jobs/map-text.ts";
import { truncate } from "../../terminal/layout.ts";
import type { LiveFrame } from "../../terminal/live-frame.ts";

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
  #progress: LiveFrame | null = null;
  /** Takes the progress away; undefined once that was wanted. */
  #end: (() => void) | undefined = () => {};

  constructor(readonly options: ReporterOptions) {}

  /** Shows the progress of this pool from now on, but for the moments in which its line is in the way of results. */
  watch(pool: Mapping, isInTheWay: () => boolean): void {
    if (this.options.progress) void this.#show(pool, isInTheWay);
  }

  /** What draws is loaded only for somebody who looks, while the workers begin. */
  async #show(pool: Mapping, isInTheWay: () => boolean): Promise<void> {
    const { terminalOn } = await import("../../cli/terminal-on.ts");
    const { LiveFrame, PATIENCE_MS } = await import("../../terminal/live-frame.ts");
    if (this.#end === undefined) return;
    const terminal = terminalOn(2, { ascii: false, noColor: true });
    const rate = new Rate();
    const lines = () => {
      const { progress } = pool;
      const now = rate.after(progress.ok + progress.failed, progress.elapsedMs);
      return [truncate(mapProgressText(progress, now), terminal.columns - 1)];
    };
    const live = new LiveFrame({ terminal, lines, patienceMs: PATIENCE_MS, belowOthers: true, isInTheWay });
    this.#progress = live;
    this.#end = () => {
      live.stop();
      terminal.restore();
    };
    live.start();
  }

  /** Results are about to be written where the progress is shown: its line gives way, and comes back below them. */
  giveWay(results: Uint8Array): void {
    this.#progress?.giveWay(results);
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
    this.#end?.();
    this.#end = undefined;
  }

  #tell(text: string): void {
    const line = `${text}\n`;
    this.#progress?.giveWay(line);
    writeErr(line);
  }
}
