/** The text of a user's file, before it is loaded: how Bun would read it. */
import { extname } from "node:path";

export type Loader = "ts" | "tsx" | "js" | "jsx";

const LOADERS: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".jsx": "jsx",
};

/** How Bun reads a file of this name. */
export function loaderOf(path: string): Loader {
  return LOADERS[extname(path)] ?? "js";
}

/** Whether it is a CommonJS module. One more `export` would make something else of it. @throws BuildMessage if it does not parse. */
export function isCommonJs(text: string, loader: Loader): boolean {
  const { imports, exports } = new Bun.Transpiler({ loader }).scan(text);
  const modern = exports.length > 0 || imports.some(({ kind }) => kind === "import-statement");
  return !modern && /\bmodule\.exports\b|\bexports\.|\brequire\s*\(|\brequire\.main\b|^\s*export\s*=/m.test(text);
}

/** The text without its calls of macros: whoever only wants to know what stands in it is not to run them. */
export function withoutMacros(text: string): string {
  return text.replace(/\bwith\s*\{\s*type\s*:\s*(["'])macro\1\s*,?\s*\}/g, "");
}

/** A pattern for exactly these paths. */
export function exactly(paths: readonly string[]): RegExp {
  return new RegExp(`^(?:${paths.map((path) => path.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})$`);
}
