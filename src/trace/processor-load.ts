/**
 * How many cores were busy at each moment, from the processor time of all processes: in short slices, because in them what
 * lies between none and one busy core, or one and two, is a mixture of just these.
 */
import type { Traced, TraceWatcher } from "./traced.ts";

/** A slice, ms. */
const SLICE_MS = 10;
/** A process is looked at at least this often, ms: nothing more comes for slices that are older. */
const SETTLED_MS = 2_000;
/** The most busy moment is this long at least, in slices. */
const PEAK_SLICES = 10;

export class ProcessorLoad implements TraceWatcher {
  /** Processor time in each slice that is not settled yet, ms; the first one's number is `#first`. */
  #slices: number[] = [];
  #first = 0;
  #peak: number[] = [];
  #nobodyMs = 0;
  #oneMs = 0;
  cpuMs = 0;
  /** The most cores that were busy, over a tenth of a second. */
  mostCores = 0;

  onProcessor(_: Traced, fromMs: number, toMs: number, cpuMs: number): void {
    this.cpuMs += cpuMs;
    const from = Math.max(fromMs, this.#first * SLICE_MS, 0);
    const to = Math.max(toMs, from);
    const span = to - from;
    for (
      let slice = Math.floor(from / SLICE_MS);
      slice * SLICE_MS < to || slice === Math.floor(from / SLICE_MS);
      slice++
    ) {
      const overlap = Math.min(to, (slice + 1) * SLICE_MS) - Math.max(from, slice * SLICE_MS);
      this.#add(slice, span > 0 ? (cpuMs * overlap) / span : cpuMs);
    }
    this.#settle(toMs - SETTLED_MS);
  }

  /** It is over. @returns the parts of the time in which nobody ran, and exactly one, 0 to 1. */
  finish(wallMs: number): { readonly idleShare: number; readonly serialShare: number } {
    while ((this.#first + this.#slices.length) * SLICE_MS < wallMs) this.#slices.push(0);
    this.#settle(Number.POSITIVE_INFINITY, wallMs);
    if (this.#peak.length < PEAK_SLICES && wallMs > 0) this.mostCores = Math.max(this.mostCores, this.cpuMs / wallMs);
    const part = (ms: number) => Math.min(1, Math.max(0, ms / Math.max(wallMs, 1e-3)));
    return { idleShare: part(this.#nobodyMs), serialShare: part(this.#oneMs) };
  }

  #add(slice: number, cpuMs: number): void {
    const at = slice - this.#first;
    while (this.#slices.length <= at) this.#slices.push(0);
    this.#slices[at] = (this.#slices[at] ?? 0) + cpuMs;
  }

  #settle(untilMs: number, wallMs = Number.POSITIVE_INFINITY): void {
    let done = 0;
    while (done < this.#slices.length && (this.#first + done + 1) * SLICE_MS <= untilMs) {
      const lengthMs = Math.min(SLICE_MS, wallMs - (this.#first + done) * SLICE_MS);
      if (lengthMs > 0) this.#count(this.#slices[done] ?? 0, lengthMs);
      done++;
    }
    this.#slices.splice(0, done);
    this.#first += done;
  }

  #count(cpuMs: number, lengthMs: number): void {
    const busy = cpuMs / lengthMs;
    this.#nobodyMs += Math.max(0, 1 - busy) * lengthMs;
    this.#oneMs += (busy <= 1 ? busy : Math.max(0, 2 - busy)) * lengthMs;
    this.#peak.push(busy);
    if (this.#peak.length > PEAK_SLICES) this.#peak.shift();
    if (this.#peak.length === PEAK_SLICES)
      this.mostCores = Math.max(this.mostCores, this.#peak.reduce((sum, each) => sum + each, 0) / PEAK_SLICES);
  }
}
