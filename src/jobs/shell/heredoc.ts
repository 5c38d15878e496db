/** Here-documents: the word after `<<`, and the lines up to it. */
import type { BodyPlace, Placeable, TextCell } from "./place.ts";

export interface Heredoc {
  readonly delimiter: string;
  /** Some of it was quoted: nothing is expanded in the body. */
  readonly quoted: boolean;
  readonly stripsTabs: boolean;
}

/** Reads from after `<<`. @returns a heredoc of null if the word is not one whose meaning is plain. */
export function readDelimiter(
  cells: readonly TextCell[],
  start: number,
): { heredoc: Heredoc | null; end: number; slots: readonly Placeable[] } {
  let at = start;
  const stripsTabs = cells[at] === "-";
  if (stripsTabs) at += 1;
  while (cells[at] === " " || cells[at] === "\t") at += 1;
  const first = at;
  const slots: Placeable[] = [];
  let delimiter = "";
  let quoted = false;
  let clear = true;
  let quote = "";
  for (; at < cells.length; at += 1) {
    const cell = cells[at] ?? "";
    if (typeof cell !== "string") slots.push(cell);
    else if (cell === "\n" && quote !== "") break;
    else if (quote !== "" && cell === quote) quote = "";
    else if (quote === "'") delimiter += cell;
    else if (cell === "$" || cell === "`" || (cell === "\\" && quote !== "")) clear = false;
    else if (quote !== "") delimiter += cell;
    else if (/[\s;&|<>()]/.test(cell)) break;
    else if (cell === "'" || cell === '"') {
      quote = cell;
      quoted = true;
    } else if (cell === "\\") {
      at += 1;
      const next = cells[at];
      if (typeof next !== "string" || next === "\n") clear = false;
      else delimiter += next;
      quoted = true;
    } else delimiter += cell;
  }
  clear &&= quote === "" && at > first && slots.length === 0;
  return { heredoc: clear ? { delimiter, quoted, stripsTabs } : null, end: at, slots };
}

/** A body, and what there is to know about the lines its placeholders are on. */
interface Body {
  readonly cells: readonly TextCell[];
  readonly places: ReadonlyMap<Placeable, BodyPlace>;
  /** Where the text goes on. */
  readonly end: number;
}

/** Reads from the line after `<<WORD`. @returns null where shells do not agree on where it ends. */
export function readBody(
  cells: readonly TextCell[],
  start: number,
  { delimiter, quoted, stripsTabs }: Heredoc,
  substitution: boolean,
): Body | null {
  const places = new Map<Placeable, BodyPlace>();
  let continued = false;
  for (let at = start; ; ) {
    let end = cells.indexOf("\n", at);
    if (end < 0) end = cells.length;
    let from = at;
    while (stripsTabs && cells[from] === "\t") from += 1;
    const line = cells.slice(from, end);
    const text = textOf(line);
    const slots = line.filter((cell) => typeof cell !== "string");
    if (slots.length === 0 && text === delimiter) {
      return continued ? null : { cells: cells.slice(start, at), places, end: end + 1 };
    }
    // To bash a line ends it as well that begins with the delimiter and has the parenthesis of the substitution in it.
    const first = line.findIndex((cell) => typeof cell !== "string");
    const head = textOf(first < 0 ? line : line.slice(0, first));
    if (substitution && head.startsWith(delimiter) && (first >= 0 || text.includes(")"))) return null;
    for (const slot of slots) {
      const before = cells.slice(from, cells.indexOf(slot, from));
      const beginsLine = !continued && before.every((cell) => cell === "\t" || typeof cell !== "string");
      const mayDelimit = continued || isWithin(textOf(before), delimiter);
      places.set(slot, { kind: "body", backticks: 0, delimiter, stripsTabs, beginsLine, mayDelimit });
    }
    if (end >= cells.length) return { cells: cells.slice(start), places, end };
    continued = !quoted && (/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1 && typeof line.at(-1) === "string";
    at = end + 1;
  }
}

const textOf = (cells: readonly TextCell[]) => cells.filter((cell) => typeof cell === "string").join("");

/** Whether a text could be part of a delimiter, with something else between its characters. */
function isWithin(text: string, delimiter: string): boolean {
  return text.length <= delimiter.length && [...text].every((char) => delimiter.includes(char));
}
