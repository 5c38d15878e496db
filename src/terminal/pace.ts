/**
 * When a view of something that goes on is drawn again: the one answer for every view.
 *
 * Always true: frames together take no more than a tenth of the time, however slow the terminal is; a frame is not over before
 * the terminal has taken all of it. (One that took for ever, because the terminal stood still, is followed by a rest that a
 * person can wait for.) By itself a view is drawn at most ten times a second.
 */

/** Least ms from the beginning of a frame to that of the next, if nobody asked for it. */
const FRAME_MS = 100;
/** A frame that took `n` ms is followed by this many times `n` without one. */
const REST = 9;
/** But by no more ms than this. */
const MOST_REST_MS = 5_000;
/** Whether the terminal has taken all of a frame is looked at first after the least, then ever more rarely, ms. */
const [LEAST_LOOK_MS, MOST_LOOK_MS] = [10, 500];

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

export class FramePace {
  readonly #draw: () => void;
  readonly #isOut: () => boolean;
  readonly #clock: PaceClock;
  #goesOn = false;
  /** Something is to be answered as soon as the frame is out. */
  #asked = false;
  /** Nothing is drawn before; for ever, while a frame is not out, and after the end. */
  #restedMs = Number.NEGATIVE_INFINITY;
  /** The frame that is due, and what takes it back. */
  #due: { readonly atMs: number; readonly takeBack: () => void } | undefined;

  /**
   * @param draw makes a frame and writes what the terminal takes of it.
   * @param isOut writes more of it; whether that was all.
   */
  constructor(draw: () => void, isOut: () => boolean, clock: PaceClock = realClock) {
    this.#draw = draw;
    this.#isOut = isOut;
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
    else if (this.#restedMs === Number.POSITIVE_INFINITY) this.#asked = true;
    else if (this.#due === undefined || this.#due.atMs > this.#restedMs) this.#drawAt(this.#restedMs);
  }

  /** Draws no more. */
  stop(): void {
    this.#restedMs = Number.POSITIVE_INFINITY;
    this.#forgetDue();
  }

  #now(): void {
    this.#asked = false;
    const beganMs = this.#clock.nowMs();
    this.#draw();
    this.#goOnWhenOut(beganMs);
  }

  #goOnWhenOut(beganMs: number): void {
    const isOut = this.#isOut();
    const nowMs = this.#clock.nowMs();
    const tookMs = nowMs - beganMs;
    if (!isOut) {
      this.#restedMs = Number.POSITIVE_INFINITY;
      this.#at(nowMs + Math.min(Math.max(LEAST_LOOK_MS, tookMs / 10), MOST_LOOK_MS), () => this.#goOnWhenOut(beganMs));
      return;
    }
    this.#restedMs = nowMs + Math.min(tookMs * REST, MOST_REST_MS);
    if (this.#asked) this.#drawAt(this.#restedMs);
    else if (this.#goesOn) this.#drawAt(Math.max(beganMs + FRAME_MS, this.#restedMs));
    else this.#forgetDue();
  }

  #drawAt(atMs: number): void {
    this.#at(atMs, () => this.#now());
  }

  #at(atMs: number, call: () => void): void {
    this.#forgetDue();
    this.#due = { atMs, takeBack: this.#clock.after(atMs - this.#clock.nowMs(), call) };
  }

  #forgetDue(): void {
    this.#due?.takeBack();
    this.#due = undefined;
  }
}
