/**
 * The command with its placeholders (placeholder.ts), and the command of one job.
 *
 * Always true: without a shell a template makes a list of arguments and a value is never looked at; with one it makes a text in which
 * every value is quoted for the place where it stands, or is refused before anything is started.
 */
import { type LanesError, usageError } from "../../errors.ts";
import type { Dialect } from "../shell/dialect.ts";
import type { ShellPlace } from "../shell/place.ts";
import { type Filling, type Piece, type Placeholder, piecesOf, textsOf } from "./placeholder.ts";
import { isChoosy, quoteAt, shellQuote, takes } from "./quote.ts";

/** A command ready to be run, and as a person (and a shell) would read it: what the joblog keeps. */
export interface JobCommand {
  readonly argv: string[];
  readonly text: string;
}

/** The shell that runs a command, or each line where there is none. */
export interface TemplateShell {
  /** What is started. */
  readonly path: string;
  /** How it reads a text; undefined if lanes does not know: then nothing can be put into one. */
  readonly dialect: Dialect | undefined;
}

/** What stands for all values. */
const ALL = "{}";

export class Template {
  /** Without a shell: the pieces of each argument. With one: of the only text. */
  readonly #arguments: readonly (readonly Piece[])[];
  readonly #shell: TemplateShell | null;
  /** Placeholders in a place that cannot hold every value. */
  readonly #choosy: readonly Placeholder[];

  /**
   * @param command none: the values are lines of shell themselves.
   * @param options.shell runs the command, joined with spaces; null: it is run as it is.
   * @param options.values how many values a job has at most.
   * @throws LanesError (usage) if a placeholder stands for no value, or in a place where none can.
   */
  constructor(command: readonly string[], options: { shell: TemplateShell | null; values?: number }) {
    this.#shell = options.shell;
    const words = options.shell === null || command.length === 0 ? command : [command.join(" ")];
    const parsed = words.map(piecesOf);
    const placed = parsed.some((pieces) => pieces.some((piece) => typeof piece !== "string"));
    if (options.values !== undefined) refuseMissing(parsed.flat(), options.values);
    if (options.shell !== null && command.length > 0) this.#arguments = [inShell(parsed[0] ?? [], options.shell)];
    else if (placed || command.length === 0) this.#arguments = parsed;
    else this.#arguments = [...parsed, piecesOf(ALL)];
    this.#choosy = this.#arguments
      .flat()
      .filter((piece) => isFilled(piece))
      .filter(({ place }) => isChoosy(place));
  }

  /** How often a job's number is in its command. */
  get numbers(): number {
    return this.#count("seq");
  }

  /** Whether a job's command depends on the slot it happens to run in. */
  get usesSlot(): boolean {
    return this.#count("slot") > 0;
  }

  #count(kind: Placeholder["kind"]): number {
    return this.#arguments.flat().filter((piece) => isFilled(piece) && piece.kind === kind).length;
  }

  /** Whether a value cannot be put where it would have to stand: then its job cannot be run. */
  refuses(filling: Filling): boolean {
    return this.#choosy.some(
      (piece) => piece.place !== undefined && !takes(piece.place, textsOf(piece, filling).join(" ")),
    );
  }

  /** The command of a job. */
  compose(filling: Filling): JobCommand {
    if (this.#shell === null) {
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
        : (this.#arguments[0] ?? []).map((piece) => quoted(piece, filling)).join("");
    return { argv: [this.#shell.path, "-c", line], text: line };
  }
}

/** @throws LanesError (usage) if there is no such value: the braces were meant otherwise. */
function refuseMissing(pieces: readonly Piece[], values: number): void {
  for (const piece of pieces) {
    if (typeof piece === "string" || piece.index === null || Math.abs(piece.index) <= values) continue;
    throw usageError("run.error.noValue", { placeholder: piece.text, n: values, literal: `{${piece.text}}` });
  }
}

/** The text with every placeholder in its place, and one at its end if there is none. @throws LanesError (usage) */
function inShell(pieces: readonly Piece[], { path, dialect }: TemplateShell): Piece[] {
  if (dialect === undefined) throw usageError("run.error.unknownShell", { shell: path });
  // The reader of shell is a quarter of all code of a run, and most runs have no shell.
  const placeAll = (require("../shell/placed.ts") as typeof import("../shell/placed.ts")).placeAll;
  const found: Piece[] = [...pieces];
  let unfinished = placeAll(found, dialect);
  const appended = !found.some((piece) => typeof piece !== "string" && piece.place?.kind !== "text");
  if (appended && unfinished === null) {
    found.push(" ", ...piecesOf(ALL));
    unfinished = placeAll(found, dialect);
  }
  if (unfinished !== null) throw usageError(`run.error.unfinished.${unfinished}`, {});
  const written = pieces.some((piece) => typeof piece !== "string" || piece.trim() !== "");
  for (const piece of found) {
    if (typeof piece === "string") continue;
    const { place } = piece;
    const last = appended && piece === found.at(-1);
    if (last && written && !mayFollow(place)) throw usageError("run.error.noPlace", {});
    if (place?.kind === "unfit" && (piece.kind === "value" || !place.number)) throw unfit(piece.text, place.why);
  }
  return found.map((piece) => (typeof piece !== "string" && piece.place?.kind === "text" ? piece.text : piece));
}

/** Whether a value may be put here although nobody said so: as one more argument, or where it is not read at all. */
function mayFollow(place: ShellPlace | undefined): boolean {
  return place?.kind === "comment" || (place?.kind === "plain" && !place.startsCommand);
}

function unfit(placeholder: string, why: Extract<ShellPlace, { kind: "unfit" }>["why"]): LanesError {
  if (why === "dollar") return usageError("run.error.place.dollar", { placeholder, literal: `{${placeholder}}` });
  return usageError(`run.error.place.${why}`, { placeholder });
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

/** What stands for a piece in a text for a shell. */
function quoted(piece: Piece, filling: Filling): string {
  if (typeof piece === "string") return piece;
  const { place } = piece;
  if (place === undefined || place.kind === "text" || !isFilled(piece)) return piece.text;
  const texts = textsOf(piece, filling);
  if (place.kind === "unfit") return texts.join(" "); // a number
  return quoteAt(place, texts);
}

/** Whether something is put in the place of a piece: not into a comment within something whose end is looked for in it. */
function isFilled(piece: Piece): piece is Placeholder {
  return typeof piece !== "string" && !(piece.place?.kind === "comment" && piece.place.nested);
}
