/** Stepping through a record at a terminal: keys in, frames out. It takes no more of the machine than it is looked at. */
import { CLEAR_SCREEN } from "../../terminal/ansi.ts";
import { Key } from "../../terminal/keyboard.ts";
import { Frame, type Terminal } from "../../terminal/terminal.ts";
import { replayFrame } from "./frame.ts";
import { afterKey, firstView, type ReplayView, stayMs } from "./navigate.ts";
import type { Replay } from "./replay.ts";

/** Playing draws no more often than this, ms. */
const FRAME_MS = 50;

export interface StepperOptions {
  readonly replay: Replay;
  readonly terminal: Terminal;
  /** The step to begin at. */
  readonly step?: number | undefined;
  /** Aborted when the program is to end. */
  readonly signal: AbortSignal;
  /** A Ctrl-C was typed: abort the signal. */
  readonly onInterrupt: () => void;
}

/**
 * Shows a record until the person leaves it; then nothing of it is left on the screen. The terminal stays taken.
 * @returns Esc (or q): back; or Ctrl-D: nothing more will be typed.
 * @throws the signal's reason.
 */
export async function stepThrough(options: StepperOptions): Promise<typeof Key.escape | typeof Key.end> {
  options.signal.throwIfAborted();
  const stepper = new Stepper(options);
  const abort = () => stepper.left.reject(options.signal.reason);
  options.signal.addEventListener("abort", abort, { once: true });
  try {
    stepper.start();
    return await stepper.left.promise;
  } finally {
    options.signal.removeEventListener("abort", abort);
    stepper.stop();
  }
}

class Stepper {
  readonly left = Promise.withResolvers<typeof Key.escape | typeof Key.end>();
  readonly #options: StepperOptions;
  readonly #frame: Frame;
  readonly #stops: (() => void)[] = [];
  #view: ReplayView;
  #drawing: NodeJS.Timeout | undefined;
  #playing: NodeJS.Timeout | undefined;

  constructor(options: StepperOptions) {
    this.#options = options;
    this.#frame = new Frame(options.terminal);
    this.#view = firstView(options.replay, options.step);
  }

  start(): void {
    const { terminal } = this.#options;
    terminal.hideCursor();
    this.#stops.push(
      terminal.keyboard.read((key) => this.#typed(key)),
      terminal.onResize(() => this.#afresh()),
      terminal.onReturn(() => this.#below()),
    );
    this.#draw();
  }

  stop(): void {
    clearTimeout(this.#drawing);
    clearTimeout(this.#playing);
    for (const stop of this.#stops.splice(0)) stop();
    this.#frame.clear();
  }

  #typed(key: string): void {
    if (key === Key.interrupt) this.#options.onInterrupt();
    else if (key === Key.suspend) this.#suspend();
    else if (key === Key.end) this.left.resolve(key);
    else if (key === Key.escape || key === "q") this.left.resolve(Key.escape);
    else {
      const view = afterKey(this.#view, key, this.#options.replay);
      if (view === undefined) return;
      this.#view = view;
      this.#schedule();
      this.#drawSoon();
    }
  }

  /** However fast keys come (a key held down), what is drawn is where one is. */
  #drawSoon(): void {
    this.#drawing ??= setTimeout(() => this.#draw(), 0);
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    const { replay, terminal } = this.#options;
    this.#frame.draw(replayFrame(replay, this.#view, terminal.style, terminal.rows - 1));
  }

  /** The next step of playing, when its time has come: several at once, if they follow faster than can be drawn. */
  #schedule(): void {
    clearTimeout(this.#playing);
    if (!this.#view.playing) return;
    const { replay } = this.#options;
    let view = this.#view;
    let dueMs = 0;
    for (;;) {
      const ms = stayMs(view, replay);
      if (ms === undefined || (dueMs > 0 && dueMs + ms > FRAME_MS)) break;
      dueMs += ms;
      view = { ...view, step: view.step + 1 };
      if (dueMs >= FRAME_MS) break;
    }
    const atEnd = view.step >= replay.steps.count - 1;
    this.#playing = setTimeout(
      () => {
        this.#view = { ...view, playing: !atEnd };
        this.#draw();
        this.#schedule();
      },
      Math.max(dueMs, FRAME_MS),
    );
  }

  /** Ctrl-Z: the replay stands still with us. */
  #suspend(): void {
    clearTimeout(this.#playing);
    void this.#options.terminal.suspend();
  }

  /** Others have used the terminal: go on below what they wrote. */
  #below(): void {
    this.#frame.forget();
    this.#draw();
    this.#schedule();
  }

  /** The terminal has another size, and has moved what was on it: begin on a clear screen. */
  #afresh(): void {
    this.#options.terminal.write(CLEAR_SCREEN);
    this.#frame.forget();
    this.#draw();
  }
}
