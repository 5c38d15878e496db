/**
 * The live view: the lanes of a recording, drawn in place while it is being made.
 *
 * The work never waits for it: an event costs a push into an array, everything else happens at most ten times a second,
 * and never for more than a tenth of the time, however slow the terminal is.
 */
import type { Recording } from "../timeline/recording.ts";
import { CLEAR_SCREEN } from "./ansi.ts";
import { Key } from "./keyboard.ts";
import { type LiveDemo, lanesFrame } from "./lanes-frame.ts";
import { LiveHistories } from "./live-histories.ts";
import { Frame, type Terminal } from "./terminal.ts";

/** Least ms between two frames. */
const FRAME_MS = 100;
/** A frame that took `n` ms is followed by at least this many times `n` without one. */
const REST = 9;

export interface LiveOptions {
  readonly live: LiveDemo;
  readonly recording: Recording;
  readonly terminal: Terminal;
  /** A Ctrl-C was typed. In raw mode it is a key and no signal, so that nothing but this view hears of it. */
  readonly onInterrupt: () => void;
  /** Esc was typed (back), or Ctrl-D, or the terminal's input has ended (nothing more to come). */
  readonly onLeave: (key: typeof Key.escape | typeof Key.end) => void;
}

export class LiveLanes {
  readonly #options: LiveOptions;
  readonly #frame: Frame;
  readonly #lanes: LiveHistories;
  readonly #stops: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #suspended = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#frame = new Frame(options.terminal);
    this.#lanes = new LiveHistories(options.recording, options.live.demo.shared !== undefined);
  }

  /** Takes the terminal and draws, until {@link stop}. */
  start(): void {
    const { terminal, recording } = this.#options;
    this.#stops.push(recording.subscribe((event) => this.#lanes.add(event, recording.elapsedMs)));
    terminal.hideCursor();
    this.#stops.push(
      terminal.keyboard.read((key) => this.#typed(key)),
      terminal.onResize(() => this.#afresh()),
    );
    this.#tick();
  }

  /**
   * Draws the last frame, which stays: every lane, whether the screen has room for them or not. The recording has to be
   * complete. The terminal stays taken: its owner restores it.
   */
  stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops.splice(0)) stop();
    this.#lanes.finish(this.#options.recording.elapsedMs);
    this.#frame.clear();
    this.#options.terminal.write(`${this.#lines(Number.POSITIVE_INFINITY).join("\r\n")}\r\n`);
  }

  #tick(): void {
    const before = performance.now();
    this.#draw();
    const tookMs = performance.now() - before;
    this.#timer = setTimeout(() => this.#tick(), Math.max(FRAME_MS - tookMs, tookMs * REST));
  }

  #draw(): void {
    const { recording, terminal } = this.#options;
    this.#lanes.advance(recording.elapsedMs);
    if (!this.#suspended) this.#frame.draw(this.#lines(terminal.rows - 1));
  }

  #lines(rows: number): string[] {
    const { live, terminal } = this.#options;
    return lanesFrame(live, this.#lanes.histories, this.#lanes.untilMs, terminal.style, rows);
  }

  #typed(key: string): void {
    if (key === Key.interrupt) this.#options.onInterrupt();
    else if (key === Key.suspend) void this.#suspend();
    else if (key === Key.escape || key === Key.end) this.#options.onLeave(key);
  }

  /** Ctrl-Z: the work stands still with us; once it goes on, so does the picture. */
  async #suspend(): Promise<void> {
    if (this.#suspended) return;
    this.#suspended = true;
    await this.#options.terminal.suspend();
    this.#suspended = false;
    this.#options.terminal.hideCursor();
    this.#frame.forget();
  }

  /** The terminal has another size, and has moved what was on it: begin on a clear screen. */
  #afresh(): void {
    this.#options.terminal.write(CLEAR_SCREEN);
    this.#frame.forget();
    this.#draw();
  }
}
