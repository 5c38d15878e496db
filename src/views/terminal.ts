/**
 * A terminal that a person sits at: its size, its cursor, its mode, what is written to it and typed into it.
 *
 * Always true: however this process ends, short of SIGKILL, the cursor is visible and the terminal in the mode it was
 * found in. Whoever hides the cursor or asks for raw mode need not think of the ways a program can end.
 */
import type { Readable } from "node:stream";
import { CLEAR_BELOW, CLEAR_LINE_END, HIDE_CURSOR, SHOW_CURSOR, upToStart } from "./ansi.ts";
import { Keyboard } from "./keyboard.ts";
import { writeAll } from "./output.ts";
import { type Style, toAscii } from "./style.ts";
import { setRawMode, windowSize } from "./tty.ts";

export interface TerminalOptions {
  /** The descriptor to draw on: a terminal. */
  readonly out: number;
  /** Where keys come from: the same terminal. Asked for when the first is awaited, because opening it takes time. */
  readonly input: () => Readable;
  readonly ascii: boolean;
  readonly color: boolean;
}

export class Terminal {
  /** What is typed into it. */
  readonly keyboard: Keyboard;
  readonly #options: TerminalOptions;
  readonly #restore = () => this.restore();
  #size: { columns: number; rows: number };
  #guarded = false;
  #closed = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#size = windowSize(options.out);
    this.keyboard = new Keyboard(options.input);
  }

  get columns(): number {
    return this.#size.columns;
  }

  get rows(): number {
    return this.#size.rows;
  }

  /** The style for a text on this terminal, as wide as it is now. */
  get style(): Style {
    return { columns: this.columns, ascii: this.#options.ascii, color: this.#options.color };
  }

  /** Writes all of it before it returns. Quiet if the terminal is gone: the SIGHUP that follows ends the program. */
  write(text: string): void {
    if (this.#closed || text === "") return;
    try {
      writeAll(this.#options.out, this.#options.ascii ? toAscii(text) : text);
    } catch {
      this.#closed = true;
    }
  }

  /**
   * From now on keys come one by one, not echoed, and Ctrl-C is a key like any other; in the usual mode it would signal
   * every process of the foreground group, the demo's own among them. {@link restore} undoes it, and hidden cursors.
   */
  take(): void {
    if (!this.#guarded) process.on("exit", this.#restore);
    this.#guarded = true;
    setRawMode(this.#options.out, true);
  }

  hideCursor(): void {
    this.take();
    this.write(HIDE_CURSOR);
  }

  /** Calls back after the size has changed, until the returned function is called. */
  onResize(listener: () => void): () => void {
    const onSignal = () => {
      this.#size = windowSize(this.#options.out);
      listener();
    };
    process.on("SIGWINCH", onSignal);
    return () => process.off("SIGWINCH", onSignal);
  }

  /**
   * Stops this process and what it started, as Ctrl-Z does, with the terminal as it was found; resolves when it goes
   * on. Where nobody could wake it again the kernel does not stop it, and it goes on at once.
   */
  async suspend(): Promise<void> {
    this.restore();
    const continued = Promise.withResolvers<void>();
    process.once("SIGCONT", continued.resolve);
    process.kill(0, "SIGTSTP");
    // A stopped process's timers stand still: this one only counts if the signal did not stop it.
    const timer = setTimeout(continued.resolve, 200);
    await continued.promise;
    clearTimeout(timer);
    process.off("SIGCONT", continued.resolve);
    this.#size = windowSize(this.#options.out);
    this.take();
    this.keyboard.resume();
  }

  /** Puts the terminal back as it was found. */
  restore(): void {
    if (!this.#guarded) return;
    this.#guarded = false;
    process.off("exit", this.#restore);
    this.keyboard.pause();
    setRawMode(this.#options.out, false);
    this.write(SHOW_CURSOR);
  }
}

/**
 * Lines at the bottom of what was written, drawn over and over in place. The lines may change in number but must fit on
 * the screen.
 */
export class Frame {
  #height = 0;

  constructor(readonly terminal: Terminal) {}

  /** Draws the lines where the last ones were. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, this.terminal.rows - 1));
    this.terminal.write(this.#toTop() + shown.map((line) => CLEAR_LINE_END + line).join("\r\n") + CLEAR_BELOW + "\r\n");
    this.#height = shown.length;
  }

  /** Takes the lines away. */
  clear(): void {
    this.terminal.write(this.#toTop() + CLEAR_BELOW);
    this.#height = 0;
  }

  /** What is on the screen is no longer what was drawn: the next frame begins where the cursor is. */
  forget(): void {
    this.#height = 0;
  }

  #toTop(): string {
    return upToStart(this.#height);
  }
}
