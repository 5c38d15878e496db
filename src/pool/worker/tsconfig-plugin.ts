/**
 * Compiles the user's files as their tsconfig.json says, in a worker, before the module is imported. The module and what it
 * imports by name is walked through; files for which Bun would do something else are compiled (each by itself, its imports
 * left as they are) and kept; a plugin hands them out when they are imported. All others are loaded by Bun as always.
 *
 * The plugin knows exactly the files it has: a file that a plugin loads is no CommonJS module any more (Bun 1.4.5), so
 * those are left alone. So is what is imported by a name that is put together while the module runs.
 */
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { exactly, isCommonJs, type Loader, loaderOf } from "./source.ts";
import { type CompileOptions, compileOptions, isPackaged } from "./tsconfig.ts";

/** The files that a tsconfig.json is about. */
const COMPILED: ReadonlySet<string> = new Set([".ts", ".mts", ".tsx", ".jsx"]);
/** Those that may import them, besides. */
const WALKED: ReadonlySet<string> = new Set([...COMPILED, ".js", ".mjs"]);

/** What a module is to have at its end besides: nothing, if that is empty. It does not parse if `text` does not. */
export type Appended = (file: string, text: string, loader: Loader) => string;

const nothing: Appended = () => "";

/**
 * From now on imports of these files give what their tsconfig.json says. A file that cannot be compiled is left to Bun.
 * @param appended what the files are to have at their end besides; those that have something are given out here in any case.
 */
export async function useTsconfig(entry: string, appended = nothing): Promise<void> {
  const plugin = await tsconfigPlugin(entry, appended);
  if (plugin !== null) Bun.plugin(plugin);
}

/** The same for whoever bundles the module; null if there is nothing that Bun does not do by itself. */
export async function tsconfigPlugin(entry: string, appended = nothing): Promise<Bun.BunPlugin | null> {
  const files = await compiled(entry, appended);
  if (files.size === 0) return null;
  return {
    name: "lanes-tsconfig",
    setup(build) {
      build.onLoad({ filter: exactly([...files.keys()]) }, ({ path }) => files.get(path) ?? { contents: "" });
    },
  };
}

/** What a plugin gives out for a file. */
interface LoadedSource {
  readonly contents: string;
  readonly loader: Loader;
}

/** The files that have to be compiled, by path: what to load instead. */
async function compiled(entry: string, appended: Appended): Promise<Map<string, LoadedSource>> {
  const folders = new Map<string, CompileOptions | null>();
  const seen = new Set<string>();
  const found = new Map<string, LoadedSource>();
  const builds: Promise<void>[] = [];
  const first = realpathSync(entry);
  const waiting = [first];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const isMeant = WALKED.has(extname(path)) && !isPackaged(path);
    if (seen.has(path) || !(isMeant || path === first)) continue;
    seen.add(path);
    const file = path;
    const loader = loaderOf(path);
    const text = readText(file);
    const imports = text === null ? null : importsOf(text, loader);
    if (text === null || imports === null) continue;
    const more = imports.commonJs ? "" : appended(file, text, loader);
    if (more !== "") found.set(file, { contents: text + more, loader });
    for (const { path: name } of imports.all) {
      const resolved = resolve(name, dirname(file));
      if (resolved !== null) waiting.push(resolved);
    }
    const folder = dirname(file);
    if (!folders.has(folder)) folders.set(folder, compileOptions(folder));
    const options = folders.get(folder) ?? null;
    const isCompiled = isMeant && COMPILED.has(extname(file)) && !imports.commonJs;
    if (options === null || !isCompiled || !isConcerned(text, loader, options)) continue;
    builds.push(
      compile(file, options, more).then((contents) => {
        if (contents !== null) found.set(file, { contents, loader: "js" });
      }),
    );
  }
  await Promise.all(builds);
  return found;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null; // Bun says why when it is imported
  }
}

function importsOf(text: string, loader: Loader) {
  try {
    return { commonJs: isCommonJs(text, loader), all: new Bun.Transpiler({ loader }).scanImports(text) };
  } catch {
    return null; // it does not parse: Bun says so when it is imported
  }
}

function resolve(name: string, folder: string): string | null {
  if (/^(?:node|bun|data|https?|file):/.test(name)) return null;
  try {
    const path = Bun.resolveSync(name, folder);
    return path.startsWith("/") ? path : null;
  } catch {
    return null;
  }
}

/** Whether these options may make a difference to a file. */
function isConcerned(text: string, loader: Loader, options: CompileOptions): boolean {
  if (options.jsx && loader !== "ts") return true;
  if (loader === "jsx" || !/\bclass\b/.test(text)) return false;
  return options.assignedFields || (options.decorators && text.includes("@"));
}

/** A file compiled with its own tsconfig.json, with a map back to its lines; null if it does not compile. */
async function compile(path: string, { plainJsx }: CompileOptions, appended: string): Promise<string | null> {
  const { success, outputs } = await Bun.build({
    entrypoints: [path],
    target: "bun",
    format: "esm",
    sourcemap: "inline",
    throw: false,
    // It stays a question to the environment, as everywhere.
    define: { "process.env.NODE_ENV": "process.env.NODE_ENV" },
    ...(plainJsx || process.env.NODE_ENV === "production" ? { jsx: { development: false } } : {}),
    plugins: [
      {
        name: "lanes-imports",
        setup(build) {
          build.onResolve({ filter: /.*/ }, ({ path, kind }) =>
            kind === "entry-point-build" ? undefined : { path, external: true },
          );
          if (appended === "") return;
          build.onLoad({ filter: exactly([path]) }, () => ({
            contents: `${readText(path) ?? ""}${appended}`,
            loader: loaderOf(path),
          }));
        },
      },
    ],
  });
  const code = success ? await outputs[0]?.text() : undefined;
  if (code === undefined) return null;
  // By this mark Bun takes the code as it is, and its map for the lines of stack traces.
  const marked = code.startsWith("// @bun") ? code : `// @bun\n${code}`;
  return marked.replace(MAP, (_, encoded: string) => {
    const map = JSON.parse(Buffer.from(encoded, "base64").toString());
    // Bun.build names the source from the working folder on; it is looked for from the file's own.
    return MAP_BEGINS + Buffer.from(JSON.stringify({ ...map, sources: [basename(path)] })).toString("base64");
  });
}

const MAP_BEGINS = "//# sourceMappingURL=data:application/json;base64,";
const MAP = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)/;
