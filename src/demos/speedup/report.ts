/** Demo `speedup`'s result: Amdahl's law, and the result as facts and pictures. */

import type { MessageKey } from "../../i18n/phrase.ts";
import { phrase } from "../../i18n/phrase.ts";
import { durationText, percentText, toThousandth } from "../../os/units.ts";
import type { Process } from "../../process/index.ts";
import { median } from "../analysis/numbers.ts";
import type { Fact, Picture } from "../define.ts";

/** One measurement of all the work. */
export interface SpeedupRun {
  readonly ms: number;
  readonly hits: number;
  /** CPU time of all its processes. */
  readonly cpuMs: number;
  /** The part of its computing time in which a process had a core: of the process that had least. */
  readonly coreShare: number;
}

/** The measurements with so many processes. */
export interface SpeedupPoint {
  readonly procs: number;
  /** The fastest of `runsMs`. */
  readonly ms: number;
  /** The time of one process by this time. */
  readonly speedup: number;
  /** Speedup by processes. */
  readonly efficiency: number;
  /** {@link SpeedupRun.coreShare} of the fastest. With more processes than cores it is below 1 whatever else happens. */
  readonly coreShare: number;
  readonly runsMs: readonly number[];
}

export interface SpeedupResult {
  readonly cores: number;
  readonly points: readonly SpeedupPoint[];
  /** The same work in one process as `asyncTasks` concurrent tasks. */
  readonly asyncMs: number;
  readonly asyncTasks: number;
  /** See {@link serialShareOf}. It says nothing of the work if the measurement was disturbed. */
  readonly serialShare: number | null;
  /** See {@link isDisturbed}. */
  readonly disturbed: boolean;
}

/** A process that computes has its core all the time, if nobody else wants it; a little goes to messages and interrupts. */
const LEAST_CORE_SHARE = 0.9;
/** The middle run by the fastest: more than this is no noise. */
const MOST_SCATTER = 1.25;

/** The point of these runs; `oneMs` is the fastest time of one process. */
export function pointOf(procs: number, runs: readonly SpeedupRun[], oneMs: number): SpeedupPoint {
  const fastest = runs.reduce((best, run) => (run.ms < best.ms ? run : best));
  const speedup = oneMs / fastest.ms;
  return {
    procs,
    ms: toThousandth(fastest.ms),
    speedup: toThousandth(speedup),
    efficiency: toThousandth(speedup / procs),
    coreShare: toThousandth(fastest.coreShare),
    runsMs: runs.map(({ ms }) => toThousandth(ms)),
  };
}

/** The points at which every process could have had a core for itself. */
const roomy = (points: readonly SpeedupPoint[], cores: number) => points.filter(({ procs }) => procs <= cores);
const leastCoreShare = (points: readonly SpeedupPoint[], cores: number) =>
  Math.min(...roomy(points, cores).map(({ coreShare }) => coreShare));
const scatter = (points: readonly SpeedupPoint[], cores: number) =>
  Math.max(...roomy(points, cores).map(({ ms, runsMs }) => median(runsMs) / ms));

const lacksCores = (points: readonly SpeedupPoint[], cores: number) => leastCoreShare(points, cores) < LEAST_CORE_SHARE;
const scatters = (points: readonly SpeedupPoint[], cores: number) => scatter(points, cores) > MOST_SCATTER;

/**
 * Whether these times are not those of the work alone: where there was a core for every process, one had to do without it,
 * even in the fastest run, or runs of the same work differ too much.
 */
export function isDisturbed(points: readonly SpeedupPoint[], cores: number): boolean {
  return lacksCores(points, cores) || scatters(points, cores);
}

/** The point that is held against Amdahl's law: as many processes as cores, or the nearest there is. */
function amdahlPoint(points: readonly SpeedupPoint[], cores: number): SpeedupPoint | undefined {
  return points.find(({ procs }) => procs === Math.max(2, cores)) ?? points.at(-1);
}

/** The serial share that the times give, null if only one process was played. */
export function serialShareOf(points: readonly SpeedupPoint[], cores: number): number | null {
  const point = amdahlPoint(points, cores);
  const share = point === undefined ? null : serialShare(point.procs, point.speedup);
  return share === null ? null : toThousandth(share);
}

const speedupOfTwo = (points: readonly SpeedupPoint[]) => points.find(({ procs }) => procs === 2)?.speedup;

/** Which of the prediction's choices came true; none if nobody measured two processes. */
export function answerOf(points: readonly SpeedupPoint[]): { answer?: string } {
  const double = speedupOfTwo(points);
  if (double === undefined) return {};
  if (double < 0.9) return { answer: "slower" };
  return { answer: double >= 1.8 ? "double" : double >= 1.2 ? "some" : "none" };
}

