/**
 * A lane's past as one character a column. A column is one instant, the same for all lanes, so what stands above each
 * other in it was true at the same time: if a column shows two holders, there were two. Within its slice of time a column
 * shows an instant at which somebody's write was refused, or somebody held a lock, or stood between a read and a write, if there
 * was one; what is shorter than a column would otherwise be seen only by luck.
 */
import { type LaneState, laneStates } from "../recording/fold.ts";
import type { Histories, LaneHistory } from "../recording/history.ts";
import { type Glyphs, paintOf, type Style } from "../terminal/style.ts";
import { roundStep } from "./ticks.ts";

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** Nothing is known of what comes after it. */
  readonly nowMs: number;
  readonly columns: number;
}

/** The instant of each column: its slice's middle, or the middle of its longest refusal, or hold, or else read-to-write. */
export function instants(histories: Histories, window: Window): number[] {
  const { fromMs, columns, nowMs } = window;
  const slice = Math.max(window.toMs - fromMs, Number.MIN_VALUE) / columns;
  const longest = new Float64Array(columns);
  const middles = Array.from({ length: columns }, (_, column) => Math.min(fromMs + (column + 0.5) * slice, nowMs));
  for (const wanted of ["reads", "holds", "rejected"] satisfies LaneState[]) {
    longest.fill(0); // what comes later in this list counts more
    for (const lane of histories.lanes) {
      for (const stretch of lane.stretches(fromMs, window.toMs, nowMs)) {
        if (stretch.state !== wanted) continue;
        const first = Math.max(0, Math.floor((stretch.fromMs - fromMs) / slice));
        const last = Math.min(columns - 1, Math.floor((stretch.toMs - fromMs) / slice));
        for (let column = first; column <= last; column++) {
          const begin = Math.max(stretch.fromMs, fromMs + column * slice);
          const end = Math.min(stretch.toMs, fromMs + (column + 1) * slice, nowMs);
          if (end - begin <= (longest[column] ?? 0)) continue;
          longest[column] = end - begin;
          middles[column] = (begin + end) / 2;
        }
      }
    }
  }
  return middles;
}

/** The states a lane had at the instants; undefined before it began, after it ended, and in the future. */
export function statesAt(lane: LaneHistory, at: readonly number[], window: Window): (LaneState | undefined)[] {
  const { fromMs, toMs, nowMs, columns } = window;
  const slice = (toMs - fromMs) / columns;
  const known = Math.min(toMs, nowMs);
  const exitColumn =
    lane.endMs <= known ? Math.min(columns - 1, Math.floor((lane.endMs - fromMs) / slice)) : Number.POSITIVE_INFINITY;
  return at.map((t, column) => {
    if (column === exitColumn) return lane.state;
    if (column > exitColumn || fromMs + column * slice > known) return undefined;
    const beganHere = lane.startMs < Math.min(known, fromMs + (column + 1) * slice);
    return lane.at(t) ?? (beganHere ? lane.at(lane.startMs) : undefined);
  });
}

/** States as text, one character each. */
export function strip(states: readonly (LaneState | undefined)[], glyphs: Glyphs, style: Pick<Style, "color">): string {
  const paint = paintOf(style);
  const colour = {
    starts: paint.dim,
    runs: paint.green,
    waits: paint.dim,
    holds: paint.magenta,
    holdsWaiting: paint.magenta,
    reads: paint.yellow,
    stopped: paint.cyan,
    rejected: paint.red,
    zombie: paint.cyan,
    exited: paint.dim,
    killed: paint.red,
  };
  let text = "";
  for (let i = 0; i < states.length; ) {
    const state = states[i];
    let end = i;
    while (end < states.length && states[end] === state) end++;
    text += state === undefined ? " ".repeat(end - i) : colour[state](glyphs[state].repeat(end - i));
    i = end;
  }
  return text;
}

/** Which states occur: the legend explains these. */
export function statesIn(rows: Iterable<readonly (LaneState | undefined)[]>): LaneState[] {
  const seen = new Set<LaneState>();
  for (const row of rows) for (const state of row) if (state !== undefined) seen.add(state);
  return laneStates.filter((state) => seen.has(state));
}

/** A time axis: `0s       0.6       1.2`, a label every 12 columns or so; `spanMs` is what `columns` columns stand for. */
export function axis(spanMs: number, columns: number): string {
  const step = roundStep((spanMs / Math.max(columns, 1)) * 10);
  const unitMs = step >= 100 ? 1000 : 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step / unitMs) + 1e-9));
  let line = "";
  for (let t = 0; t < spanMs; t += step) {
    const at = Math.round((t / spanMs) * columns);
    const label = t === 0 ? (unitMs === 1000 ? "0s" : "0ms") : (t / unitMs).toFixed(digits);
    if (at < line.length + (t === 0 ? 0 : 1) || at + label.length > columns) continue;
    line = line.padEnd(at) + label;
  }
  return line.padEnd(columns);
}
