/**
 * Looks after workers that cannot look after themselves: an item whose time is up, or that takes more memory than allowed,
 * may well be one that never lets its worker do anything else. So the pool looks, and kills that worker alone. A module
 * that does not get ready is told of, and has its time, too.
 */
import { residentKb } from "../os/process/process-table.ts";
import { nowMs } from "../recording/clock.ts";
import type { ControlPage } from "./control.ts";
import type { Lane } from "./lane.ts";

/** What an item is given beyond its time, to end by itself after its signal was aborted, ms. */
export const TIMEOUT_GRACE_MS = 50;
const MEMORY_TICK_MS = 100;
/** After this long, ms, it is said that a worker still loads. */
const SLOW_START_MS = 3_000;
/** A time for items holds for loading and --init, too, but is never less than this for them, ms. */
const LEAST_START_MS = 5_000;
const START_TICK_MS = 250;

/** How long a worker may take to get ready, ms; null: as long as it wants. */
export const startLimitMs = ({ timeoutMs }: Limits): number | null =>
  timeoutMs === null ? null : Math.max(timeoutMs, LEAST_START_MS);

export interface Limits {
  readonly timeoutMs: number | null;
  readonly maxRssBytes: number | null;
}

/** A look that is later than this, ms, was kept from coming: this process stood still, or had no core. */
const STOOD_STILL_MS = 500;

/**
 * Looks once a period; but passes over one look after this process stood still: its timers are due before it hears of the
 * SIGCONT that woke it, and with that of the time that is to count for nobody.
 */
function regularly(periodMs: number, look: () => void): Timer {
  let beforeMs = nowMs();
  let passedOver = false;
  return setInterval(() => {
    const gapMs = nowMs() - beforeMs;
    beforeMs += gapMs;
    passedOver = !passedOver && gapMs > periodMs + STOOD_STILL_MS;
    if (!passedOver) look();
  }, periodMs);
}

export class Watchdog {
  readonly #timer: Timer | null;
  readonly #startTimer: Timer;
  /** Workers of which it was said that they still load. */
  readonly #slow = new WeakSet<Lane>();
  /** Times in which everything stood still (Ctrl-Z). */
  readonly #pauses: { readonly endMs: number; readonly ms: number }[] = [];
  /** What each lane was at when its memory was last looked at. */
  readonly #before = new Map<Lane, number>();

  constructor(
    readonly limits: Limits,
    readonly control: ControlPage,
    readonly lanes: () => readonly Lane[],
    readonly starts: {
      /** A worker is slow to get ready; told once. */
      slow(lane: Lane, ms: number): void;
      /** Its time to get ready is up. */
      late(lane: Lane, limitMs: number): void;
    },
  ) {
    const { timeoutMs, maxRssBytes } = limits;
    const periods = [
      ...(timeoutMs === null ? [] : [Math.min(100, Math.max(5, timeoutMs / 4))]),
      ...(maxRssBytes === null ? [] : [MEMORY_TICK_MS]),
    ];
    this.#timer = periods.length === 0 ? null : regularly(Math.min(...periods), () => this.#look());
    this.#startTimer = regularly(START_TICK_MS, () => this.#lookAtStarts());
  }

  /** Everything stood still for so long, up to now: that counts as nobody's time. */
  paused(ms: number): void {
    if (ms > 0) this.#pauses.push({ endMs: nowMs(), ms });
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    clearInterval(this.#startTimer);
  }

  #lookAtStarts(): void {
    const limitMs = startLimitMs(this.limits);
    for (const lane of this.lanes()) {
      if (lane.ready || lane.ended || lane.broken !== null) continue;
      const ms = this.#lasting(lane.startedMs);
      if (ms > SLOW_START_MS && !this.#slow.has(lane)) {
        this.#slow.add(lane);
        this.starts.slow(lane, ms);
      }
      if (limitMs !== null && ms > limitMs) this.starts.late(lane, limitMs);
    }
  }

  /** How long something that began then has lasted, ms. */
  #lasting(beganMs: number): number {
    return this.#pauses.reduce((ms, pause) => (pause.endMs > beganMs ? ms - pause.ms : ms), nowMs() - beganMs);
  }

  #look(): void {
    for (const lane of this.lanes()) {
      const running = this.control.running(lane.index);
      if (lane.killed !== null || running === null) continue;
      const { slot, item, beganMs } = running;
      const kind = this.#isLate(beganMs)
        ? "timeout"
        : this.#isLarge(lane, (lane.chunks[slot]?.first ?? 0) + item)
          ? "memory"
          : null;
      if (kind === null) continue;
      lane.killAt({ kind, slot, item });
    }
  }

  #isLate(beganMs: number): boolean {
    const { timeoutMs } = this.limits;
    return timeoutMs !== null && beganMs > 0 && this.#lasting(beganMs) > timeoutMs + TIMEOUT_GRACE_MS;
  }

  /** Too large, and at the same item as the last time: a worker that is between two is replaced by itself. */
  #isLarge(lane: Lane, at: number): boolean {
    const { maxRssBytes } = this.limits;
    if (maxRssBytes === null) return false;
    const same = this.#before.get(lane) === at;
    this.#before.set(lane, at);
    return same && residentKb(lane.pid) * 1024 > maxRssBytes;
  }
}
