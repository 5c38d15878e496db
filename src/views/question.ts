/**
 * A question as lines: one of several answers, or a line of text. Pure, and free of the prompt library. Whatever is too
 * wide goes on in a line of its own, under where it began; a question that was left shows no answer.
 */
import { wrap } from "./layout.ts";
import { scrolled } from "./scrolled.ts";
import { glyphsOf, MIN_COLUMNS, paintOf, type Style, spelledOut } from "./style.ts";

export type QuestionState = "open" | "taken" | "left";

/** An answer to choose; the hint is shown where it can be taken. */
export interface Answer {
  readonly label: string;
  readonly hint?: string;
}

export interface ChoiceView {
  readonly message: string;
  readonly answers: readonly Answer[];
  /** Which of them Enter takes. */
  readonly cursor: number;
  readonly state: QuestionState;
}

export interface TextView {
  readonly message: string;
  /** What was typed, with the caret in it while the question is open. */
  readonly typed: string;
  /** What is wrong with what was entered; empty if nothing is. */
  readonly problem: string;
  readonly state: QuestionState;
}

/** One of several, in at most `rows` lines as long as the question itself leaves room for three. */
export function choiceLines(view: ChoiceView, style: Style, rows: number): string[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const head = headLines(view, style);
  if (view.state !== "open") return [...head, ...answerLines(view.answers[view.cursor]?.label ?? "", view, style)];
  const answers = view.answers.flatMap(({ label, hint }, index) => {
    const active = index === view.cursor;
    const radio = active ? paint.green(glyphs.on) : paint.dim(glyphs.off);
    const text = spelledOut(active && hint !== undefined && hint !== "" ? `${label} (${hint})` : label, style);
    return wrap(text, room(style) - 2).map((line, i) => ({
      text: `${i === 0 ? radio : " "} ${active ? line : paint.dim(line)}`,
      index,
    }));
  });
  const shown = scrolled(answers, view.cursor, Math.max(3, rows - head.length - 1), style);
  const edge = paint.cyan(glyphs.trunk);
  return [...head, ...shown.map((line) => `${edge}  ${line}`.trimEnd()), paint.cyan(glyphs.corner)];
}

/** A line of text. */
export function textLines(view: TextView, style: Style): string[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const head = headLines(view, style);
  if (view.state !== "open") return [...head, ...answerLines(view.typed, view, style)];
  const wrong = view.problem !== "";
  const edge = wrong ? paint.yellow : paint.cyan;
  const typed = Bun.wrapAnsi(view.typed, room(style), { hard: true, trim: false, wordWrap: false }).split("\n");
  const problem = wrong ? wrap(view.problem, room(style)) : [""];
  return [
    ...head,
    ...typed.map((line) => `${edge(glyphs.trunk)}  ${line}`),
    ...problem.map((line, i) => `${edge(i === 0 ? glyphs.corner : " ")}  ${paint.yellow(line)}`.trimEnd()),
  ];
}

/** Columns right of the line that joins the questions. */
function room({ columns }: Style): number {
  return Math.max(MIN_COLUMNS, columns) - 3;
}

/** What is asked, and how that stands. */
function headLines({ message, state }: Pick<ChoiceView, "message" | "state">, style: Style): string[] {
  const paint = paintOf(style);
  const glyphs = glyphsOf(style);
  const mark = { open: paint.cyan(glyphs.active), taken: paint.green(glyphs.taken), left: paint.dim(glyphs.left) };
  const edge = state === "open" ? paint.cyan(glyphs.trunk) : paint.dim(glyphs.trunk);
  const lines = wrap(spelledOut(message, style), room(style));
  return [paint.dim(glyphs.trunk), ...lines.map((line, i) => `${i === 0 ? mark[state] : edge}  ${line}`.trimEnd())];
}

/** What was answered; of a question that was left, nothing. */
function answerLines(answer: string, { state }: Pick<ChoiceView, "state">, style: Style): string[] {
  const paint = paintOf(style);
  const bar = paint.dim(glyphsOf(style).trunk);
  if (state === "left" || answer === "") return [bar];
  return wrap(spelledOut(answer, style), room(style)).map((line) => `${bar}  ${paint.dim(line)}`);
}
