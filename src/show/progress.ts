/** How far a person has come, as text: a line for each demo of the course under its heading, and what to play next. */
import { isMessageKey, message, t } from "../i18n/index.ts";
import { printable } from "../os/bytes/printable.ts";
import type { DemoProgress } from "../recording/results/plays.ts";
import { fit, fitRight, truncate, widest, wrap } from "../terminal/layout.ts";
import { glyphsOf, paintOf, type Style, toAscii } from "../terminal/style.ts";
import { demoWords, gapAfter } from "./words.ts";

export interface ShownProgress {
  readonly demos: readonly (DemoProgress & { readonly group: string })[];
  readonly next: string | undefined;
  /** Where it is kept. */
  readonly file: string | undefined;
}

/** Below this a column for the result would show nothing of it. */
const LEAST_RESULT = 16;

/** All of it. Ends with a line break. */
export function progressText(shown: ShownProgress, style: Style): string {
  const { demos, next, file } = shown;
  const paint = paintOf(style);
  const sum = (of: (demo: DemoProgress) => number) => demos.reduce((total, demo) => total + of(demo), 0);
  const right = sum((demo) => demo.right);
  const predictions = right + sum((demo) => demo.wrong);
  const played = demos.filter(({ plays }) => plays > 0).length;
  const heading = [
    t("progress.played", { played, all: demos.length }),
    ...(predictions > 0 ? [t("progress.predictions", { right, predictions })] : []),
  ].join(" · ");
  const lines = [
    ...wrap(heading, style.columns).map(paint.bold),
    "",
    ...table(demos, style),
    "",
    next === undefined ? t("progress.all") : nextLine(next, style),
    ...(file === undefined
      ? []
      : [paint.dim(`${t("progress.kept")}${gapAfter(t("progress.kept"))}${printable(file)}`)]),
  ];
  const text = `${lines.join("\n")}\n`;
  return style.ascii ? toAscii(text) : text;
}

function nextLine(next: string, style: Style): string {
  const label = t("progress.next");
  const line = `${paintOf(style).bold(label)}${gapAfter(label)}lanes demo ${next}`;
  const titled = `${line}   ${demoWords(next, "title")}`;
  return Bun.stringWidth(titled) <= style.columns ? titled : line;
}

function table(demos: ShownProgress["demos"], style: Style): string[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const marks = Bun.stringWidth(glyphs.ok);
  const columns = [
    { title: "", cells: demos.map(({ demo }) => demo), place: fit },
    { title: t("progress.column.last"), cells: demos.map(({ last }) => (last ? dateOf(last.at) : "")), place: fit },
    { title: t("progress.column.plays"), cells: demos.map(({ plays }) => plays || ""), place: fitRight },
    { title: t("progress.column.right"), cells: demos.map(predictionsOf), place: fitRight },
  ].map(({ title, cells, place }) => {
    const width = widest([title, ...cells.map(String)]);
    return { title: place(title, width), cells: cells.map((cell) => place(String(cell), width)), width };
  });
  // Where not all of it has room, the first columns have.
  const shown = columns.filter((_, i) => {
    const upTo = columns.slice(0, i + 1).reduce((sum, { width }) => sum + width + 2, marks + 2);
    return upTo <= style.columns;
  });
  const indent = " ".repeat(2 + marks + 1);
  const left = shown.reduce((sum, { width }) => sum + width + 2, indent.length);
  const room = style.columns - left;
  const result = (text: string) => (room >= LEAST_RESULT ? truncate(text, room, glyphs.ellipsis) : "");
  const row = (cells: readonly string[], more: string) => `${cells.join("  ")}  ${result(more)}`.trimEnd();
  const titles = row(
    shown.map(({ title }) => title),
    t("progress.column.result"),
  );
  return [
    paint.dim(`${indent}${titles}`),
    ...demos.flatMap((demo, i) => {
      const cells = shown.map(({ cells }) => cells[i] ?? "");
      const mark = demo.plays > 0 ? paint.green(glyphs.ok) : " ".repeat(marks);
      const line = `  ${mark} ${row(cells, resultOf(demo))}`.trimEnd();
      return demo.group === demos[i - 1]?.group ? [line] : [paint.dim(demo.group), line];
    }),
  ];
}

/** Predictions that came true, of all: `2/3`. */
function predictionsOf({ right, wrong }: DemoProgress): string {
  return right + wrong === 0 ? "" : `${right}/${right + wrong}`;
}

/** What came of the newest play, the value first; nothing of it can be an escape sequence, wherever the file came from. */
function resultOf({ demo, last }: DemoProgress): string {
  if (last === undefined) return "";
  const { fact, answer = "", params } = last;
  const text =
    fact !== undefined && isMessageKey(fact.label)
      ? `${fact.value} · ${message(fact.label)}`
      : demoWords(demo, `predict.${answer}`, params);
  return printable(text);
}

/** The day, where the person is. */
function dateOf(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
