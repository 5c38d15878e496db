/**
 * A terminal that a person sits at: its size, its cursor, its mode, what is written to it and typed into it.
 *
 * Always true: however this process ends, short of SIGKILL, the cursor is visible and the terminal in the mode it was
 * found in; so it is while this process is stopped, unless by SIGSTOP. While others have the terminal (a shell, after
 * Ctrl-Z and `bg`), nothing is drawn on it, be it taken (keys come from it) or only drawn on. Whoever draws need only say how to
 * draw anew. The size is always the present one.
 */
import type { Readable } from "node:stream";
import { isInBackground } from "../os/tty/foreground.ts";
import {
  inForeground,
  leaveTerminalAtExit,
  rawMode,
  setTerminalMode,
  type TerminalMode,
  terminalMode,
} from "../os/tty/terminal-mode.ts";
import { windowSize } from "../os/tty/tty.ts";
import { HIDE_CURSOR, SHOW_CURSOR } from "./ansi.ts";
import { Keyboard } from "./keyboard.ts";
import { TerminalOutput } from "./output.ts";
import type { Style } from "./style.ts";

/** The mode is that of the terminal keys come from: stdin. */
const KEYS = 0;
/** Ms between two looks whether the terminal is ours again, where no signal tells. */
const LOOK_MS = 100;
/** Where nobody could wake us again the kernel does not stop us: that is known after so many ms. */
const NOT_STOPPED_MS = 200;

export interface TerminalOptions {
  /** The descriptor to draw on: a terminal. */
  readonly out: number;
  /** Where keys come from: stdin, a terminal too. Asked for when the first is awaited, because opening it takes time. */
  readonly input: () => Readable;
  readonly ascii: boolean;
  readonly color: boolean;
}

export class Terminal {
  /** What is typed into it. */
  readonly keyboard: Keyboard;
  readonly #options: TerminalOptions;
  readonly #output: TerminalOutput;
  readonly #signals = [
    ["SIGTSTP", () => void this.#stop(process.pid)],
    ["SIGCONT", () => this.#comeBack()],
  ] as const;
  /** The same where it is not taken: nothing is done about a stop, but the end of one is heard of. */
  readonly #continued = () => this.#comeBack();
  readonly #returns = new Set<() => void>();
  /** The mode it was found in when it was first taken. */
  #found: TerminalMode | undefined;
  #guarded = false;
  #leaving = false;
  #taken = false;
  #cursorHidden = false;
  /** Others have it, until this resolves. */
  #away: Promise<void> | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#output = new TerminalOutput(options.out, options.ascii);
    this.keyboard = new Keyboard(options.input);
  }

