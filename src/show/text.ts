/**
 * What came of a demo, as text for a person: the same lines in the menu, in a terminal and in a pipe, at a given width.
 */

import { message, said, t } from "../i18n/index.ts";
import { durationText } from "../os/units.ts";
import { Histories } from "../recording/history.ts";
import type { Params, ShownDemo } from "../recording/results/demo.ts";
import type { Told } from "../recording/results/outcome.ts";
import type { ShownPlay } from "../recording/results/shown-play.ts";
import { fit, justify, widest, wrap } from "../terminal/layout.ts";
import { glyphsOf, MIN_COLUMNS, paintOf, type Style, spelledOut, toAscii } from "../terminal/style.ts";
import { draw } from "./pictures/index.ts";
import { demoCommand, demoWords, gapAfter, labelled, listingsOf, paramsLine, textColumns } from "./words.ts";

export interface TextOptions {
  /** The choice a person predicted, if one was asked. */
  readonly predicted?: string | undefined;
  /** Show the code that ran. */
  readonly code?: boolean;
  /** Begin with the result: a live view has shown the rest. */
  readonly resultOnly?: boolean;
  /** Nothing but what was measured and checked: no pictures, no explanations, no advice. */
  readonly brief?: boolean;
  /** Say which demo it was even then. */
  readonly titled?: boolean;
}

/** Everything: heading, what to watch, result, and the code if wanted. Ends with a line break. */
export function demoText(shown: ShownPlay, style: Style, options: TextOptions = {}): string {
  const lines = options.brief === true ? briefLines(shown, style, options) : fullLines(shown, style, options);
  if (options.code === true) lines.push("", ...codeLines(shown.demo, shown.document.params, style));
  const text = `${lines.join("\n")}\n`;
  return style.ascii ? toAscii(text) : text;
}

/** When it was picked: which demo, what it does, and what to watch. */
export function introLines(name: string, style: Style): string[] {
  return [
    paintOf(style).bold(`${demoWords(name, "title")} (${name})`),
    ...wrap(spelledOut(demoWords(name, "summary"), style), textColumns(style)),
  ];
}

/** Before the run: which demo, with which parameters, and what to watch. */
function headingLines(shown: Pick<ShownPlay, "demo" | "document">, style: Style): string[] {
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

/** After the run: facts, pictures, checks, prediction, why, and what to do next; what is empty is left out. */
export function resultSections(shown: ShownPlay, style: Style, predicted?: string): string[][] {
  const { demo, document, outcome, recording } = shown;
  const room = { ...style, columns: textColumns(style) };
  const histories = Histories.of(recording.events(), demo.shared !== undefined);
  return [
    factLines(outcome, room),
    ...outcome.pictures.map((picture) => draw(picture, histories, room)),
    checkLines(outcome, room),
    predictionLines(demo.name, document.params, outcome.answer, predicted, room),
    labelled(t("view.why"), outcome.why ? message(outcome.why) : demoWords(demo.name, "why", document.params), room),
    [
      ...commandLines(t("view.ownWork"), outcome.command ?? demo.command, room),
      ...commandLines(
        t("view.tryNext"),
        demoCommand(demo, { ...document.params, ...outcome.suggestion }, outcome.on),
        room,
      ),
    ],
  ].filter((lines) => lines.length > 0);
}

function fullLines(shown: ShownPlay, style: Style, { resultOnly, predicted }: TextOptions): string[] {
  const heading = resultOnly === true ? [] : headingLines(shown, style);
  return [...heading, "", ...together(resultSections(shown, style, predicted))];
}

function briefLines({ demo, outcome }: ShownPlay, style: Style, { titled }: TextOptions): string[] {
  const room = { ...style, columns: textColumns(style) };
  const title = titled === true ? [paintOf(style).bold(demo.name)] : [];
  return [...title, ...factLines(outcome, room), ...checkLines(outcome, room), ...(titled === true ? [""] : [])];
}

/** Sections with an empty line between them. */
function together(sections: readonly (readonly string[])[]): string[] {
  return sections.flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}

/** A command to copy: never broken, whatever the width; one that is too wide stands on a line of its own. */
export function commandLines(label: string, command: string, style: Style): string[] {
  const line = [paintOf(style).bold(label), command].join(gapAfter(label));
  return Bun.stringWidth(line) <= style.columns ? [line] : [paintOf(style).bold(label), command];
}

/** The code that ran, and the programs one would write. A line that is too wide goes on below, further in than it began. */
export function codeLines(demo: Pick<ShownDemo, "name" | "code">, params: Params, style: Style): string[] {
  const paint = paintOf(style);
  const columns = Math.max(MIN_COLUMNS, style.columns);
  const lines = (text: string) =>
    text.split("\n").flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      return wrap(`  ${line}`, columns, `${indent}      `);
    });
  return together(
    listingsOf(demo, params).map(([title, text]) => [...wrap(title, columns).map(paint.bold), ...lines(text)]),
  );
}

function factLines(outcome: Told, style: Style): string[] {
  const labels = outcome.facts.map(({ label }) => spelledOut(message(label), style));
  const labelWidth = Math.min(widest(labels), Math.max(12, style.columns - 24));
  return outcome.facts.flatMap(({ value }, i) => {
    const [first = "", ...more] = wrap(labels[i] ?? "", labelWidth);
    const values = wrap(spelledOut(said(value), style), Math.max(10, style.columns - labelWidth - 2));
    const lines = Math.max(1 + more.length, values.length);
    return Array.from({ length: lines }, (_, line) =>
      `${fit(line === 0 ? first : (more[line - 1] ?? ""), labelWidth)}  ${paintOf(style).bold(values[line] ?? "")}`.trimEnd(),
    );
  });
}

function checkLines(outcome: Told, style: Style): string[] {
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  return outcome.checks.flatMap(({ label, ok }) => {
    const mark = ok ? paint.green(glyphs.ok) : paint.red(glyphs.wrong);
    const indent = Bun.stringWidth(glyphs.ok) + 1;
    return wrap(spelledOut(message(label), style), style.columns - indent).map(
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
  if (predicted === undefined) return [];
  const glyphs = glyphsOf(style);
  const paint = paintOf(style);
  const choice = (value: string) => demoWords(name, `predict.${value}`, params) || value;
  if (answer === undefined) {
    return [
      ...labelled(t("view.predicted"), choice(predicted), style),
      ...labelled(t("view.answer"), t("view.answer.none"), style),
    ];
  }
  const right = predicted === answer;
  const mark = right ? paint.green(glyphs.ok) : paint.red(glyphs.wrong);
  return [
    ...labelled(t("view.predicted"), choice(predicted), style),
    ...labelled(t("view.answer"), `${choice(answer)} ${style.ascii ? `(${mark})` : mark}`, style),
  ];
}
