/**
 * Something drawn in place while it goes on, and the keys that have a meaning meanwhile.
 *
 * What goes on never waits for it: it is drawn at most ten times a second, and never for more than a tenth of the time,
 * however slow the terminal is.
 */
import { CLEAR_SCREEN } from "./ansi.ts";
import { Key } from "./keyboard.ts";
import { Frame, type Terminal } from "./terminal.ts";

/** Least ms between two frames. */
const FRAME_MS = 100;
/** A frame that took `n` ms is followed by at least this many times `n` without one. */
const REST = 9;

export interface LiveKeys {
  /** A Ctrl-C was typed. In raw mode it is a key and no signal, so that nothing but this view hears of it. */
  readonly onInterrupt: () => void;
  /** Esc was typed (back), or Ctrl-D, or the terminal's input has ended (nothing more to come). */
  readonly onLeave: (key: typeof Key.escape | typeof Key.end) => void;
}

export class LiveFrame {
  readonly #frame: Frame;
  readonly #stops: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `lines`: what is to be seen now, in so many rows. */
  constructor(
    readonly terminal: Terminal,
    readonly keys: LiveKeys,
    readonly lines: (rows: number) => readonly string[],
  ) {
    this.#frame = new Frame(terminal);
  }

  /** Takes the terminal and draws, until {@link stop}. */
  start(): void {
    const { terminal } = this;
    terminal.hideCursor();
    this.#stops.push(
      terminal.keyboard.read((key) => this.#typed(key)),
      terminal.onResize(() => this.#afresh()),
      terminal.onReturn(() => this.#below()),
    );
    this.#tick();
  }

  /** Takes the frame away and draws no more. The terminal stays taken: its owner restores it. */
  stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops.splice(0)) stop();
    this.#frame.clear();
  }

  /** Writes lines that stay, above what is drawn. */
  above(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#frame.clear();
    this.terminal.write(lines.map((line) => `${line}\r\n`).join(""));
    this.#draw();
  }

  #tick(): void {
    const before = performance.now();
    this.#draw();
    const tookMs = performance.now() - before;
    this.#timer = setTimeout(() => this.#tick(), Math.max(FRAME_MS - tookMs, tookMs * REST));
  }

  #draw(): void {
    this.#frame.draw(this.lines(this.terminal.rows - 1));
  }

  #typed(key: string): void {
    if (key === Key.interrupt) this.keys.onInterrupt();
    else if (key === Key.suspend)
      void this.terminal.suspend(); // the work stands still with us
    else if (key === Key.escape || key === Key.end) this.keys.onLeave(key);
  }

  /** Others have used the terminal: go on below what they wrote. */
  #below(): void {
    this.#frame.forget();
    this.#draw();
  }

  /** The terminal has another size, and has moved what was on it: begin on a clear screen. */
  #afresh(): void {
    this.terminal.write(CLEAR_SCREEN);
    this.#frame.forget();
    this.#draw();
  }
}
