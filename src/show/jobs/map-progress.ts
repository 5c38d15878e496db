/**
 * A map's progress, in one line that is drawn over and over at the bottom of a terminal. Only drawn where stderr is one; other
 * lines clear it away first, and it comes back with the next frame.
 */

import { t } from "../../i18n/index.ts";
import { writeErr } from "../../os/stdout.ts";
import { windowSize } from "../../os/tty/tty.ts";
import { durationText } from "../../os/units.ts";
import { CLEAR_LINE_END } from "../../terminal/ansi.ts";
import { truncate } from "../../terminal/layout.ts";

/** What a map has come to. */
export interface Progress {
  readonly ok: number;
  readonly failed: number;
  readonly elapsedMs: number;
  /** How much of the input is done, 0 to 1; null while nobody knows. */
  readonly fraction: number | null;
  /** Workers that have something to do, and workers. */
  readonly busy: number;
  readonly workers: number;
}

const FRAME_MS = 200;
const BAR = 20;

export class MapProgress {
  readonly #timer: Timer;
  #shown = false;
  readonly #rate = new Rate();

  /** @param read what it has come to; null if nothing may be shown this moment. */
  constructor(readonly read: () => Progress | null) {
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  clear(): void {
    if (this.#shown) writeErr(`\r${CLEAR_LINE_END}`);
    this.#shown = false;
  }

  close(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const progress = this.read();
    if (progress === null) return;
    const rate = this.#rate.after(progress.ok + progress.failed, progress.elapsedMs);
    const { columns } = windowSize(2);
    writeErr(`\r${truncate(mapProgressText(progress, rate), columns - 1)}${CLEAR_LINE_END}`);
    this.#shown = true;
  }
}

/** How many items are done in a second, of late. */
export class Rate {
  #done = 0;
  #elapsedMs = 0;
  #rate = 0;

  /** @param done so far, after so many ms: however long ago it was asked before, as on a busy machine. */
  after(done: number, elapsedMs: number): number {
    const ms = elapsedMs - this.#elapsedMs;
    if (ms <= 0) return this.#rate;
    const rate = ((done - this.#done) * 1e3) / ms;
    this.#rate = this.#rate === 0 ? rate : this.#rate * 0.8 + rate * 0.2;
    this.#done = done;
    this.#elapsedMs = elapsedMs;
    return this.#rate;
  }
}

/** `[#####-----]  50%  1200  340/s  2 failed  2/2 workers  3.1 s left`. */
export function mapProgressText(progress: Progress, rate: number): string {
  const { ok, failed, elapsedMs, fraction, busy, workers } = progress;
  const parts: string[] = [];
  if (fraction !== null) {
    const filled = Math.round(fraction * BAR);
    parts.push(`[${"#".repeat(filled)}${"-".repeat(BAR - filled)}]`, `${Math.floor(fraction * 100)}%`.padStart(4));
  }
  parts.push(`${ok + failed}`, t("map.summary.rate", { rate: Math.round(rate) }));
  if (failed > 0) parts.push(t("map.summary.failed", { n: failed }));
  parts.push(`${busy}/${workers}`, durationText(elapsedMs));
  if (fraction !== null && fraction > 0.01) {
    parts.push(t("map.progress.left", { time: durationText((elapsedMs * (1 - fraction)) / fraction) }));
  }
  return parts.join("  ");
}
