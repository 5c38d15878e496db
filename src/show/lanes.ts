/**
 * The live view: the lanes of a recording, drawn in place while it is being made. The work never waits for it: an event
 * costs a push into an array, everything else happens when a frame is drawn.
 */

import { LiveHistories } from "../recording/live-histories.ts";
import type { Recording } from "../recording/recording.ts";
import { LiveFrame, type LiveView } from "../terminal/live-frame.ts";
import { type LiveDemo, lanesFrame } from "./lanes-frame.ts";

export interface LiveOptions extends Pick<LiveView, "terminal" | "keys" | "belowOthers"> {
  readonly live: LiveDemo;
  readonly recording: Recording;
}

export class LiveLanes {
  readonly #options: LiveOptions;
  readonly #frame: LiveFrame;
  readonly #lanes: LiveHistories;
  #unsubscribe = () => {};

  constructor(options: LiveOptions) {
    const { live, recording, terminal, keys, belowOthers = false } = options;
    this.#options = options;
    this.#lanes = new LiveHistories(recording, live.demo.shared !== undefined);
    const lines = (rows: number) => {
      this.#lanes.advance(recording.elapsedMs);
      return this.lines(rows);
    };
    this.#frame = new LiveFrame({ terminal, keys, belowOthers, lines });
  }

  /** Takes the terminal and draws, until {@link stop}. */
  start(): void {
    const { recording } = this.#options;
    this.#unsubscribe = recording.subscribe((event) => this.#lanes.add(event, recording.elapsedMs));
    this.#frame.start();
  }

  /** Writes lines that stay, above the lanes. */
  above(lines: readonly string[]): void {
    this.#frame.above(lines);
  }

  /**
   * Draws the last frame, which stays: every lane, whether the screen has room for them or not. The recording has to be
   * complete. The terminal stays taken: its owner restores it.
   */
  stop(): void {
    const { recording, terminal } = this.#options;
    this.#unsubscribe();
    this.#frame.stop();
    this.#lanes.finish(recording.elapsedMs);
    terminal.write(`${this.lines().join("\r\n")}\r\n`);
  }

  /** The lanes as they are to be drawn now; all of them, if the rows are not counted. */
  lines(rows = Number.POSITIVE_INFINITY): string[] {
    const { live, terminal } = this.#options;
    return lanesFrame(live, this.#lanes.histories, this.#lanes.untilMs, terminal.style, rows);
  }
}