  get columns(): number {
    return windowSize(this.#options.out).columns;
  }

  get rows(): number {
    return windowSize(this.#options.out).rows;
  }

  /** The style for a text on this terminal, as wide as it is now. */
  get style(): Style {
    return { columns: this.columns, ascii: this.#options.ascii, color: this.#options.color };
  }

  /**
   * Writes all of it before it returns; nothing while others have the terminal. Quiet if the terminal is gone: the SIGHUP
   * that follows ends the program.
   */
  write(text: string): void {
    if (this.#away === undefined && text !== "") this.#output.write(text);
  }

  /**
   * Writes it without waiting for the terminal, after what was offered before; nothing while others have the terminal.
   * {@link isOut} says when all of it is out.
   */
  offer(text: string): void {
    if (this.#away === undefined && text !== "") this.#output.offer(text);
  }

  /** Whether all that was offered is out; what is not, is written as this is asked for, or before a {@link write}. */
  get isOut(): boolean {
    return this.#away !== undefined || this.#output.isOut;
  }

  /** What was offered and is not out yet is not written any more: somebody else is about to write. */
  withdraw(): void {
    this.#output.withdraw();
  }

  /**
   * From now on keys come one by one, not echoed, and Ctrl-C is a key like any other; in the usual mode it would signal
   * every process of the foreground group, the demo's own among them. {@link restore} undoes it, and hidden cursors.
   */
  take(): void {
    if (this.#away !== undefined) return; // when it is ours again
    if (!this.#guarded) {
      this.#guarded = true;
      stopInBackground();
      this.#found = terminalMode(KEYS);
      process.on("exit", () => this.restore());
    }
    if (!this.#taken) for (const [name, handler] of this.#signals) process.on(name, handler);
    this.#taken = true;
    if (this.#found !== undefined) setTerminalMode(KEYS, rawMode(this.#found));
  }

  hideCursor(): void {
    this.take();
    this.#cursorHidden = true;
    this.write(HIDE_CURSOR);
  }

  /** Calls back after the size has changed, until the returned function is called. */
  onResize(listener: () => void): () => void {
    process.on("SIGWINCH", listener);
    return () => process.off("SIGWINCH", listener);
  }

  /** Calls back when others had the terminal, until the returned function is called: draw anew, below what they wrote. */
  onReturn(listener: () => void): () => void {
    if (this.#returns.size === 0) process.on("SIGCONT", this.#continued);
    this.#returns.add(listener);
    return () => {
      this.#returns.delete(listener);
      if (this.#returns.size === 0) process.off("SIGCONT", this.#continued);
    };
  }

  /** Whether it may be drawn on at this moment. When others have it, {@link onReturn} calls back once it is ours again. */
  get isOurs(): boolean {
    // One that was taken hears of it by signals.
    if (!this.#taken && this.#away === undefined && isInBackground()) this.#comeBack();
    return this.#away === undefined;
  }

  /**
   * Stops this process and what it started, as Ctrl-Z does, with the terminal as it was found; resolves when the terminal
   * is ours again, or `signal` is aborted. Where nobody could wake us again the kernel does not stop us, and it is at once.
   */
  async suspend(signal?: AbortSignal): Promise<void> {
    const stopped = this.#away ?? this.#stop(0);
    if (signal === undefined) return stopped;
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener("abort", abort, { once: true });
    await Promise.race([stopped, aborted.promise]);
    signal.removeEventListener("abort", abort);
  }

  /** Puts the terminal back as it was found, and waits for it no longer: for good, or for a command that is to have it. */
  restore(): void {
    this.#away = undefined;
    if (!this.#guarded) return;
    if (!this.#leaving && !inForeground(KEYS)) {
      this.#leaving = true;
      leaveTerminalAtExit(KEYS);
    }
    this.#release();
    this.#cursorHidden = false;
  }

  /** @param target the process to stop: this one, or with 0 all of its group. */
  async #stop(target: number): Promise<void> {
    if (this.#away !== undefined) return;
    const continued = Promise.withResolvers<void>();
    process.once("SIGCONT", continued.resolve);
    this.#release(); // with the handler, so that the signal stops us
    const back = this.#awayUntil(continued.promise, true);
    process.kill(target, "SIGTSTP");
    // A stopped process's timers stand still: this one only counts if the signal did not stop it.
    const timer = setTimeout(continued.resolve, NOT_STOPPED_MS);
    await continued.promise;
    clearTimeout(timer);
    process.off("SIGCONT", continued.resolve);
    await back;
  }

  /**
   * After a stop that nothing could be done about (SIGSTOP, or it was not taken): whoever had the terminal meanwhile may have
   * changed it.
   */
  #comeBack(): void {
    if (this.#away === undefined) void this.#awayUntil(Promise.resolve(), this.#taken);
  }

  /** Leaves it alone until `continued` resolves and our group is in the foreground; then takes it again, if it was taken. */
  #awayUntil(continued: Promise<void>, again: boolean): Promise<void> {
    const isOthers = () => (again ? !inForeground(KEYS) : isInBackground());
    const wait = async () => {
      await continued;
      // In the background (`bg`) we go on, but draw nothing. A loop, not a stop by the kernel: SIGTERM is to be heard.
      while (this.#away === away && isOthers()) await Bun.sleep(LOOK_MS);
      if (this.#away !== away) return; // restored meanwhile
      this.#away = undefined;
      if (again) this.#takeAgain();
      for (const listener of [...this.#returns]) listener();
    };
    this.keyboard.pause();
    this.#output.withdraw();
    const away: Promise<void> = wait();
    this.#away = away;
    return away;
  }

  #takeAgain(): void {
    this.take();
    if (this.#cursorHidden) this.write(HIDE_CURSOR);
    this.keyboard.resume();
  }

  /** The mode it was found in, a visible cursor, keys left to others. In the background the terminal is not ours to change. */
  #release(): void {
    for (const [name, handler] of this.#signals) process.off(name, handler);
    this.keyboard.pause();
    if (this.#found !== undefined && inForeground(KEYS)) setTerminalMode(KEYS, this.#found);
    if (this.#taken) this.write(SHOW_CURSOR);
    this.#taken = false;
  }
}

/** Started in the background (`lanes &`), the mode of the terminal is whoever's has it: wait, stopped, for the foreground. */
function stopInBackground(): void {
  for (let i = 0; i < 20 && !inForeground(KEYS); i++) {
    process.kill(0, "SIGTTOU");
    Bun.sleepSync(5);
  }
}
