/**
 * What a job has to wait for before it is started, besides a free slot: `--delay` since the last start, `--load`,
 * `--memfree`. Each is looked at when a job could start, and again after a while if it could not.
 */
import { availableMemory } from "../os/available-memory.ts";
import { nowMs } from "../recording/clock.ts";
import type { Shortfall } from "../recording/results/run-result.ts";

export interface GateOptions {
  /** Ms between starts. */
  readonly delayMs: number;
  /** Load average of the last minute at which no job is started. */
  readonly load: number | null;
  /** Bytes that have to be available. */
  readonly memfree: number | null;
}

/** Load and memory change slowly; they are looked at this often, ms. */
const LOOK_MS = 250;

export class Gates {
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #shortfall: Shortfall | null = null;

  constructor(private readonly options: GateOptions) {}

  /** How long to wait before asking again, ms; 0: a job may start. */
  waitMs(): number {
    const { delayMs, load, memfree } = this.options;
    if (delayMs === 0 && load === null && memfree === null) return 0;
    const now = nowMs();
    const delayed = delayMs === 0 ? 0 : this.#lastStartMs + delayMs - now;
    if (delayed > 0) return delayed;
    if (load === null && memfree === null) return 0;
    if (now - this.#lookedMs >= LOOK_MS) {
      this.#lookedMs = now;
      this.#shortfall = shortfallOf(load, memfree);
    }
    return this.#shortfall === null ? 0 : LOOK_MS;
  }

  /** What was too little (or too much) when it was last looked. */
  get shortfall(): Shortfall | null {
    return this.#shortfall;
  }

  /** A job was started. */
  started(): void {
    this.#lastStartMs = nowMs();
  }

  /** So little memory is left (half of `--memfree`) that a running job has to go. */
  get memoryIsShort(): boolean {
    return this.options.memfree !== null && availableMemory() < this.options.memfree / 2;
  }
}

function shortfallOf(load: number | null, memfree: number | null): Shortfall | null {
  const is = load === null ? 0 : (process.getBuiltinModule("node:os").loadavg()[0] ?? 0);
  if (load !== null && is >= load) return { of: "load", is, limit: load };
  const free = memfree === null ? 0 : availableMemory();
  return memfree !== null && free < memfree ? { of: "memfree", is: free, limit: memfree } : null;
}
