/** Demo `oversubscribe`'s result: what more processes than cores do to the same work, and what they cost. */

import type { MessageKey } from "../../i18n/phrase.ts";
import { phrase } from "../../i18n/phrase.ts";
import { durationText, percentText, toThousandth } from "../../os/units.ts";
import { sum } from "../analysis/numbers.ts";
import type { Fact, Picture } from "../define.ts";
import { isDisturbed, pointOf, type SpeedupPoint as SpeedPoint } from "../speedup/report.ts";

/** What a process says of its share of the work. */
export interface Share {
  readonly hits: number;
  /** From when it was told to begin until it had done it, by its own clock. */
  readonly ms: number;
  /** Of that, how long it had a core. */
  readonly cpuMs: number;
  /** How often it gave its core back by itself (it waited), and how often it was taken away (getrusage(2)). */
  readonly voluntary: number;
  readonly involuntary: number;
  /** When it had done each equal part of it, by the clock all processes share. */
  readonly doneMs: readonly number[];
}

/** One measurement: all the work, by so many processes at once. */
export interface OversubscribedRun {
  readonly ms: number;
  readonly shares: readonly Share[];
}

export interface OversubscribePoint extends SpeedPoint {
  /** Switches of all its processes, in the fastest run. */
  readonly voluntary: number;
  readonly involuntary: number;
  /** How much of its share the slowest process had done when the first one was through, 0…1. */
  readonly slowest: number;
  /** What its processes take together, MB; pages that several use are divided among them where the kernel tells (Linux). */
  readonly memoryMb: number;
  /**
   * CPU time of all its processes by what the cores they may run on could have given in that time; never more than 1, but
   * for rounding. A quota (cgroups) does not count: it is of a longer time than this.
   */
  readonly coreUse: number;
}

export interface OversubscribeResult {
  readonly cores: number;
  readonly points: readonly OversubscribePoint[];
  /** The time of the most processes by that of one for each core. */
  readonly ratio: number;
  /** The most processes that were in the middle of their work at one moment, by the record. */
  readonly atOnce: number;
  /** See isDisturbed() of the demo `speedup`. */
  readonly disturbed: boolean;
}

/** How much of its share the slowest had done when the first one was through. */
export function slowestShare(shares: readonly Share[]): number {
  const firstMs = Math.min(...shares.map(({ doneMs }) => doneMs.at(-1) ?? Number.POSITIVE_INFINITY));
  return Math.min(
    ...shares.map(({ doneMs }) => doneMs.filter((ms) => ms <= firstMs).length / Math.max(1, doneMs.length)),
  );
}

/** The point of these runs; `oneMs` is the fastest time of one process, `allCores` what its processes may run on. */
export function crowdPoint(
  runs: readonly OversubscribedRun[],
  oneMs: number,
  allCores: number,
  memoryMb: number,
): OversubscribePoint {
  const fastest = runs.reduce((best, run) => (run.ms < best.ms ? run : best));
  const speedRuns = runs.map(({ ms, shares }) => ({
    ms,
    hits: sum(shares.map(({ hits }) => hits)),
    cpuMs: sum(shares.map(({ cpuMs }) => cpuMs)),
    coreShare: Math.min(1, ...shares.map(({ cpuMs, ms }) => cpuMs / ms)),
  }));
  const { shares, ms } = fastest;
  return {
    ...pointOf(shares.length, speedRuns, oneMs),
    voluntary: sum(shares.map(({ voluntary }) => voluntary)),
    involuntary: sum(shares.map(({ involuntary }) => involuntary)),
    slowest: toThousandth(slowestShare(shares)),
    memoryMb: toThousandth(memoryMb),
    coreUse: toThousandth(sum(shares.map(({ cpuMs }) => cpuMs)) / (ms * Math.min(allCores, shares.length))),
  };
}

