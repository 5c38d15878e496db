/**
 * The live view: the lanes of a recording, drawn in place while it is being made.
 *
 * The work never waits for it: an event costs a push into an array, everything else happens at most ten times a second,
 * and never for more than a tenth of the time, however slow the terminal is.
 */
import type { LaneEvent } from "../timeline/event.ts";
import type { Recording } from "../timeline/recording.ts";
import { CLEAR_SCREEN } from "./ansi.ts";
import { Histories } from "./history.ts";
import { Key } from "./keyboard.ts";
import { type LiveDemo, lanesFrame } from "./lanes-frame.ts";
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
}

export class LiveLanes {
  readonly #options: LiveOptions;
  readonly #frame: Frame;
  readonly #histories: Histories;
  readonly #stops: (() => void)[] = [];
  #pending: LaneEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #suspended = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#frame = new Frame(options.terminal);
    this.#histories = new Histories(options.live.demo.shared !== undefined);
  }

  /** Takes the terminal and draws, until {@link stop}. */
  start(): void {
    const { terminal, recording } = this.#options;
    for (const event of recording.events()) this.#pending.push(event);
    this.#stops.push(recording.subscribe((event) => this.#pending.push(event)));
    terminal.hideCursor();
    this.#stops.push(
      terminal.keyboard.read((key) => this.#typed(key)),
      terminal.onResize(() => this.#afresh()),
    );
    this.#tick();
  }

  /** Draws the last frame, which stays. The terminal stays taken: its owner restores it. */
  stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops.splice(0)) stop();
    this.#draw();
  }

  #tick(): void {
    const before = performance.now();
    this.#draw();
    const tookMs = performance.now() - before;
    this.#timer = setTimeout(() => this.#tick(), Math.max(FRAME_MS - tookMs, tookMs * REST));
  }

  #draw(): void {
    const { live, recording, terminal } = this.#options;
    for (const event of this.#pending.splice(0)) this.#histories.add(event);
    if (this.#suspended) return;
    this.#frame.draw(lanesFrame(live, this.#histories, recording.elapsedMs, terminal.style, terminal.rows - 1));
  }

  #typed(key: string): void {
    if (key === Key.interrupt) this.#options.onInterrupt();
    else if (key === Key.suspend) void this.#suspend();
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
