/**
 * What a folder's tsconfig.json (or jsconfig.json) says about running its files. Where modules are found (`paths`, `baseUrl`)
 * is Bun's own business: it looks at the nearest one for every import. But how they are *compiled* Bun takes from the folder
 * a program was started in, and a compiled executable from nowhere: that is found out here, and done in tsconfig-plugin.ts.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errnoCode, usageError } from "../../errors.ts";

/** What Bun has to be told about compiling files. */
export interface CompileOptions {
  /** The file these are from. */
  readonly path: string;
  /** experimentalDecorators, emitDecoratorMetadata. */
  readonly decorators: boolean;
  /** useDefineForClassFields is false. */
  readonly assignedFields: boolean;
  /** jsx, jsxImportSource, jsxFactory, jsxFragmentFactory: any of them. */
  readonly jsx: boolean;
  /** jsx is react-jsx: the calls of JSX carry nothing for debugging. */
  readonly plainJsx: boolean;
}

/** A base (`extends`) that is not there: what of it holds is not known. */
export interface MissingBase {
  readonly path: string;
  readonly base: string;
}

type Options = Readonly<Record<string, unknown>>;

const NAMES = ["tsconfig.json", "jsconfig.json"];
const JSX = ["preserve", "react", "react-jsx", "react-jsxdev", "react-native"];
/** A chain of bases longer than this is a circle. */
const MOST_BASES = 32;

/**
 * The compile options for files in a folder, those of its nearest tsconfig.json; null if they are what Bun does anyway.
 * @param missing told of each base that is not there.
 * @throws LanesError (usage) if one of the files cannot be read, or says nothing that makes sense.
 */
export function compileOptions(folder: string, missing: (base: MissingBase) => void = () => {}): CompileOptions | null {
  const path = nearest(folder);
  if (path === null) return null;
  const options = optionsOf(path, missing, 0);
  check(path, options);
  const decorators = options.experimentalDecorators === true || options.emitDecoratorMetadata === true;
  const assignedFields = options.useDefineForClassFields === false;
  const jsx = Object.keys(options).some((key) => key.startsWith("jsx"));
  return decorators || assignedFields || jsx
    ? { path, decorators, assignedFields, jsx, plainJsx: options.jsx === "react-jsx" }
    : null;
}

/** Packages come compiled: whatever lies in their folders is not meant for us. */
export function isPackaged(path: string): boolean {
  return path.includes("/node_modules/");
}

function nearest(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const found = NAMES.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (at === dirname(at)) return null;
  }
}

/** The options of a file, over those of its bases. */
function optionsOf(path: string, missing: (base: MissingBase) => void, depth: number): Options {
  const file = parse(path);
  const bases = [file.extends ?? []].flat();
  const own = file.compilerOptions ?? {};
  if (typeof own !== "object" || Array.isArray(own)) throw broken(path, "compilerOptions is not an object");
  let options: Options = {};
  for (const base of bases) {
    const found = typeof base === "string" && depth < MOST_BASES ? baseOf(base, dirname(path)) : null;
    if (found === null) missing({ path, base: String(base) });
    else options = { ...options, ...optionsOf(found, missing, depth + 1) };
  }
  return { ...options, ...(own as Options) };
}

function baseOf(base: string, folder: string): string | null {
  if (/^\.{0,2}\//.test(base) || base === "." || base === "..") {
    const path = base.startsWith("/") ? base : join(folder, base);
    return [path, `${path}.json`, join(path, "tsconfig.json")].find((each) => isFile(each)) ?? null;
  }
  for (const name of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      const found = Bun.resolveSync(name, folder);
      if (found.endsWith(".json")) return found;
    } catch {
      // not by this name
    }
  }
  return null;
}

const isFile = (path: string): boolean => Bun.file(path).size > 0;

function parse(path: string): Options {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw broken(path, errnoCode(error) ?? String(error), error);
  }
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : Bun.JSONC.parse(text);
  } catch (error) {
    throw broken(path, error instanceof Error ? error.message : String(error), error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw broken(path, "not an object");
  return value as Options;
}

/** What would be misunderstood without a word. @throws LanesError (usage) */
function check(path: string, { jsx, paths, baseUrl }: Options): void {
  if (jsx !== undefined && !JSX.includes(jsx as string)) {
    throw broken(path, `compilerOptions.jsx is ${JSON.stringify(jsx)}, and not one of ${JSX.join(", ")}`);
  }
  if (baseUrl !== undefined && typeof baseUrl !== "string")
    throw broken(path, "compilerOptions.baseUrl is not a string");
  if (paths === undefined) return;
  const lists = typeof paths === "object" && paths !== null && !Array.isArray(paths) ? Object.values(paths) : [null];
  const strings = (list: unknown) => Array.isArray(list) && list.every((each) => typeof each === "string");
  if (!lists.every(strings)) throw broken(path, "compilerOptions.paths is not an object of lists of strings");
}

const broken = (file: string, reason: string, cause?: unknown) => usageError("map.tsconfig", { file, reason }, cause);
