/**
 * What came of a demo, as text for a person: the same lines in the menu, in a terminal and in a pipe, at a given width.
 */
import type { Demo, Outcome, Params } from "../demos/demo.ts";
import { message, t } from "../i18n/index.ts";
import type { Recording } from "../timeline/recording.ts";
import { Histories } from "./history.ts";
import { durationText, fit, justify, widest, wrap } from "./layout.ts";
import { draw } from "./pictures/index.ts";
import { glyphsOf, paintOf, type Style, toAscii } from "./style.ts";
import { demoWords, labelled, paramsLine, textColumns } from "./words.ts";

/** A demo that was played: what `playDemo` returns. */
export interface ShownDemo {
  readonly demo: Pick<Demo, "name" | "code" | "command" | "params" | "shared">;
  readonly document: { readonly params: Params; readonly elapsedMs: number; readonly ok: boolean };
  readonly outcome: Outcome;
  readonly recording: Pick<Recording, "events">;
}

export interface TextOptions {
  /** The choice a person predicted, if one was asked. */
  readonly predicted?: string | undefined;
  /** Show the code that ran. */
  readonly code?: boolean;
  /** Begin with the result: a live view has shown the rest. */
  readonly resultOnly?: boolean;
}

/** Everything: heading, what to watch, result, and the code if wanted. Ends with a line break. */
export function demoText(shown: ShownDemo, style: Style, options: TextOptions = {}): string {
  const heading = options.resultOnly === true ? [] : headingLines(shown, style);
  const lines = [...heading, "", ...resultLines(shown, style, options.predicted)];
  if (options.code === true) lines.push("", ...codeLines(shown.demo.code, style));
  const text = `${lines.join("\n")}\n`;
  return style.ascii ? toAscii(text) : text;
}

/** When it was picked: which demo, what it does, and what to watch. */
export function introLines(name: string, style: Style): string[] {
  return [
    paintOf(style).bold(`${demoWords(name, "title")} (${name})`),
    ...wrap(demoWords(name, "summary"), textColumns(style)),
  ];
}

/** Before the run: which demo, with which parameters, and what to watch. */
function headingLines(shown: Pick<ShownDemo, "demo" | "document">, style: Style): string[] {
  const { name } = shown.demo;
  const paint = paintOf(style);
  const columns = textColumns(style);
  const params = paramsLine(shown.demo, shown.document.params);
  const title = `${demoWords(name, "title")} (${name})`;
  return [
    paint.bold(justify(title, durationText(shown.document.elapsedMs), columns)),
    ...(params === "" ? [] : wrap(params, columns).map(paint.dim)),
    ...labelled(t("view.watch"), demoWords(name, "watch", shown.document.params), style),
  ];
}

/** After the run: facts, checks, pictures, prediction, why, and what to do next. */
function resultLines(shown: ShownDemo, style: Style, predicted?: string): string[] {
  const { demo, document, outcome, recording } = shown;
  const room = { ...style, columns: textColumns(style) };
  const histories = Histories.of(recording.events(), demo.shared !== undefined);
  const sections = [
    factLines(outcome, room),
    ...outcome.pictures.map((picture) => draw(picture, histories, room)),
    checkLines(outcome, room),
    predictionLines(demo.name, document.params, outcome.answer, predicted, room),
    labelled(t("view.why"), outcome.why ? message(outcome.why) : demoWords(demo.name, "why", document.params), room),
    [
      ...labelled(t("view.ownWork"), demo.command, room),
      ...labelled(t("view.tryNext"), suggestionCommand(shown), room),
    ],
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}

/** The code that ran, and the Python one would write. */
export function codeLines(code: Demo["code"], style: Style): string[] {
  const paint = paintOf(style);
  return [
    paint.bold(t("view.typescript")),
    ...code.typescript.split("\n").map((line) => `  ${line}`.trimEnd()),
    "",
    paint.bold(t("view.python")),
    ...code.python.split("\n").map((line) => `  ${line}`.trimEnd()),
  ];
}

/** The command that plays the suggested change: `lanes demo race --procs 8`. */
function suggestionCommand({ demo, document, outcome }: ShownDemo): string {
  const params = { ...document.params, ...outcome.suggestion };
  const changed = demo.params.filter(({ name, default: standard }) => params[name] !== standard);
  return ["lanes demo", demo.name, ...changed.map(({ name }) => `--${name} ${params[name]}`)].join(" ");
}

function factLines(outcome: Outcome, style: Style): string[] {
  const labels = outcome.facts.map(({ label }) => message(label));
  const labelWidth = Math.min(widest(labels), Math.max(12, style.columns - 24));
  return outcome.facts.flatMap(({ value }, i) => {
    const [first = "", ...more] = wrap(labels[i] ?? "", labelWidth);
    const values = wrap(value, Math.max(10, style.columns - labelWidth - 2));
    const lines = Math.max(1 + more.length, values.length);
    return Array.from({ length: lines }, (_, line) =>
      `${fit(line === 0 ? first : (more[line - 1] ?? ""), labelWidth)}  ${paintOf(style).bold(values[line] ?? "")}`.trimEnd(),
    );
  });
}

function checkLines(outcome: Outcome, style: Style): string[] {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  return outcome.checks.flatMap(({ label, ok }) => {
    const mark = ok ? paint.green(glyphs.ok) : paint.red(glyphs.wrong);
    const indent = Bun.stringWidth(glyphs.ok) + 1;
    return wrap(message(label), style.columns - indent).map(
      (line, i) => `${i === 0 ? `${mark} ` : " ".repeat(indent)}${line}`,
    );
  });
}

/** What was predicted beside what came. */
function predictionLines(
  name: string,
  params: Params,
  answer: string | undefined,
  predicted: string | undefined,
  style: Style,
): string[] {
  if (answer === undefined || predicted === undefined) return [];
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const choice = (value: string) => demoWords(name, `predict.${value}`, params) || value;
  const right = predicted === answer;
  const mark = right ? paint.green(glyphs.ok) : paint.red(glyphs.wrong);
  return [
    ...labelled(t("view.predicted"), choice(predicted), style),
    ...labelled(t("view.answer"), `${choice(answer)} ${mark}`, style),
  ];
}
