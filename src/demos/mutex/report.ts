/** Demo `mutex`'s result as facts and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText } from "../../os/units.ts";
import type { Process } from "../../process/index.ts";
import { type Interval, lengthMs, longestMs } from "../analysis/intervals.ts";
import { sum } from "../analysis/numbers.ts";
import type { Fact, Picture } from "../define.ts";

/** The demo's work as a command for one's own. */
export const LOCKED_COUNT =
  "echo 0 > count.txt; lanes run -j 4 lanes lock count.lock -c 'n=$(cat count.txt); echo $((n + {})) > count.txt' ::: 1 2 3 4; cat count.txt";

/** One run of all processes: when, and what the file said after it. */
export interface MutexRun {
  readonly locked: boolean;
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

export interface MutexResult {
  readonly expected: number;
  /** The count after the locked run with the fewest updates left. */
  readonly actual: number;
  readonly lost: number;
  /** The most processes that held the lock at one and the same moment, by the record. */
  readonly maxHolders: number;
  /** Medians over the runs. */
  readonly unlockedMs: number;
  readonly lockedMs: number;
  /** Median of `costRatios`: the time of each locked run by that of the unlocked run before it. */
  readonly costRatio: number;
  readonly costRatios: readonly number[];
  /** What the unlocked runs lost. */
  readonly unlockedLost: readonly number[];
}

/**
 * Which of the prediction's choices a slow-down is. If every moment of the work is under the lock, the processes work one
 * at a time: as many times slower as there are processes; "about" takes in 0.7 to 2 times that.
 */
export function slowdown(ratio: number, procs: number): "hardly" | "less" | "times" | "more" {
  if (ratio < 1.5) return "hardly";
  if (ratio > procs * 2) return "more";
  return ratio < procs * 0.7 ? "less" : "times";
}

const times = (ratio: number) => `${ratio.toFixed(1)}×`;

/** What a person is told. */
export function mutexFacts(result: MutexResult, waits: readonly Interval[]): Fact[] {
  const [least, most] = [Math.min(...result.costRatios), Math.max(...result.costRatios)];
  const spread = result.costRatios.length > 1 ? ` (${times(least)} – ${times(most)})` : "";
  return [
    { label: "demo.mutex.fact.count", value: `${result.actual} / ${result.expected}` },
    { label: "demo.mutex.fact.unlockedLost", value: result.unlockedLost.join(", ") },
    { label: "demo.mutex.fact.holders", value: String(result.maxHolders) },
    { label: "demo.mutex.fact.time", value: `${durationText(result.unlockedMs)} → ${durationText(result.lockedMs)}` },
    { label: "demo.mutex.fact.cost", value: `${times(result.costRatio)}${spread}` },
    { label: "demo.mutex.fact.longestWait", value: durationText(longestMs(waits)) },
  ];
}

/** The last two runs on one time axis, and who waited how long in all of them. */
export function mutexPictures(
  runs: readonly MutexRun[],
  workers: readonly Process[],
  { holds, waits }: { holds: readonly Interval[]; waits: readonly Interval[] },
): Picture[] {
  const rows = workers.map(({ name }) => {
    const waited = waits.filter(({ lane }) => lane === name).map(lengthMs);
    const held = holds.filter(({ lane }) => lane === name).map(lengthMs);
    const cells = [sum(held), sum(waited), waited.length === 0 ? 0 : Math.max(...waited)];
    return [name, String(held.length), ...cells.map((ms) => ms.toFixed(1))];
  });
  return [
    {
      kind: "timelines",
      parts: runs.slice(-2).map(({ locked, fromMs, toMs }) => ({
        title: phrase(locked ? "demo.mutex.part.locked" : "demo.mutex.part.unlocked"),
        fromMs,
        toMs,
      })),
    },
    {
      kind: "table",
      columns: [
        phrase("demo.mutex.column.process", { runs: runs.filter(({ locked }) => locked).length }),
        phrase("demo.mutex.column.holds"),
        phrase("demo.mutex.column.held"),
        phrase("demo.mutex.column.waited"),
        phrase("demo.mutex.column.longest"),
      ],
      rows,
    },
  ];
}