/** The numbers of processes to measure: 1, 2, and once, twice, four and eight times the cores, as far as `procs`. */
export function crowdsUpTo(procs: number, cores: number): number[] {
  const wanted = [1, 2, cores, 2 * cores, 4 * cores, 8 * cores].filter((count) => count < procs);
  return [...new Set([...wanted, procs])].toSorted((a, b) => a - b);
}

/** The result of these points; the last one has the most processes. */
export function oversubscribeResult(
  points: readonly OversubscribePoint[],
  cores: number,
  atOnce: number,
): OversubscribeResult {
  const full = points.find(({ procs }) => procs === cores);
  const ratio = toThousandth((points.at(-1)?.ms ?? Number.NaN) / (full?.ms ?? Number.NaN));
  return { cores, points, ratio, atOnce, disturbed: isDisturbed(points, cores) };
}

/** Within a tenth, two times are said to be the same. */
const SAME = 0.1;

/** Which of the prediction's choices came true. */
export function oversubscribeAnswer({ ratio }: OversubscribeResult): string {
  if (ratio < 1 - SAME) return "sooner";
  return ratio <= 1 + SAME ? "same" : "later";
}

/** Why, where the times are not what they usually are. */
export function oversubscribeWhy(result: OversubscribeResult): { why?: MessageKey } {
  if (result.disturbed) return { why: "demo.speedup.why.disturbed" };
  return oversubscribeAnswer(result) === "same"
    ? {}
    : { why: `demo.oversubscribe.why.${oversubscribeAnswer(result) === "later" ? "later" : "sooner"}` };
}

/** What a core can do in a time is what it can do: more would be a mistake of the measurement. Clocks differ a little. */
const MOST_USE = 1.1;

/** What follows from how a time and a CPU time are measured, whatever the machine does. */
export function isPossible({ points }: OversubscribeResult): boolean {
  return points.every(({ coreUse }) => coreUse > 0 && coreUse <= MOST_USE);
}

/** What a person is told. */
export function oversubscribeFacts(result: OversubscribeResult): Fact[] {
  const { cores, points, ratio } = result;
  const full = points.find(({ procs }) => procs === cores);
  const most = points.at(-1);
  if (full === undefined || most === undefined) return [];
  return [
    { label: "demo.speedup.fact.cores", value: String(cores) },
    { label: "demo.oversubscribe.fact.full", value: durationText(full.ms) },
    { label: "demo.oversubscribe.fact.most", value: `${most.procs}: ${durationText(most.ms)} (${ratio.toFixed(2)}×)` },
    { label: "demo.oversubscribe.fact.switches", value: `${full.involuntary} → ${most.involuntary}` },
    { label: "demo.oversubscribe.fact.slowest", value: `${percentText(full.slowest)} → ${percentText(most.slowest)}` },
    {
      label: "demo.oversubscribe.fact.memory",
      value: `${full.memoryMb.toFixed(0)} MB → ${most.memoryMb.toFixed(0)} MB`,
    },
  ];
}

/** Throughput beside its ideal, and the figures. */
export function oversubscribePictures({ cores, points }: OversubscribeResult): Picture[] {
  return [
    {
      kind: "curve",
      xLabel: phrase("demo.speedup.axis.procs"),
      yLabel: phrase("demo.oversubscribe.axis.throughput"),
      points: points.map(({ procs, speedup }) => ({ x: procs, y: speedup, ideal: Math.min(procs, cores) })),
    },
    {
      kind: "table",
      columns: [
        phrase("demo.speedup.axis.procs"),
        phrase("demo.speedup.axis.ms"),
        phrase("demo.oversubscribe.column.involuntary"),
        phrase("demo.oversubscribe.column.voluntary"),
        phrase("demo.oversubscribe.column.slowest"),
        phrase("demo.oversubscribe.column.memory"),
      ],
      rows: points.map(({ procs, ms, involuntary, voluntary, slowest, memoryMb }) => [
        String(procs),
        ms.toFixed(1),
        String(involuntary),
        String(voluntary),
        percentText(slowest),
        memoryMb.toFixed(0),
      ]),
    },
  ];
}
