/** What `--runs` and `--vs` print for a script. */

import type { Params } from "../demos/define.ts";
import type { DemoDocument } from "../demos/play.ts";
import { toThousandth } from "../os/units.ts";
import type { Ratio, Summary, Warning } from "../recording/results/comparison.ts";
import type { PlayedComparison, PlayedSeries } from "./series.ts";

interface SeriesDocument {
  readonly params: Params;
  /** The documents of `lanes demo NAME --json`, in the order they were played. */
  readonly runs: readonly DemoDocument[];
  /** By measure: `elapsedMs`, `cpuMs`, and those of the result. */
  readonly summary: Readonly<Record<string, Summary>>;
}

/** The document of `lanes demo NAME --runs N --json`; `vs` and `ratio` only with `--vs`. */
export interface ComparisonDocument extends SeriesDocument {
  readonly v: 1;
  readonly demo: string;
  /** Whether every run was. */
  readonly ok: boolean;
  /** The same with the parameters changed; its runs were played in turns with the others. */
  readonly vs?: SeriesDocument & { readonly changed: Params };
  /** By measure: that of `vs` by that of the others; left out where it has no meaning (a mean of 0). */
  readonly ratio?: Readonly<Record<string, Ratio>>;
  readonly warnings: readonly Warning[];
}

/** A comparison as a document; numbers rounded as in every other one. */
export function comparisonDocument({ demo, series, changed, ratios, warnings }: PlayedComparison): ComparisonDocument {
  const [a, b] = series;
  const ratio = Object.fromEntries(Object.entries(ratios).map(([name, each]) => [name, roundedRatio(each)]));
  return {
    v: 1,
    demo: demo.name,
    ok: isOk(series),
    ...seriesDocument(a),
    ...(b === undefined ? {} : { vs: { changed, ...seriesDocument(b) }, ratio }),
    warnings: warnings.map((warning) =>
      "share" in warning ? { ...warning, share: toThousandth(warning.share) } : warning,
    ),
  };
}

/** Whether every run showed what it promised. */
export function isOk(series: readonly PlayedSeries[]): boolean {
  return series.every(({ documents }) => documents.every(({ ok }) => ok));
}

function seriesDocument({ params, documents, summary }: PlayedSeries): SeriesDocument {
  return { params, runs: documents, summary: Object.fromEntries(Object.entries(summary).map(roundedEntry)) };
}

function roundedEntry([name, { n, mean, stddev, median, min, max }]: [string, Summary]): [string, Summary] {
  const rounded = {
    mean: toThousandth(mean),
    stddev: orNull(stddev, toThousandth),
    median: toThousandth(median),
    min: toThousandth(min),
  };
  return [name, { n, ...rounded, max: toThousandth(max) }];
}

/** A ratio may be very small or very large: six digits of it, wherever they begin. */
function roundedRatio({ value, error }: Ratio): Ratio {
  const digits = (number: number) => Number(number.toPrecision(6));
  return { value: digits(value), error: orNull(error, digits) };
}

const orNull = (value: number | null, rounded: (value: number) => number) => (value === null ? null : rounded(value));
