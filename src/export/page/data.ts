/** What a page's script is given: the chart in few characters. Types only; both sides of the page import them. */

export interface PageData {
  readonly endMs: number;
  readonly lanes: readonly PageLane[];
  /** Words for the states, by number. */
  readonly states: readonly string[];
  /** Their names in the style sheet. */
  readonly classes: readonly string[];
  /** Texts that segments and steps refer to. */
  readonly texts: readonly string[];
  /** Moment, lane, text; one after another. */
  readonly steps: readonly number[];
  readonly series: readonly PageSeries[];
  /** Of each lock, the lane that has it; -1: none. */
  readonly locks: readonly PageSeries[];
  readonly words: Readonly<Record<PageWord, string>>;
}

export interface PageLane {
  readonly name: string;
  readonly pid: number;
  /** When its first process began and its last one ended, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How its last process ended. */
  readonly ending: string;
  /** Begin and end (µs), state, text, pid (0: the lane's); one after another. */
  readonly segments: readonly number[];
}

export interface PageSeries {
  /** Moment (µs) and value, one after another. */
  readonly points: readonly number[];
}

export type PageWord = "pid" | "colon" | "at" | "step" | "idle" | "notYet" | "ended";
