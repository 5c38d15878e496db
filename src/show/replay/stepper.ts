/** Stepping through a record at a terminal: keys in, frames out. It takes no more of the machine than it is looked at. */
import { Key } from "../../terminal/keyboard.ts";
import { LiveFrame } from "../../terminal/live-frame.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { replayFrame } from "./frame.ts";
import { afterKey, firstView, type ReplayView, stayMs } from "./navigate.ts";
import type { Replay } from "./replay.ts";

/** Playing goes on no more often than this, ms. */
const STEP_MS = 50;

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
  readonly #frame: LiveFrame;
  #view: ReplayView;
  #playing: NodeJS.Timeout | undefined;
  #stopListening = () => {};

  constructor(options: StepperOptions) {
    const { replay, terminal, onInterrupt } = options;
    this.#options = options;
    this.#view = firstView(replay, options.step);
    this.#frame = new LiveFrame({
      terminal,
      lines: (rows) => replayFrame(replay, this.#view, terminal.style, rows),
      keys: { onInterrupt, onLeave: this.left.resolve, onKey: (key) => this.#typed(key) },
      isStill: true,
    });
  }

  start(): void {
    this.#stopListening = this.#options.terminal.onReturn(() => this.#schedule());
    this.#frame.start();
  }

  stop(): void {
    clearTimeout(this.#playing);
    this.#stopListening();
    this.#frame.stop();
  }

  #typed(key: string): void {
    if (key === "q") this.left.resolve(Key.escape);
    const view = afterKey(this.#view, key, this.#options.replay);
    if (view === undefined) return;
    this.#view = view;
    this.#schedule();
    this.#frame.changed();
  }

  /** The next step of playing, when its time has come: several at once, if they follow faster than can be drawn. */
  #schedule(): void {
    clearTimeout(this.#playing);
    if (!this.#view.playing) return;
    const { replay, terminal } = this.#options;
    let view = this.#view;
    let dueMs = 0;
    for (;;) {
      const ms = stayMs(view, replay);
      if (ms === undefined || (dueMs > 0 && dueMs + ms > STEP_MS)) break;
      dueMs += ms;
      view = { ...view, step: view.step + 1 };
      if (dueMs >= STEP_MS) break;
    }
    const atEnd = view.step >= replay.steps.count - 1;
    this.#playing = setTimeout(
      () => {
        if (!terminal.isOurs) return; // it stands still with us, and goes on when we are back
        this.#view = { ...view, playing: !atEnd };
        this.#frame.changed();
        this.#schedule();
      },
      Math.max(dueMs, STEP_MS),
    );
  }
}
