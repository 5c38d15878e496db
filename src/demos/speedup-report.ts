/** Demo `speedup`'s result: Amdahl's law, and the result as facts and pictures. */
import { t } from "../i18n/index.ts";
import type { Process } from "../process/index.ts";
import type { Fact, Picture } from "./demo.ts";
import { duration, median } from "./numbers.ts";

export interface SpeedupResult {
  readonly cores: number;
  readonly points: readonly {
    readonly procs: number;
    /** The fastest of `runsMs`. */
    readonly ms: number;
    /** The time of one process by this time. */
    readonly speedup: number;
    /** Speedup by processes. */
    readonly efficiency: number;
    readonly runsMs: readonly number[];
  }[];
  /** The same work in one process as `asyncTasks` concurrent tasks. */
  readonly asyncMs: number;
  readonly asyncTasks: number;
  /** From the point with as many processes as cores, or the nearest there is; null if only one process was played. */
  readonly serialShare: number | null;
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

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const times = (ratio: number) => `${ratio.toFixed(2)}×`;

/** What a person is told. */
export function speedupFacts(result: SpeedupResult, workers: readonly Process[]): Fact[] {
  const { cores, points, asyncMs } = result;
  const facts: Fact[] = [{ label: "demo.speedup.fact.cores", value: String(cores) }];
  const full = points.find(({ procs }) => procs === cores);
  if (full !== undefined && cores > 1)
    facts.push({ label: "demo.speedup.fact.full", value: `${times(full.speedup)} · ${percent(full.efficiency)}` });
  const past = points.findLast(({ procs }) => procs > cores);
  if (past !== undefined)
    facts.push({ label: "demo.speedup.fact.past", value: `${past.procs}: ${times(past.speedup)}` });
  facts.push({
    label: "demo.speedup.fact.async",
    value: `${times((points[0]?.ms ?? Number.NaN) / asyncMs)} (${duration(asyncMs)})`,
  });
  if (result.serialShare !== null)
    facts.push({ label: "demo.speedup.fact.serial", value: percent(result.serialShare) });
  const startMs = workers.map(({ times }) => (times.readyMs ?? Number.NaN) - times.startMs);
  return [...facts, { label: "demo.speedup.fact.start", value: duration(median(startMs)) }];
}

/** The curve beside its ideal (no number of processes has more than the cores to run on), and the figures. */
export function speedupPictures({ cores, points, asyncMs, asyncTasks }: SpeedupResult): Picture[] {
  return [
    {
      kind: "curve",
      xLabel: t("demo.speedup.axis.procs"),
      yLabel: t("demo.speedup.axis.speedup"),
      points: points.map(({ procs, speedup }) => ({ x: procs, y: speedup, ideal: Math.min(procs, cores) })),
    },
    {
      kind: "table",
      columns: [
        t("demo.speedup.axis.procs"),
        t("demo.speedup.axis.ms"),
        t("demo.speedup.axis.speedup"),
        t("demo.speedup.axis.efficiency"),
      ],
      rows: [
        ...points.map(({ procs, ms, speedup, efficiency }) => [
          String(procs),
          ms.toFixed(1),
          times(speedup),
          percent(efficiency),
        ]),
        [`1 (async ×${asyncTasks})`, asyncMs.toFixed(1), times((points[0]?.ms ?? Number.NaN) / asyncMs), ""],
      ],
    },
  ];
}
