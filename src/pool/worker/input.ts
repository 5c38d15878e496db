/**
 * From the lines of a chunk to what the user's function is given. A line that cannot be that fails its own item alone, with an error
 * of lanes' own ({@link InputError}).
 */
import { isUtf8 } from "node:buffer";
import { type Integers, LostInteger, parseJson } from "./integers.ts";

/** An error of lanes' own: told without a stack. A private field tells it from anything that user code throws. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly #own = true;

  /** Asks nothing of the value that it could answer by throwing. */
  static is(error: unknown): error is InputError {
    return typeof error === "object" && error !== null && #own in error;
  }
}

/** The value of a line of JSONL. @throws InputError */
export function parsed(line: string, integers: Integers): unknown {
  try {
    return parseJson(line, integers);
  } catch (error) {
    if (error instanceof LostInteger) throw new InputError(error.message);
    throw new InputError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A line as text: of one that ended as on Windows (`\r\n`) the `\r` is left out. */
export function withoutReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line;
}

/** Which lines of a chunk are not UTF-8, by their item; null if all are. */
export function invalidLines(body: Buffer): ReadonlySet<number> | null {
  if (isUtf8(body)) return null;
  const invalid = new Set<number>();
  for (let item = 0, at = 0; at <= body.length; item++) {
    const next = body.indexOf(10, at);
    const end = next < 0 ? body.length : next;
    if (!isUtf8(body.subarray(at, end))) invalid.add(item);
    at = end + 1;
  }
  return invalid;
}
