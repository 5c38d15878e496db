/**
 * From places back to functions and classes, in a child: it loads the file again, with `import.meta.main` false. Of a file in
 * which something is to be found by its name at the top level, one more export stands at the end; lines and columns stay.
 */
import { dirname } from "node:path";
import { exactly, loaderOf } from "../../pool/worker/source.ts";
import { compileOptions } from "../../pool/worker/tsconfig.ts";
import { NotReachable } from "../errors.ts";
import { aliasOf, type FunctionPlace, type Named, sourceHashOf } from "./place.ts";
import { registeredAs } from "./registered.ts";
import { exportLine, topLevelNames } from "./top-level.ts";

/**
 * What is at these places. Called once in a process: a file cannot be given another export later.
 * @throws NotReachable if something is not there, or not the same; what loading the files throws.
 */
export async function load<const P extends readonly (FunctionPlace | undefined)[]>(
  places: P,
): Promise<{ [I in keyof P]: Named | undefined }> {
  const known = places.filter((place) => place !== undefined);
  const files = Map.groupBy(known, ({ file }) => file);
  for (const [file, wanted] of files) await prepare(file, wanted);
  const modules = new Map<string, Record<string, unknown>>();
  for (const file of files.keys()) modules.set(file, (await import(file)) as Record<string, unknown>);
  const found = places.map((place) => (place === undefined ? undefined : at(place, modules.get(place.file) ?? {})));
  return found as { [I in keyof P]: Named | undefined };
}

async function prepare(file: string, wanted: readonly FunctionPlace[]): Promise<void> {
  const line = exportLine([...new Set(wanted.filter(({ how }) => how === "top").map(({ name }) => name))]);
  if (compileOptions(dirname(file)) !== null) {
    await (await import("../../pool/worker/tsconfig-plugin.ts")).useTsconfig(file, (path) =>
      path === file ? line : "",
    );
  } else if (line !== "") {
    const { readFileSync } = process.getBuiltinModule("node:fs");
    Bun.plugin({
      name: "lanes-places",
      setup(build) {
        build.onLoad({ filter: exactly([file]) }, () => ({
          contents: readFileSync(file, "utf8") + line,
          loader: loaderOf(file),
        }));
      },
    });
  }
}

const prepared = new Set<string>();

/**
 * What is at this place, in a process that does not know beforehand which others it will be asked for: every name at the top
 * level of the file, and of those it imports, can be found afterwards. A process uses this or {@link load}, not both.
 * @throws as {@link load}.
 */
export async function loadOne(place: FunctionPlace): Promise<Named> {
  const { file } = place;
  if (!prepared.has(file)) {
    prepared.add(file);
    const { useTsconfig } = await import("../../pool/worker/tsconfig-plugin.ts");
    await useTsconfig(file, (_, text, loader) => exportLine(topLevelNames(text, loader)));
  }
  return at(place, (await import(file)) as Record<string, unknown>);
}

/** An export; of a CommonJS module all but `default` may stand in that. */
function memberOf(module: Record<string, unknown>, name: string): unknown {
  if (name in module) return module[name];
  const inner = module.default;
  return typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[name] : undefined;
}

function at({ file, name, how, hash }: FunctionPlace, module: Record<string, unknown>): Named {
  const named = how === "registered" ? registeredAs(name) : memberOf(module, how === "top" ? aliasOf(name) : name);
  if (typeof named !== "function") throw new NotReachable("api.place.gone", { name, file });
  if (sourceHashOf(named) !== hash) throw new NotReachable("api.place.other", { name, file });
  return named;
}
