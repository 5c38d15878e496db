/**
 * When a view of something that goes on is drawn again: the one answer for every view.
 *
 * Always true: all drawing together takes no more than a tenth of the time, however slow the terminal is, because writing to
 * it waits for it, and what is shown waits meanwhile. By itself a view is drawn at most ten times a second.
 */

/** Least ms from the beginning of a frame to that of the next, if nobody asked for it. */
const FRAME_MS = 100;
/** A frame that took `n` ms is followed by this many times `n` without one. */
const REST = 9;

/** The time, and what is to be done later; a test has one of its own. */
export interface PaceClock {
  nowMs(): number;
  /** Calls back after so many ms. @returns what takes it back. */
  after(ms: number, call: () => void): () => void;
}

const realClock: PaceClock = {
  nowMs: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export class Pace {
  readonly #draw: () => void;
  readonly #clock: PaceClock;
  #goesOn = false;
  /** Nothing is drawn before. */
  #restedMs = Number.NEGATIVE_INFINITY;
  /** The frame that is due, and what takes it back. */
  #due: { readonly atMs: number; readonly takeBack: () => void } | undefined;

  /** @param draw makes a frame and writes it; returns when the terminal has taken it. */
  constructor(draw: () => void, clock: PaceClock = realClock) {
    this.#draw = draw;
    this.#clock = clock;
  }

  /** Draws again and again from now on, the first time after so many ms; with 0 before it returns. */
  start(patienceMs = 0): void {
    this.#goesOn = true;
    if (patienceMs > 0) this.#restedMs = this.#clock.nowMs() + patienceMs;
    this.soon();
  }

  /** There is something to answer (a key, another size): draws at once, or as soon as the last frame's rest is over. */
  soon(): void {
    if (this.#clock.nowMs() >= this.#restedMs) this.#now();
    else if (this.#due === undefined || this.#due.atMs > this.#restedMs) this.#drawAt(this.#restedMs);
  }

  /** Draws no more. */
  stop(): void {
    this.#goesOn = false;
    this.#forgetDue();
  }

  #now(): void {
    this.#forgetDue();
    const beganMs = this.#clock.nowMs();
    this.#draw();
    const endedMs = this.#clock.nowMs();
    this.#restedMs = endedMs + (endedMs - beganMs) * REST;
    if (this.#goesOn) this.#drawAt(Math.max(beganMs + FRAME_MS, this.#restedMs));
  }

  #drawAt(atMs: number): void {
    this.#forgetDue();
    this.#due = { atMs, takeBack: this.#clock.after(atMs - this.#clock.nowMs(), () => this.#now()) };
  }

  #forgetDue(): void {
    this.#due?.takeBack();
    this.#due = undefined;
  }
}
