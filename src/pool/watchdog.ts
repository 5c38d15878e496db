/**
 * Looks after workers that cannot look after themselves: an item whose time is up, or that takes more memory than allowed,
 * may well be one that never lets its worker do anything else. So the pool looks, and kills that worker alone.
 */
import { residentKb } from "../process/kernel.ts";
import { nowMs } from "../timeline/clock.ts";
import type { ControlPage } from "./control.ts";
import type { Lane } from "./lane.ts";

/** What an item is given beyond its time, to end by itself after its signal was aborted, ms. */
export const TIMEOUT_GRACE_MS = 50;
const MEMORY_TICK_MS = 100;

export interface Limits {
  readonly timeoutMs: number | null;
  readonly maxRssBytes: number | null;
}

export class Watchdog {
  readonly #timer: Timer | null;
  /** What each lane was at when its memory was last looked at. */
  readonly #before = new Map<Lane, number>();

  constructor(
    readonly limits: Limits,
    readonly control: ControlPage,
    readonly lanes: () => readonly Lane[],
  ) {
    const { timeoutMs, maxRssBytes } = limits;
    const periods = [
      ...(timeoutMs === null ? [] : [Math.min(100, Math.max(5, timeoutMs / 4))]),
      ...(maxRssBytes === null ? [] : [MEMORY_TICK_MS]),
    ];
    this.#timer = periods.length === 0 ? null : setInterval(() => this.#look(), Math.min(...periods));
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
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
      lane.killed = { kind, slot, item };
      lane.kill("SIGKILL");
    }
  }

  #isLate(beganMs: number): boolean {
    const { timeoutMs } = this.limits;
    return timeoutMs !== null && beganMs > 0 && nowMs() - beganMs > timeoutMs + TIMEOUT_GRACE_MS;
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
