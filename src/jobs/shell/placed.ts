/** A text for a shell, with its placeholders in their places. */
import type { Dialect } from "./dialect.ts";
import type { Placeable, ShellPlace, TextCell } from "./place.ts";
import { ShellReader, Unclear, Unfinished } from "./reader.ts";

/** A text as it was taken apart: pieces of text, and placeholders. */
export type TextPart<S extends Placeable> = string | S;

/**
 * Gives each placeholder of a text its place.
 * @returns what the text ends in the middle of; null if it is whole.
 */
export function placeAll<S extends Placeable>(
  parts: readonly TextPart<S>[],
  dialect: Dialect,
): Unfinished["what"] | null {
  const cells: TextCell[] = parts.flatMap((part): TextCell[] => (typeof part === "string" ? part.split("") : [part]));
  const unknown: ShellPlace = { kind: "unfit", why: "unknown", number: true };
  try {
    new ShellReader(cells, dialect, []).commands();
    return null;
  } catch (error) {
    if (error instanceof Unfinished) return error.what;
    if (!(error instanceof Unclear)) throw error;
    for (const cell of cells) if (typeof cell !== "string") cell.place ??= unknown;
    return null;
  }
}
