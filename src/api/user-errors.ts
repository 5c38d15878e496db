/** How an error of the user's program looks to whoever wrote it: the line it comes from, what it says, the calls that led there. */
import { readFileSync } from "node:fs";
import { printable, printableLines } from "../os/bytes/printable.ts";
import { type ErrorData, tell, textOf } from "../thrown.ts";

/** A frame of the user's: `at check (/home/ada/errors.ts:6:13)`. */
const FRAME = /^\s+at (?:.*?\()?(?<file>\/[^\n]*?):(?<line>\d+):(?<column>\d+)\)?$/m;
const MOST_COLUMNS = 200;

/** Lines for a terminal, without a line break at the end. */
export function troubleText(thrown: unknown): string {
  return told(tell(thrown));
}

/** The same of an error that was told already. */
export function told(error: ErrorData): string {
  return [...excerpt(error), ...printableLines(textOf(error).split("\n")).split("\n")].join("\n");
}

/** The line it was thrown at, and a caret below the place; nothing if that cannot be found out. */
function excerpt({ stack }: ErrorData): string[] {
  const { file = "", line = "", column = "1" } = FRAME.exec(stack)?.groups ?? {};
  const text = file === "" ? undefined : lineOf(file, Number(line));
  if (text === undefined || text.length > MOST_COLUMNS) return [];
  const margin = `${line} | `;
  const shown = printable(text.replace(/\t/g, "  "));
  const before = printable(text.slice(0, Number(column) - 1).replace(/\t/g, "  "));
  return [`${printable(file)}:${line}`, `${margin}${shown}`, `${" ".repeat(margin.length + Bun.stringWidth(before))}^`];
}

function lineOf(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}
