/**
 * A view of something that goes on, drawn in place at the bottom of the terminal: every one there is. When it is drawn
 * again (pace.ts), what happens when the terminal has another size and when others had it, and which key means what, is
 * decided here alone.
 *
 * What goes on never waits for its view: a frame is only offered to the terminal, which takes it when it can.
 */
import { CLEAR_SCREEN } from "./ansi.ts";
import { Frame } from "./frame.ts";
import { Key } from "./keyboard.ts";
import { FramePace, type PaceClock } from "./pace.ts";
import type { Terminal } from "./terminal.ts";

/** For {@link LiveView.patienceMs}: what is over sooner is not worth a look. */
export const PATIENCE_MS = 300;

/** What keys mean to whoever is shown; Ctrl-Z always stops this process and what it started. */
export interface LiveKeys {
  /** A Ctrl-C was typed. In raw mode it is a key and no signal, so that nothing but this view hears of it. */
  readonly onInterrupt: () => void;
  /** Esc was typed (back), or Ctrl-D, or the terminal's input has ended (nothing more to come). */
  readonly onLeave?: (key: typeof Key.escape | typeof Key.end) => void;
  /** Any other key. */
  readonly onKey?: (key: string) => void;
}

export interface LiveView {
  readonly terminal: Terminal;
  /** What is to be seen now, in so many rows. */
  readonly lines: (rows: number) => readonly string[];
  /** The keys it takes, from its first frame on. Without them the keyboard stays with whoever has it. */
  readonly keys?: LiveKeys | undefined;
  /** It is first drawn after so many ms; 0 unless given. */
  readonly patienceMs?: number;
  /**
   * Whether what others write stands above it, and has to stay there. If so a terminal that has been made narrower may keep
   * some of the old frame's lines, too; if not, it begins on a clear screen then.
   */
  readonly belowOthers?: boolean;
  /** Whether others are writing to this terminal at this moment: then it is not drawn. */
  readonly isInTheWay?: () => boolean;
  /** Nothing in it changes by itself: it is drawn when {@link LiveFrame.changed} says so. */
  readonly isStill?: boolean;
  readonly clock?: PaceClock;
}

export class LiveFrame {
  readonly #view: LiveView;
  readonly #frame: Frame;
  readonly #pace: FramePace;
  readonly #stops: (() => void)[] = [];
  #listens = false;
  /** The terminal has moved what was on it. */
  #moved = false;

  constructor(view: LiveView) {
    this.#view = view;
    this.#frame = new Frame(view.terminal);
    const isOut = () => view.terminal.isOut;
    this.#pace = new FramePace(() => this.#draw(), isOut, view.clock);
  }

  /** Draws until {@link stop}, and takes the terminal if it takes keys. */
  start(): void {
    const { terminal, isStill, patienceMs } = this.#view;
    this.#stops.push(
      terminal.onResize(() => this.#resized()),
      terminal.onReturn(() => this.#returned()),
    );
    if (isStill) this.#pace.soon();
    else this.#pace.start(patienceMs);
  }

  /** Takes the frame away and draws no more. If the terminal was taken it stays so: its owner restores it. */
  stop(): void {
    this.#pace.stop();
    for (const stop of this.#stops.splice(0)) stop();
    this.#frame.clear();
  }

  /** What is to be seen is no longer what was drawn. */
  changed(): void {
    this.#pace.soon();
  }

  /** Writes lines that stay, above what is drawn. */
  above(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${line}\r\n`).join("");
    this.#frame.giveWay(text);
    this.#view.terminal.write(text);
    this.#pace.soon();
  }

  /**
   * Takes the frame away, for what the caller is about to write in its place; it comes back below that by itself.
   * @param text all of it, or its end.
   */
  giveWay(text: string | Uint8Array): void {
    this.#frame.giveWay(text);
  }

  #draw(): void {
    const { terminal, lines, isInTheWay } = this.#view;
    if (!terminal.isOurs || isInTheWay?.()) return;
    this.#listen();
    if (this.#moved) this.#clearAway();
    this.#frame.draw(lines(terminal.rows - 1));
  }

  #listen(): void {
    const { terminal, keys } = this.#view;
    if (keys === undefined || this.#listens) return;
    this.#listens = true;
    terminal.hideCursor();
    this.#stops.push(terminal.keyboard.read((key) => this.#typed(key, keys)));
  }

  #typed(key: string, keys: LiveKeys): void {
    if (key === Key.interrupt) keys.onInterrupt();
    else if (key === Key.suspend) void this.#view.terminal.suspend();
    else if (keys.onLeave !== undefined && (key === Key.escape || key === Key.end)) keys.onLeave(key);
    else keys.onKey?.(key);
  }

  /** Others have used the terminal: go on below what they wrote. */
  #returned(): void {
    this.#frame.forget();
    this.#moved = false;
    this.#pace.soon();
  }

  #resized(): void {
    this.#moved = true;
    this.#pace.soon();
  }

  #clearAway(): void {
    const { terminal, belowOthers } = this.#view;
    this.#moved = false;
    if (belowOthers) this.#frame.clear();
    else {
      terminal.offer(CLEAR_SCREEN);
      this.#frame.forget();
    }
  }
}