/** Why, where more processes were measured not to do what they usually do. */
export function speedupWhy({ points, cores, disturbed }: SpeedupResult): { why?: MessageKey } {
  if (disturbed) return { why: "demo.speedup.why.disturbed" };
  const noGain = cores > 1 && (speedupOfTwo(points) ?? 2) < 1.2;
  return noGain ? { why: "demo.speedup.why.noGain" } : {};
}

/**
 * The serial share s that Amdahl's law, S(p) = 1 / (s + (1 − s) / p), gives for a speedup S measured on p processes;
 * also known as the Karp-Flatt metric. Whatever costs time counts as serial: messages, a busy machine, too few cores.
 * Clamped to 0…1: better than ideal is noise or a larger cache, and slower than one process is not a share.
 * @returns null for fewer than two processes: one point is no curve.
 */
export function serialShare(procs: number, speedup: number): number | null {
  if (procs < 2 || !(speedup > 0)) return null;
  return Math.min(1, Math.max(0, (1 / speedup - 1 / procs) / (1 - 1 / procs)));
}

/** Which counts of processes to play: all while they are few; of more than 17 the powers of two, `cores`, the last. */
export function pointsUpTo(procs: number, cores: number): number[] {
  const all = Array.from({ length: procs }, (_, i) => i + 1);
  return all.filter((n) => procs <= 17 || Number.isInteger(Math.log2(n)) || n === cores || n === procs);
}

const times = (ratio: number) => `${ratio.toFixed(2)}×`;

/** What a person is told. */
export function speedupFacts(result: SpeedupResult, workers: readonly Process[]): Fact[] {
  const { cores, points, asyncMs } = result;
  const facts: Fact[] = [{ label: "demo.speedup.fact.cores", value: String(cores) }];
  if (lacksCores(points, cores))
    facts.push({ label: "demo.speedup.fact.coreShare", value: percentText(leastCoreShare(points, cores)) });
  if (scatters(points, cores)) facts.push({ label: "demo.speedup.fact.scatter", value: times(scatter(points, cores)) });
  const full = points.find(({ procs }) => procs === cores);
  if (full !== undefined && cores > 1)
    facts.push({ label: "demo.speedup.fact.full", value: `${times(full.speedup)} · ${percentText(full.efficiency)}` });
  const past = points.findLast(({ procs }) => procs > cores);
  if (past !== undefined)
    facts.push({ label: "demo.speedup.fact.past", value: `${past.procs}: ${times(past.speedup)}` });
  facts.push({
    label: "demo.speedup.fact.async",
    value: `${times((points[0]?.ms ?? Number.NaN) / asyncMs)} (${durationText(asyncMs)})`,
  });
  const amdahl = amdahlPoint(points, cores);
  // The law is of work that gains by more processes, each on a core of its own; a slow-down is no share of anything.
  const lawful = !result.disturbed && amdahl !== undefined && amdahl.procs <= cores && amdahl.speedup > 1;
  if (lawful && result.serialShare !== null)
    facts.push({ label: "demo.speedup.fact.serial", value: percentText(result.serialShare) });
  const startMs = workers.map(({ times }) => (times.readyMs ?? Number.NaN) - times.startMs);
  return [...facts, { label: "demo.speedup.fact.start", value: durationText(median(startMs)) }];
}

/** The curve beside its ideal (no number of processes has more than the cores to run on), and the figures. */
export function speedupPictures({ cores, points, asyncMs, asyncTasks }: SpeedupResult): Picture[] {
  return [
    {
      kind: "curve",
      xLabel: phrase("demo.speedup.axis.procs"),
      yLabel: phrase("demo.speedup.axis.speedup"),
      points: points.map(({ procs, speedup }) => ({ x: procs, y: speedup, ideal: Math.min(procs, cores) })),
    },
    {
      kind: "table",
      columns: [
        phrase("demo.speedup.axis.procs"),
        phrase("demo.speedup.axis.ms"),
        phrase("demo.speedup.axis.speedup"),
        phrase("demo.speedup.axis.efficiency"),
      ],
      rows: [
        ...points.map(({ procs, ms, speedup, efficiency }) => [
          String(procs),
          ms.toFixed(1),
          times(speedup),
          percentText(efficiency),
        ]),
        [`1 (async ×${asyncTasks})`, asyncMs.toFixed(1), times((points[0]?.ms ?? Number.NaN) / asyncMs), ""],
      ],
    },
  ];
}
