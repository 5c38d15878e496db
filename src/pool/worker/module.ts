/**
 * The user's module, in a worker: imported once, by path. What is wrong with it is told in a form that can be sent and shown
 * to the person who wrote it: file, line, the line itself, a caret.
 */
import { read, tellText } from "../../thrown.ts";

/** The user's function. */
export type MapFunction = (item: unknown, context: unknown) => unknown;

/** Why a module cannot be used. */
export interface Broken {
  /** `load`: it did not load; `export`: it has no such export; `type`: that is not a function; `init`: that threw; and what is no fault of it. */
  readonly reason: "load" | "export" | "type" | "init" | "build" | "control" | "quit";
  /** The export in question. */
  readonly name?: string;
  /** What was thrown, told with its place; or what is there instead. */
  readonly detail: string;
}

/** Imports a module and finds the functions wanted of it. @throws BrokenModule */
export async function loadModule(load: () => Promise<unknown>, exportName: string, init: string | null) {
  let module: Record<string, unknown>;
  try {
    module = (await load()) as Record<string, unknown>;
  } catch (error) {
    throw new BrokenModule({ reason: "load", detail: describe(error) });
  }
  const map = functionOf(module, exportName) as MapFunction;
  return { map, init: init === null ? null : (functionOf(module, init) as (context: unknown) => unknown) };
}

export class BrokenModule extends Error {
  constructor(readonly broken: Broken) {
    super(broken.detail);
  }
}

function functionOf(module: Record<string, unknown>, name: string): unknown {
  // A CommonJS module seen as ESM has its exports a second time under `default`.
  const inner = module.default as Record<string, unknown> | null | undefined;
  const value = name in module ? module[name] : typeof inner === "object" && inner !== null ? inner[name] : undefined;
  if (typeof value === "function") return value;
  if (value === undefined && !(name in module)) {
    const there = Object.keys(module).join(", ");
    throw new BrokenModule({ reason: "export", name, detail: there });
  }
  throw new BrokenModule({ reason: "type", name, detail: value === null ? "null" : typeof value });
}

/** Anything thrown while loading, for a person: with the place in the source and a caret where that is known. Never throws. */
export function describe(error: unknown): string {
  try {
    return described(error);
  } catch {
    return tellText(error);
  }
}

function described(error: unknown): string {
  if (typeof error !== "object" || error === null) return tellText(error);
  const errors = read(error, "errors");
  if (
    read(error, "name") === "AggregateError" &&
    Array.isArray(errors) &&
    errors.some((each) => placeOf(each) !== null)
  ) {
    return errors
      .slice(0, MOST_MESSAGES)
      .map((each) => placeOf(each) ?? tellText(each))
      .join("\n");
  }
  return placeOf(error) ?? tellText(error);
}

/** Messages of one file that are told. */
const MOST_MESSAGES = 20;

/** Bun's own errors for source that does not parse, or an import that is not there: where, and the line itself; else null. */
function placeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const position = read(error, "position");
  if (typeof position !== "object" || position === null) return null;
  const [file, line, column, lineText] = ["file", "line", "column", "lineText"].map((key) => read(position, key));
  if (typeof line !== "number" || typeof column !== "number" || typeof lineText !== "string" || lineText === "") {
    return null;
  }
  const number = String(line);
  const caret = `${" ".repeat(number.length)} | ${lineText.slice(0, column - 1).replace(/[^\t]/g, " ")}^`;
  return `${String(file)}:${line}:${column}: ${String(read(error, "message"))}\n${number} | ${lineText}\n${caret}`;
}
