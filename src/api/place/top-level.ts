/** All names at the top level of a file, for who does not know beforehand which of them will be asked for. */
import { type Loader, withoutMacros } from "../../pool/worker/source.ts";
import { aliasOf, nameOfAlias } from "./place.ts";

/** What may be a name. */
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** What an import brings, in compiled code. */
const IMPORTED = /^import\s+([^"';]*?)\s+from\s*["']/gm;
const ALIASED = new RegExp(`\\b${aliasOf("")}[\\p{ID_Continue}$]+`, "gu");

/** The line that stands at a file's end so that these names of its top level can be found; empty for none. */
export function exportLine(names: readonly string[]): string {
  if (names.length === 0) return "";
  return `\nexport { ${names.map((name) => `${name} as ${aliasOf(name)}`).join(", ")} };\n`;
}

/**
 * The functions, classes and variables at the top level of a module. Each could be exported without changing anything else of
 * the module: it is compiled with and without, and compared.
 * @param file its text, which parses.
 * @param loader how Bun reads it.
 */
export function topLevelNames(file: string, loader: Loader): string[] {
  const text = withoutMacros(file);
  // In TypeScript an export of what is no value is left out, and in JavaScript an error: so all is read as TypeScript first.
  const typed: Loader = loader === "ts" ? "ts" : "tsx";
  const candidates = new Set(text.match(NAME) ?? []);
  const names =
    surviving(
      text,
      typed,
      [...candidates].filter((name) => !RESERVED.has(name)),
    ) ?? [];
  const without = compiled(text, loader);
  // Whether it is compiled to the same with these exports, but for them.
  const isHarmless = (some: readonly string[]) => isSame(without, compiled(text + exportLine(some), loader), some);
  return isHarmless(names) ? names : names.filter((name) => isHarmless([name]));
}

function compiled(text: string, loader: Loader): string | null {
  try {
    // As it is compiled when it is loaded: in TypeScript an import that is only used as a type is none.
    return new Bun.Transpiler({ loader, trimUnusedImports: loader.startsWith("ts") }).transformSync(text);
  } catch {
    return null;
  }
}

function surviving(text: string, loader: Loader, names: readonly string[]): string[] | null {
  const code = compiled(text + exportLine(names), loader);
  if (code === null) return null;
  // What is imported is found where it is from; and what is only a type there would be asked of it as a value.
  const imported = new Set(Array.from(code.matchAll(IMPORTED), ([, clause = ""]) => namesIn(clause)).flat());
  const found = Array.from(code.slice(code.lastIndexOf("export {")).matchAll(ALIASED), ([alias]) => nameOfAlias(alias));
  return found.filter((name) => name !== null && !imported.has(name)) as string[];
}

/** The names that an import gives: `one`, `two as three`, `* as all`. */
const namesIn = (clause: string): string[] =>
  clause.split(/[{},]/).flatMap((part) => part.match(NAME)?.slice(-1) ?? []);

/** What no name can be, and what none can be exported by. */
const RESERVED: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if
  implements import in instanceof interface let new null package private protected public return static super switch this throw
  true try typeof var void while with yield`.split(/\s+/),
);

/** Whether the code with these exports is the code without, but for them. */
function isSame(without: string | null, code: string | null, names: readonly string[]): boolean {
  if (without === null || code === null) return false;
  const at = code.lastIndexOf("export {");
  return names.length === 0 || (at >= 0 && rest(code, at, names) === without.trim());
}

/** What is left of the code without the added exports. An export clause of the file's own stays as it was. */
function rest(code: string, at: number, names: readonly string[]): string {
  const end = code.indexOf("}", at);
  const own = code
    .slice(at + "export {".length, end)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !names.some((name) => part === `${name} as ${aliasOf(name)}`));
  const clause = own.length === 0 ? "" : `export {\n  ${own.join(",\n  ")}\n};`;
  return (code.slice(0, at) + clause + code.slice(end + 1).replace(/^;/, "")).trim();
}
