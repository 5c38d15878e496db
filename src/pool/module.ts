/**
 * The user's module, in a worker: imported once, by path. What is wrong with it is told in a form that can be sent and shown
 * to the person who wrote it: file, line, the line itself, a caret.
 */

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

/** Bun's own errors for source that does not parse, or an import that is not there. */
interface SourceMessage {
  readonly message: string;
  readonly position?: { file: string; line: number; column: number; lineText: string; length?: number } | null;
}

/** Anything thrown while loading, for a person: with the place in the source and a caret where that is known. */
export function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("\n");
  const { message, position } = (typeof error === "object" && error !== null ? error : {}) as SourceMessage;
  if (position && typeof position.line === "number" && position.lineText) {
    const { file, line, column, lineText } = position;
    const number = String(line);
    const caret = `${" ".repeat(number.length)} | ${lineText.slice(0, column - 1).replace(/[^\t]/g, " ")}^`;
    return `${file}:${line}:${column}: ${message}\n${number} | ${lineText}\n${caret}`;
  }
  return stackOf(error);
}

/** The stack of anything thrown, without the frames of lanes itself. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "object" ? Bun.inspect(error) : String(error);
  const head = `${error.name}: ${error.message}`;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line) && !OWN_FRAME.test(line));
  const cause = error.cause === undefined ? "" : `\n  cause: ${stackOf(error.cause).replace(/\n/g, "\n  ")}`;
  return [head, ...frames].join("\n") + cause;
}

/** Frames inside this executable, and (from source) inside this folder. */
const OWN_FRAME =
  /\$bunfs|native code|\/src\/pool\/|^\s+at (?:processTicksAndRejections|asyncModuleEvaluation|<anonymous>)\b/;
