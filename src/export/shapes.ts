/**
 * What a lane looks like. Every state has a shape of its own, told apart without colours: how high its bar is, and whether it
 * is one bar or several. The shapes differ in height only, so a page may stretch them along the axis of time.
 *
 * A lane is one path a state, whatever it did: a browser draws ten thousand pieces of a path easily, ten thousand elements not.
 */
import { toThousandth } from "../os/units.ts";
import { type Chart, type ChartLane, type ChartSegment, type ChartState, chartStates } from "./chart/chart.ts";

/** The height of a lane's bars, in units of the picture. */
export const BAR = 20;

/** Bars of a state: where each begins, and how high it is. */
export const shapes: Readonly<Record<ChartState, readonly (readonly [y: number, height: number])[]>> = {
  waits: [[9, 2]],
  starts: [
    [6, 2],
    [12, 2],
  ],
  runs: [[5, 10]],
  reads: [
    [2, 4],
    [8, 4],
    [14, 4],
  ],
  holds: [[0, 20]],
  holdsWaiting: [
    [0, 4],
    [9, 2],
    [16, 4],
  ],
  stopped: [
    [0, 2],
    [4, 2],
    [14, 2],
    [18, 2],
  ],
  rejected: [
    [0, 4],
    [6, 2],
    [12, 2],
    [16, 4],
  ],
  zombie: [
    [2, 3],
    [15, 3],
  ],
  killed: [
    [0, 8],
    [12, 8],
  ],
};

/** The line under several stretches drawn as one. */
const MIXED_LINE = 1.5;
/** Marks of failures are at least so far apart, in units of the picture. */
const MARK_GAP = 8;

export interface LaneShapes {
  /** For each state that occurs, in the order of drawing, the path of its bars. */
  readonly paths: readonly { readonly state: ChartState; readonly d: string }[];
  /** The line under what was put together; empty if nothing was. */
  readonly mixed: string;
  /** Lines between segments of one state that would look like a single one; empty if there are none. */
  readonly cuts: string;
  /** Where something failed, in units of the picture. */
  readonly failures: readonly number[];
}

/** The shapes of a lane, its top at `y`. @param scale units of the picture for a ms. */
export function laneShapes({ segments }: ChartLane, y: number, scale: number, height = BAR): LaneShapes {
  const paths = new Map<ChartState, string[]>();
  const mixed: string[] = [];
  const failures: number[] = [];
  const cuts: string[] = [];
  const put = (state: ChartState, d: string) => {
    const path = paths.get(state);
    if (path === undefined) paths.set(state, [d]);
    else path.push(d);
  };
  for (const [i, segment] of segments.entries()) {
    const x = segment.fromMs * scale;
    const width = (segment.toMs - segment.fromMs) * scale;
    if (segment.failed > 0 && x + width / 2 >= (failures.at(-1) ?? Number.NEGATIVE_INFINITY) + MARK_GAP) {
      failures.push(x + width / 2);
    }
    if (touches(segments[i - 1], segment, scale)) cuts.push(`M${short(x)} ${short(y)}v${height}`);
    if (segment.state === "mixed") {
      for (const [state, top, part] of stacked(segment, height)) put(state, bar(x, y + top, width, part));
      mixed.push(bar(x, y + height, width, MIXED_LINE));
    } else {
      for (const [top, part] of shapes[segment.state]) {
        put(segment.state, bar(x, y + (top / BAR) * height, width, (part / BAR) * height));
      }
    }
  }
  return {
    paths: chartStates.flatMap((state) => {
      const parts = paths.get(state);
      return parts === undefined ? [] : [{ state, d: parts.join("") }];
    }),
    mixed: mixed.join(""),
    cuts: cuts.join(""),
    failures,
  };
}

/** Whether two segments would look like one. Short ones may: lines between them would be all there is to see. */
function touches(last: ChartSegment | undefined, { state, fromMs, toMs }: ChartSegment, scale: number): boolean {
  if (last?.state !== state || (fromMs - last.toMs) * scale >= 1) return false;
  return Math.min(toMs - fromMs, last.toMs - last.fromMs) * scale >= 4;
}

/** A mixed segment's states over one another: as high as each one's share of the time, the last drawn lowest. */
function* stacked({ fromMs, toMs, parts = {} }: ChartSegment, height: number): Generator<[ChartState, number, number]> {
  const wholeMs = Math.max(toMs - fromMs, Number.MIN_VALUE);
  let top = height;
  for (const state of chartStates.toReversed()) {
    const part = Math.min(top, ((parts[state] ?? 0) / wholeMs) * height);
    if (part <= 0) continue;
    top -= part;
    yield [state, top, part];
  }
}

function bar(x: number, y: number, width: number, height: number): string {
  const w = short(width);
  return `M${short(x)} ${short(y)}h${w}v${short(height)}h-${w}z`;
}

/** At most three decimals, and no more characters than it takes. */
export function short(value: number): string {
  return String(toThousandth(value));
}

/** The states that occur anywhere in a chart. */
export function chartStatesIn({ lanes }: Chart): ChartState[] {
  const seen = new Set<string>();
  for (const { segments } of lanes) {
    for (const { state, parts } of segments) {
      if (state === "mixed") for (const part of Object.keys(parts ?? {})) seen.add(part);
      else seen.add(state);
    }
  }
  return chartStates.filter((state) => seen.has(state));
}
