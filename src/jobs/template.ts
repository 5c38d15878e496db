/**
 * The command with its placeholders, and the command of one job. Placeholders mean what they mean in GNU parallel:
 * `{}` the values, `{.}` without the extension, `{/}` the last part of a path, `{//}` its folder, `{/.}` the last part without
 * extension, `{1}` … `{-1}` one value, `{2/.}` both; `{#}` the job's number, `{%}` its slot. Other braces are text.
 *
 * Without a shell a template makes a list of arguments and a value is never looked at; with one it makes a line in which
 * every value is quoted for the place where it stands.
 */
import { type QuoteContext, QuoteTracker, shellQuote, shellQuoteIn } from "./quote.ts";
import type { Values } from "./values.ts";

/** What a template is filled with. */
export interface Filling {
  readonly seq: number;
  /** 1 to the number of jobs at once. */
  readonly slot: number;
  readonly values: Values;
}

/** A command ready to be run, and as a person (and a shell) would read it: what the joblog keeps. */
export interface Command {
  readonly argv: string[];
  readonly text: string;
}

type Operation = "" | "." | "/" | "//" | "/.";
type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "seq" | "slot"; readonly context: QuoteContext }
  | {
      readonly kind: "value";
      readonly index: number | null;
      readonly operation: Operation;
      readonly context: QuoteContext;
    };

const PLACEHOLDER = /\{(?:(-?[1-9]\d*)?(\.|\/\.|\/\/|\/)?|([#%]))\}/y;

/** The first placeholder in a text; undefined if it has none. */
export function placeholderIn(text: string): string | undefined {
  return new RegExp(PLACEHOLDER.source).exec(text)?.[0];
}

export class Template {
  /** Without a shell: the pieces of each argument. With one: of the only line. */
  readonly #arguments: readonly (readonly Piece[])[];
  readonly #shell: boolean;

  /**
   * @param command none: the values are lines of shell themselves.
   * @param options.shell run the command, joined with spaces, by `sh -c`.
   */
  constructor(command: readonly string[], options: { shell: boolean }) {
    this.#shell = options.shell || command.length === 0;
    const parsed = options.shell ? [parse(command.join(" "), true)] : command.map((word) => parse(word, false));
    const placed = parsed.some((pieces) => pieces.some(({ kind }) => kind !== "text"));
    const all: Piece = { kind: "value", index: null, operation: "", context: "plain" };
    if (placed || command.length === 0) this.#arguments = parsed;
    else if (options.shell) this.#arguments = parsed.map((pieces) => [...pieces, { kind: "text", text: " " }, all]);
    else this.#arguments = [...parsed, [all]];
  }

  /** Whether a job's command depends on the slot it happens to run in. */
  get usesSlot(): boolean {
    return this.#arguments.some((pieces) => pieces.some(({ kind }) => kind === "slot"));
  }

  /** The command of a job. */
  compose(filling: Filling): Command {
    if (!this.#shell) {
      const argv: string[] = [];
      let text = "";
      for (const pieces of this.#arguments) {
        for (const word of fill(pieces, filling)) {
          argv.push(word);
          text += text === "" ? shellQuote(word) : ` ${shellQuote(word)}`;
        }
      }
      return { argv, text };
    }
    const line =
      this.#arguments.length === 0
        ? filling.values.join(" ")
        : (this.#arguments[0] ?? []).map((piece) => inShell(piece, filling)).join("");
    return { argv: ["/bin/sh", "-c", line], text: line };
  }
}

function parse(word: string, shell: boolean): Piece[] {
  const pieces: Piece[] = [];
  const quotes = new QuoteTracker();
  let text = "";
  for (let at = 0; at < word.length; ) {
    PLACEHOLDER.lastIndex = at;
    // After a backslash a brace is a brace: a quoted value there would lose its first quote.
    const match = quotes.escaped ? null : PLACEHOLDER.exec(word);
    if (match === null) {
      const char = word[at] ?? "";
      if (shell) quotes.push(char, word[at - 1] ?? "");
      text += char;
      at += 1;
      continue;
    }
    if (text !== "") pieces.push({ kind: "text", text });
    text = "";
    const [whole, index, operation = "", special] = match;
    const { context } = quotes;
    if (special !== undefined) pieces.push({ kind: special === "#" ? "seq" : "slot", context });
    else {
      const number = index === undefined ? null : Number(index);
      pieces.push({ kind: "value", index: number, operation: operation as Operation, context });
    }
    at += whole.length;
  }
  if (text !== "") pieces.push({ kind: "text", text });
  return pieces;
}

/** The arguments one word of the template becomes: several where `{}` stands for several values, none for no value. */
function fill(pieces: readonly Piece[], filling: Filling): string[] {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return textsOf(only, filling);
  const words = [""];
  for (const piece of pieces) {
    const [first = "", ...more] = textsOf(piece, filling);
    words[words.length - 1] += first;
    words.push(...more);
  }
  return words;
}

function inShell(piece: Piece, filling: Filling): string {
  const texts = textsOf(piece, filling);
  if (piece.kind === "text") return piece.text;
  if (piece.context === "plain") return texts.map(shellQuote).join(" ");
  return shellQuoteIn(piece.context, texts.join(" "));
}

function textsOf(piece: Piece, { seq, slot, values }: Filling): string[] {
  switch (piece.kind) {
    case "text":
      return [piece.text];
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
