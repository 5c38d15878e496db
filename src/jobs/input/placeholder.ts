/**
 * Placeholders: how they are written in a word, and what each stands for in a job. They mean what they mean in GNU parallel:
 * `{}` the values, `{.}` without the extension, `{/}` the last part of a path, `{//}` its folder, `{/.}` the last part without
 * extension, `{1}` … `{-1}` one value, `{2/.}` both; `{#}` the job's number, `{%}` its slot. In braces of its own a placeholder
 * is text: `{{1}}` is `{1}`. Other braces are text, too.
 */
import type { ShellPlace } from "../shell/place.ts";
import type { JobValues } from "./values.ts";

/** What a template is filled with. */
export interface Filling {
  /** The job's number; digits that stand for it. */
  readonly seq: number | string;
  /** 1 to the number of jobs at once. */
  readonly slot: number;
  readonly values: JobValues;
}

type Operation = "" | "." | "/" | "//" | "/.";

export interface Placeholder {
  /** As it was written. */
  readonly text: string;
  readonly kind: "value" | "seq" | "slot";
  /** Of a value: which one; null: all. */
  readonly index: number | null;
  readonly operation: Operation;
  /** Where in a text for a shell it stands. */
  place?: ShellPlace;
}

/** A part of a word. */
export type Piece = string | Placeholder;

const PLACEHOLDER = /\{(?:(-?[1-9]\d*)?(\.|\/\.|\/\/|\/)?|([#%]))\}/;
/** One in braces of its own (group 1), or one. */
const BRACES = new RegExp(`\\{(${PLACEHOLDER.source.replaceAll(/\((?!\?)/g, "(?:")})\\}|${PLACEHOLDER.source}`, "g");

/** The first placeholder in a text; undefined if it has none. */
export function placeholderIn(text: string): string | undefined {
  return PLACEHOLDER.exec(text)?.[0];
}

/** A word as its texts and placeholders, in their order. */
export function piecesOf(word: string): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  let end = 0;
  for (const match of word.matchAll(BRACES)) {
    text += word.slice(end, match.index);
    end = match.index + match[0].length;
    const [whole, braced, index, operation = "", counted] = match;
    if (braced !== undefined) {
      text += braced;
      continue;
    }
    if (text !== "") pieces.push(text);
    text = "";
    pieces.push({
      text: whole,
      kind: counted === "#" ? "seq" : counted === "%" ? "slot" : "value",
      index: index === undefined ? null : Number(index),
      operation: operation as Operation,
    });
  }
  text += word.slice(end);
  if (text !== "") pieces.push(text);
  return pieces;
}

/** What stands for a piece: a text for each value. */
export function textsOf(piece: Piece, { seq, slot, values }: Filling): string[] {
  if (typeof piece === "string") return [piece];
  switch (piece.kind) {
    case "seq":
      return [String(seq)];
    case "slot":
      return [String(slot)];
    case "value": {
      const { index, operation } = piece;
      if (index === null) return values.map((value) => operate(operation, value));
      const value = values.at(index > 0 ? index - 1 : index);
      return value === undefined ? [] : [operate(operation, value)];
    }
  }
}

function operate(operation: Operation, value: string): string {
  switch (operation) {
    case "":
      return value;
    case ".":
      return value.replace(/\.[^/.]*$/, "");
    case "/":
      return value.slice(value.lastIndexOf("/") + 1);
    case "/.":
      return value.slice(value.lastIndexOf("/") + 1).replace(/\.[^/.]*$/, "");
    case "//":
      return folderOf(value);
  }
}

/** The folder of a path, as dirname(1) says. */
function folderOf(path: string): string {
  const bare = path.replace(/\/+$/, "");
  const at = bare.lastIndexOf("/");
  if (at < 0) return bare === "" && path !== "" ? "/" : ".";
  return bare.slice(0, at).replace(/\/+$/, "") || "/";
}
