/**
 * Several runs as text for a person: what was measured, as hyperfine says it; and if there were two kinds of runs, what
 * differs between them, seen on one time axis and in numbers.
 */
import { message, t } from "../i18n/index.ts";
import { Histories } from "../recording/history.ts";
import type { Comparison, Series } from "../recording/results/comparison.ts";
import type { Params } from "../recording/results/demo.ts";
import { justify, wrap } from "../terminal/layout.ts";
import { glyphsOf, paintOf, type Style, spelledOut, toAscii } from "../terminal/style.ts";
import { factLines, measureSections, verdictLines } from "./measured.ts";
import { recordedTimelines } from "./pictures/timelines.ts";
import { commandLines } from "./text.ts";
import { warningText } from "./warnings.ts";
import { demoWords, labelled, paramsLine, textColumns } from "./words.ts";

/** What the two series are called. */
const NAMES = ["A", "B"] as const;

export interface ComparisonTextOptions {
  /** Nothing but what was measured and checked. */
  readonly brief: boolean;
}

/** All of it but the warnings, which are no result. Ends with a line break. */
export function comparisonText(comparison: Comparison, style: Style, { brief }: ComparisonTextOptions): string {
  const room = { ...style, columns: textColumns(style) };
  const sections = brief ? measuredSections(comparison, room) : comparisonSections(comparison, room);
  const text = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return style.ascii ? toAscii(text) : text;
}

/**
 * The parts of it, each some lines, in the order they are to be read.
 * @param lanes how many lanes of each timeline there is room for.
 */
export function comparisonSections(comparison: Comparison, style: Style, lanes?: number): string[][] {
  const room = { ...style, columns: textColumns(style) };
  return [
    headingLines(comparison, room),
    timelineLines(comparison, room, lanes),
    ...measuredSections(comparison, room),
    factLines(comparison, room),
    whyLines(comparison, room),
  ].filter((lines) => lines.length > 0);
}

/** What may have disturbed it: one line each, for wherever such things are said. */
export function warningLines({ warnings, series }: Comparison): string[] {
  return warnings.map((warning) => warningText(warning, series.length > 1 ? NAMES : undefined));
}

/** The command that does it again. */
export function comparisonCommand({ demo, series: [a], changed }: Comparison, style: Style): string[] {
  const options = demo.params.filter(({ name, default: standard }) => a.params[name] !== standard);
  const words = options.map(({ name }) => `--${name} ${a.params[name]}`);
  const vs = Object.entries(changed).map(([name, value]) => `${name}=${value}`);
  const command = ["lanes demo", demo.name, ...words, "--vs", vs.join(",")].join(" ");
  return commandLines(t("compare.command"), command, { ...style, columns: textColumns(style) });
}

/** `lock off`: the parameters that differ, as one of the two has them. */
export function variantText(demo: Comparison["demo"], changed: Params, params: Params): string {
  const differing = demo.params.filter(({ name }) => changed[name] !== undefined);
  return paramsLine({ params: differing }, params);
}

function headingLines({ demo, series, changed }: Comparison, style: Style): string[] {
  const [a, b] = series;
  const n = a.documents.length;
  const paint = paintOf(style);
  const same = paramsLine({ params: demo.params.filter(({ name }) => changed[name] === undefined) }, a.params);
  const title = `${demoWords(demo.name, "title")} (${demo.name})`;
  const runs = b === undefined ? t("compare.runs", { n }) : t("compare.runsEach", { n });
  return [
    paint.bold(justify(title, runs, style.columns, glyphsOf(style).ellipsis)),
    ...(same === "" ? [] : wrap(same, style.columns).map(paint.dim)),
  ];
}

/** A typical run of each, on one time axis. */
function timelineLines({ demo, series, changed }: Comparison, style: Style, lanes?: number): string[] {
  if (series.length === 1) return [];
  const parts = series.map(({ params, typical: { recording, document } }, i) => ({
    title: `${NAMES[i]}  ${variantText(demo, changed, params)}`,
    fromMs: 0,
    toMs: document.elapsedMs,
    histories: Histories.of(recording.events(), demo.shared !== undefined),
  }));
  return recordedTimelines(parts, style, lanes);
}

/** The numbers, what they come to in words, and the checks. */
function measuredSections(comparison: Comparison, style: Style): string[][] {
  const { demo, series, changed } = comparison;
  const names = series.map(({ params }, i) => {
    const what = variantText(demo, changed, params).replaceAll("   ", ", ");
    return t("compare.variant", { name: NAMES[i] ?? "", what });
  });
  const verdict = verdictLines(comparison, names, style);
  const sections = [...measureSections(comparison, style), verdict, checkLines(series, style)];
  return sections.filter((lines) => lines.length > 0);
}

/** One line if all is well; else each check that failed, and in how many runs. */
function checkLines(series: readonly Series[], style: Style): string[] {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const indent = " ".repeat(Bun.stringWidth(glyphs.ok) + 1);
  const line = (mark: string, text: string) => wrap(`${mark} ${text}`, style.columns, indent);
  const n = series.reduce((sum, { documents }) => sum + documents.length, 0);
  const failed = series.flatMap(({ failed, documents }, i) =>
    [...failed].flatMap(([label, times]) => {
      const which = series.length === 1 ? "" : `${NAMES[i]}: `;
      const count = t("compare.failedIn", { times, n: documents.length });
      return line(paint.red(glyphs.wrong), `${which}${spelledOut(message(label), style)} (${count})`);
    }),
  );
  return failed.length > 0 ? failed : line(paint.green(glyphs.ok), t("compare.allChecks", { n }));
}

/** Why each came out as it did; once, if there is one reason for both. */
function whyLines({ demo, series }: Comparison, style: Style): string[] {
  if (series.length === 1) return [];
  const whys = series.map(({ params, typical: { outcome } }) =>
    outcome.why === undefined ? demoWords(demo.name, "why", params) : message(outcome.why),
  );
  if (whys[0] === whys[1]) return labelled(t("view.why"), whys[0] ?? "", style);
  return whys.flatMap((why, i) => labelled(t("compare.why", { name: NAMES[i] ?? "" }), why, style));
}
