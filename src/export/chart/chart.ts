/**
 * A timeline as data: lanes with the stretches of time in them, and what connects them. Built from a demo's recording or
 * while a run or map goes on (demo.ts, run.ts, map.ts beside this); the page, the picture and the trace are drawn from it
 * and from nothing else.
 *
 * Always true: a lane's segments are in order and do not overlap; every text is one clean line (clean.ts); the number of
 * segments, marks, arrows, steps and points is bounded, whatever was recorded. Times are ms since the recording began.
 */
import { type LaneState, laneStates } from "../../recording/fold.ts";

/** What a lane can be seen to do: of one that has exited there is nothing to draw. */
export type ChartState = Exclude<LaneState, "exited">;

/** In the order in which they are drawn, the later one over the earlier one: waiting lies below all else. */
export const chartStates: readonly ChartState[] = [
  "waits",
  ...laneStates.filter((state) => state !== "waits" && state !== "exited"),
];

/** A stretch of a lane. */
export interface ChartSegment {
  readonly fromMs: number;
  readonly toMs: number;
  /** `mixed`: several stretches, too short to be kept apart; `parts` says how long it was in which state. */
  readonly state: ChartState | "mixed";
  /** Why it waits, what it holds, the command it runs; empty if there is nothing to say. */
  readonly label: string;
  /** The process; 0 if there were several, or none. */
  readonly pid: number;
  /** Ms in each state; only of a mixed one. */
  readonly parts?: Readonly<Partial<Record<ChartState, number>>>;
  /** Jobs, items or stretches in it. */
  readonly count: number;
  /** Of them, those that failed. */
  readonly failed: number;
}

/** One process's time in a lane. */
export interface Life {
  readonly pid: number;
  readonly ppid: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** How it ended, in words; empty if the record does not say. */
  readonly ending: string;
  /** It ended by a signal or with another code than 0. */
  readonly failed: boolean;
}

export interface ChartLane {
  /** `main`, `P1` … */
  readonly name: string;
  /** Of its first process; 0 if the lane is a slot that each job fills with a process of its own. */
  readonly pid: number;
  readonly ppid: number;
  /** Its processes, one after another; the first ones if there were very many. */
  readonly lives: readonly Life[];
  readonly segments: readonly ChartSegment[];
  /** Jobs, items or stretches. */
  readonly count: number;
  readonly failed: number;
}

/** A number over time: it holds from a point to the next. */
export interface ChartSeries {
  readonly name: string;
  readonly points: readonly (readonly [ms: number, value: number])[];
}

/** Something that happened at one moment; `lane` is an index. */
export interface Mark {
  readonly ms: number;
  readonly lane: number;
  readonly text: string;
}

/** One lane lets another go on: a lock handed over, a process created. Lanes are indexes. */
export interface Arrow {
  readonly kind: "lock" | "spawn";
  /** The lock; empty for a process. */
  readonly name: string;
  readonly fromLane: number;
  readonly fromMs: number;
  readonly toLane: number;
  readonly toMs: number;
}

/** A named part of the whole. */
export interface Phase {
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Chart {
  /** Where it ends; it begins at 0. Above 0. */
  readonly endMs: number;
  /** The process that started the others. */
  readonly parent: { readonly pid: number; readonly ppid: number };
  /** What is counted: stretches of a demo, jobs, items. */
  readonly unit: "stretches" | "jobs" | "items";
  readonly lanes: readonly ChartLane[];
  /** Lanes beyond those that are kept. */
  readonly hidden: { readonly lanes: number; readonly count: number; readonly failed: number };
  /** Shorter stretches than this, ms, may have been put together; 0: every one is there as it was. */
  readonly resolutionMs: number;
  readonly series: readonly ChartSeries[];
  /** Of each lock, who had it: the index of a lane, -1 while nobody did. */
  readonly locks: readonly ChartSeries[];
  readonly marks: readonly Mark[];
  readonly arrows: readonly Arrow[];
  readonly phases: readonly Phase[];
  /** What happened, one after another, for stepping through. Of very many, some: `stepsOf` is how many there were. */
  readonly steps: readonly Mark[];
  readonly stepsOf: number;
}
