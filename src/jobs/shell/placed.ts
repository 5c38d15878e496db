/** A text for a shell, with its placeholders in their places. */
import type { Dialect } from "./dialect.ts";
import type { Cell, Place, Slot } from "./place.ts";
import { Reader, Unclear, Unfinished } from "./reader.ts";

/** A text as it was taken apart: pieces of text, and placeholders. */
export type Part<S extends Slot> = string | S;

/**
 * Gives each placeholder of a text its place.
 * @returns what the text ends in the middle of; null if it is whole.
 * @lazy
 */
export function placeAll<S extends Slot>(parts: readonly Part<S>[], dialect: Dialect): Unfinished["what"] | null {
  const cells: Cell[] = parts.flatMap((part): Cell[] => (typeof part === "string" ? part.split("") : [part]));
  const unknown: Place = { kind: "unfit", why: "unknown", number: true };
  try {
    new Reader(cells, dialect, []).commands();
    return null;
  } catch (error) {
    if (error instanceof Unfinished) return error.what;
    if (!(error instanceof Unclear)) throw error;
    for (const cell of cells) if (typeof cell !== "string") cell.place ??= unknown;
    return null;
  }
}
