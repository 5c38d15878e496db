/**
 * From a function or class to its place, in the process that has it; before anything is spawned.
 *
 * 1. an export of a module that is loaded here, found by identity, whatever it is called;
 * 2. a name at the top level of a file: of the file that made the Process, of the program's own, of another of the user's;
 * 3. an export of a package.
 *
 * A module that is still being evaluated, as the program's own usually is, has no exports to look at yet: hence the second.
 */
import { readFileSync } from "node:fs";
import { lastPart } from "../../os/bytes/paths.ts";
import { ownRoot } from "../../os/files/own-files.ts";
import { isCommonJs, loaderOf, withoutMacros } from "../../pool/worker/source.ts";
import { NotReachable } from "../errors.ts";
import { aliasOf, type FunctionPlace, type Named, nameOfAlias, sourceHashOf, sourceTextOf } from "./place.ts";
import { registered } from "./registered.ts";

const found = new WeakMap<Named, FunctionPlace>();

/**
 * The place of a function or class.
 * @param what how a person knows it: `target`, a class's name.
 * @param asker finds the file that asks; null if nobody knows.
 * @throws NotReachable, saying why and what to do.
 */
export function locate(named: Named, what: string, asker: () => string | null): FunctionPlace {
  const known = found.get(named);
  if (known !== undefined) return known;
  const caller = asker();
  const given = registered(named);
  const place: FunctionPlace =
    given !== undefined
      ? { ...given, how: "registered", hash: sourceHashOf(named) }
      : (exported(named, (file) => !isPackage(file)) ??
        topLevel(named, caller) ??
        exported(named, isPackage) ??
        refuse(named, what, caller));
  found.set(named, place);
  return place;
}

const isPackage = (file: string) => file.includes("/node_modules/");
const isOwn = (file: string) => file.startsWith(ownRoot) || file.startsWith("/$bunfs/");
const loaded = () => Object.keys(require.cache).filter((file) => file.startsWith("/") && !isOwn(file));

/** An export, by identity, of one of these files. */
function exported(named: Named, among: (file: string) => boolean): FunctionPlace | null {
  for (const file of loaded().filter(among)) {
    const module = exportsOf(file);
    if (module === named) return { file, name: "default", how: "export", hash: sourceHashOf(named) };
    if (typeof module !== "object" || module === null) continue;
    const name = Object.keys(module).find((key) => memberOf(module, key) === named);
    if (name === undefined) continue;
    const top = nameOfAlias(name); // this process is a child, and was given it that way itself
    return { file, name: top ?? name, how: top === null ? "export" : "top", hash: sourceHashOf(named) };
  }
  return null;
}

/** What a module that is loaded already exports; null if it has not got that far. */
function exportsOf(file: string): unknown {
  try {
    return require(file);
  } catch {
    return null;
  }
}

function memberOf(module: object, name: string): unknown {
  try {
    return (module as Record<string, unknown>)[name];
  } catch {
    return undefined; // not initialised yet, or a getter that throws
  }
}

/** A name at the top level of one of the user's files. */
function topLevel(named: Named, caller: string | null): FunctionPlace | null {
  const { name } = named;
  const hash = sourceHashOf(named);
  const main = isOwn(Bun.main) ? [] : [Bun.main];
  const files = new Set([
    ...(caller === null ? [] : [caller]),
    ...main,
    ...loaded().filter((file) => !isPackage(file)),
  ]);
  for (const file of files) {
    // `export default function () {}` in a file that is not loaded to its end.
    if (name === "default" && /\bexport\s+default\b/.test(textIn(file))) return { file, name, how: "export", hash };
    if (isTopLevel(file, name)) return { file, name, how: "top", hash };
  }
  return null;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const PROBE = aliasOf("probe");
const looked = new Map<string, boolean>();

/**
 * Whether a name is a value at the top level of a file: one more export of that name survives being transpiled. (In TypeScript
 * an export of what is none is left out, as that of a type is; in JavaScript it is an error.)
 */
function isTopLevel(file: string, name: string): boolean {
  if (!IDENTIFIER.test(name)) return false;
  const key = `${file}\n${name}`;
  let is = looked.get(key);
  if (is === undefined) {
    const [text, loader] = [withoutMacros(textIn(file)), loaderOf(file)];
    try {
      const probe = `${text}\nexport { ${name} as ${PROBE} };\n`;
      is = !isCommonJs(text, loader) && new Bun.Transpiler({ loader }).transformSync(probe).includes(PROBE);
    } catch {
      is = false;
    }
    looked.set(key, is);
  }
  return is;
}

const texts = new Map<string, string>();

/** The text of a file as it was when it was first asked for; empty if it cannot be read. */
function textIn(file: string): string {
  let text = texts.get(file);
  if (text === undefined) {
    try {
      text = readFileSync(file, "utf8");
    } catch {
      text = "";
    }
    texts.set(file, text);
  }
  return text;
}

function isCommonJsFile(file: string): boolean {
  try {
    return isCommonJs(withoutMacros(textIn(file)), loaderOf(file));
  } catch {
    return false;
  }
}

function refuse(named: Named, what: string, caller: string | null): never {
  const { name } = named;
  const file = lastPart(caller ?? Bun.main);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(sourceTextOf(named))) {
    throw name.startsWith("bound ")
      ? new NotReachable("api.place.bound", { what, file })
      : new NotReachable("api.place.native", { what, name: name || "?" });
  }
  // A function that has no name of its own is called by the property it stands in.
  if (name === "" || name === "target") throw new NotReachable("api.place.nameless", { what, file });
  if (isCommonJsFile(caller ?? Bun.main)) throw new NotReachable("api.place.commonJs", { what, name, file });
  throw new NotReachable("api.place.inner", { what, name, file });
}
