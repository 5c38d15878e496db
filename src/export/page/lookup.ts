/** What a page's script knows: its data, its elements, and what a lane does at a moment. */
import type { PageData, PageLane } from "./data.ts";

/** Numbers of a segment in {@link PageLane.segments}. */
export const FIELDS = 5;

export const data: PageData = JSON.parse(find("#data").textContent ?? "");
export const plot = find("#plot");
export const scroller = find("#scroll");
/** What happens at the step, in words. */
export const stepText = find("#step-text");

/** The element of the page that is there for certain. */
export function find<T extends HTMLElement = HTMLElement>(selector: string): T {
  return document.querySelector<T>(selector)!;
}

/** The last index of every `fields`-th number that is not above `value`; -1 if there is none. */
export function lastNotAbove(numbers: readonly number[], fields: number, value: number): number {
  let [low, high] = [0, numbers.length / fields];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle * fields]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export interface FoundSegment {
  readonly state: number;
  readonly text: string;
  readonly pid: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A segment by its place in the lane; undefined if there is none. */
export function segment(lane: PageLane, index: number): FoundSegment | undefined {
  const [from, to, state, text, pid] = lane.segments.slice(index * FIELDS, (index + 1) * FIELDS);
  if (from === undefined) return undefined;
  return { state: state!, text: data.texts[text!]!, pid: pid || lane.pid, fromMs: from / 1e3, toMs: to! / 1e3 };
}

/** What a lane does at a moment. */
export function at(lane: PageLane, ms: number): FoundSegment | undefined {
  const us = ms * 1e3 + 0.01; // a whole number of µs that came through ms and back
  const index = lastNotAbove(lane.segments, FIELDS, us);
  const [from, to] = [lane.segments[index * FIELDS]!, lane.segments[index * FIELDS + 1]!];
  return index >= 0 && (us < to || us < from + 1) ? segment(lane, index) : undefined;
}

/** `holds: data.json.lock`. */
export function what(found: FoundSegment): string {
  const state = data.states[found.state]!;
  return found.text === "" ? state : state + data.words.colon + found.text;
}

/** Where there is nothing to draw: before it began, after it ended, between two jobs. */
export function nothing(lane: PageLane, ms: number): string {
  if (ms < lane.fromMs) return data.words.notYet;
  if (ms >= lane.toMs) return lane.ending || data.words.ended;
  return data.words.idle;
}
