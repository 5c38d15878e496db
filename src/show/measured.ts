/**
 * Measured quantities in lines: `248.3 ± 6.1 ms`. As many digits as mean something: two of the standard deviation, and the
 * mean to the same place. What was the same in every run was not measured but given, and is left out.
 */

import { isMessageKey, message, said, t } from "../i18n/index.ts";
import { durationText, numberText } from "../os/units.ts";
import type { Comparison, Ratio, Summary } from "../recording/results/comparison.ts";
import type { Fact } from "../recording/results/outcome.ts";
import { fitRight, widest } from "../terminal/layout.ts";
import { paintOf, type Style, spelledOut } from "../terminal/style.ts";
import { table } from "./pictures/table.ts";
import { labelled } from "./words.ts";

/** Below this many columns a measure is several lines, and no row of a table. */
const MIN_TABLE_COLUMNS = 60;

/** A number with its spread, in two parts: `248.3` and ` ± 6.1 ms`. */
type Parts = readonly [number: string, spread: string];

/**
 * Every measure that was not the same in all runs: of both series and their ratio, or of the one and its range. One table;
 * or where that is too wide, some lines for each.
 */
export function measureSections({ series, ratios }: Comparison, style: Style): string[][] {
  const [a, b] = series;
  const names = Object.keys({ ...a.summary, ...b?.summary });
  const rows = names
    .filter((name) => name === "elapsedMs" || varies(name, series))
    .map((name): Row => {
      const one = partsOf(name, a.summary[name]);
      const cells =
        b === undefined
          ? [one, rangeParts(name, a.summary[name])]
          : [one, partsOf(name, b.summary[name]), ratioParts(ratios[name])];
      return { label: measureName(name), cells };
    });
  const titles = b === undefined ? [t("compare.mean"), t("compare.range")] : ["A", "B", "B / A"];
  return style.columns < MIN_TABLE_COLUMNS
    ? rows.map((row) => listLines(row, titles, style))
    : [tableLines(rows, titles, style)];
}

interface Row {
  readonly label: string;
  readonly cells: readonly Parts[];
}

function tableLines(rows: readonly Row[], titles: readonly string[], style: Style): string[] {
  const widths = titles.map((_, column) => widest(rows.map(({ cells }) => cells[column]?.[0] ?? "")));
  const cellText = ([number, spread]: Parts, column: number) => fitRight(number, widths[column] ?? 0) + spread;
  const picture = {
    kind: "table",
    columns: ["", ...titles].map((text) => spelledOut(text, style)),
    rows: rows.map(({ label, cells }) => [label, ...cells.map(cellText)].map((text) => spelledOut(text, style))),
  } as const;
  return table(picture, style);
}

function listLines({ label, cells }: Row, titles: readonly string[], style: Style): string[] {
  return [
    paintOf(style).bold(spelledOut(label, style)),
    ...cells.map((parts, i) => spelledOut(`  ${titles[i]}  ${parts.join("")}`, style)),
  ];
}

/** Whether the runs do not all agree on a measure. */
function varies(name: string, series: Comparison["series"]): boolean {
  const summaries = series.map(({ summary }) => summary[name]);
  const [first] = summaries;
  return summaries.some((summary) => summary?.min !== first?.min || summary?.max !== first?.min);
}

/** What the time of one is beside the other's: the slower by the faster, with the error; or that they cannot be told apart. */
export function verdictLines({ series, ratios }: Comparison, names: readonly string[], style: Style): string[] {
  const ratio = ratios.elapsedMs;
  if (ratio === undefined || series.length === 1) return [];
  const slower = ratio.value >= 1 ? 1 : 0;
  const shown = slower === 1 ? ratio : inverse(ratio);
  const values = {
    slower: names[slower] ?? "",
    faster: names[1 - slower] ?? "",
    ratio: ratioParts(shown).join(""),
  };
  const alike = shown.error !== null && shown.value - shown.error <= 1;
  return labelled(t("compare.difference"), t(alike ? "compare.alike" : "compare.slower", values), style);
}

/** The faster by the slower, from the slower by the faster; a ratio's relative error is that of its inverse. */
function inverse({ value, error }: Ratio): Ratio {
  return { value: 1 / value, error: error === null ? null : error / value ** 2 };
}

/** What was said of the two typical runs, where it is not the same. */
export function factLines({ series }: Comparison, style: Style): string[] {
  const [a, b] = series;
  if (b === undefined) return [];
  const [before, after] = [a.typical.outcome.facts, b.typical.outcome.facts];
  const labels = [...new Set([...before, ...after].map(({ label }) => label))];
  const told = (facts: readonly Fact[], wanted: Fact["label"]) =>
    spelledOut(said(facts.find(({ label }) => label === wanted)?.value ?? ""), style) || "-";
  const rows = labels
    .map((label) => [spelledOut(message(label), style), told(before, label), told(after, label)])
    .filter(([, one, other]) => one !== other);
  if (rows.length === 0) return [];
  return table({ kind: "table", columns: [t("compare.facts"), "A", "B"], rows }, style);
}

/** The name of a measure: `elapsed time`; `ipc: messages a second`; as the document has it where there are no words. */
export function measureName(name: string): string {
  const dot = name.lastIndexOf(".");
  const [of, what] = dot < 0 ? ["", name] : [name.slice(0, dot), name.slice(dot + 1)];
  const key = `compare.measure.${what}`;
  const words = isMessageKey(key) ? message(key) : what;
  return of === "" ? words : `${of}: ${words}`;
}

/** `248.3 ± 6.1 ms`. */
export function measureText(name: string, summary: Summary): string {
  return partsOf(name, summary).join("");
}

function partsOf(name: string, summary: Summary | undefined): Parts {
  if (summary === undefined) return ["-", ""];
  const { mean, stddev } = summary;
  if (!name.endsWith("Ms")) return spreadParts(mean, stddev, "");
  return mean >= 1_000
    ? spreadParts(mean / 1e3, stddev === null ? null : stddev / 1e3, " s")
    : spreadParts(mean, stddev, " ms");
}

function ratioParts(ratio: Ratio | undefined): Parts {
  return ratio === undefined ? ["-", ""] : spreadParts(ratio.value, ratio.error, "");
}

function spreadParts(value: number, spread: number | null, unit: string): Parts {
  if (spread === null || spread === 0) return [numberText(value), `${spread === null ? "" : " ± 0"}${unit}`];
  const digits = Math.min(3, Math.max(0, 1 - Math.floor(Math.log10(spread))));
  const text = (number: number) => (digits === 0 ? numberText(Math.round(number)) : number.toFixed(digits));
  return [text(value), ` ± ${text(spread)}${unit}`];
}

function rangeParts(name: string, summary: Summary | undefined): Parts {
  if (summary === undefined) return ["-", ""];
  const text = name.endsWith("Ms") ? durationText : numberText;
  return [`${text(summary.min)} – ${text(summary.max)}`, ""];
}
