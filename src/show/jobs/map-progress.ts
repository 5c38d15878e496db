/** A map's progress while it goes on, in one line. */

import { t } from "../../i18n/index.ts";
import { durationText } from "../../os/units.ts";

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

const BAR = 20;
/** What is older than this counts for no more than four fifths in a rate, ms. */
const LATELY_MS = 200;

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
    const old = 0.8 ** (ms / LATELY_MS);
    this.#rate = this.#rate === 0 ? rate : this.#rate * old + rate * (1 - old);
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
