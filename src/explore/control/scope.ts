/** What the processes of a run share: which files, and what they are called, the same in every run. */
import { statSync } from "node:fs";
import { systemPath } from "../../os/bytes/paths.ts";
import type { Scope } from "./calls.ts";
import type { ScopeRequest } from "./messages.ts";

/** Not shared unless asked for: what programs keep for themselves. */
const own = /(^|\/)(__pycache__|node_modules|\.git)(\/|$)/;
/** How many files outside are named. */
const OUTSIDE = 5;

/** Which files below the folder are shared, by their names from there: those that the globs name; without any, all but {@link own}. */
export function sharedBelow(globs: readonly string[]): (name: string) => boolean {
  return globs.length > 0 ? matching(globs) : (name) => !own.test(name);
}

function matching(globs: readonly string[]): (name: string) => boolean {
  const all = globs.map((glob) => new Bun.Glob(glob));
  return (name) => all.some((glob) => glob.match(name));
}

export class RunScope implements Scope {
  readonly #request: ScopeRequest;
  readonly #isShared: (name: string) => boolean;
  readonly #isNamed: (name: string) => boolean;
  /** Names of temporary files are chosen by chance: they are numbered as they are first seen. */
  readonly #temporary = new Map<string, string>();
  readonly #pipes = new Map<string, string>();
  readonly outside = new Set<string>();

  constructor(request: ScopeRequest) {
    this.#request = request;
    this.#isShared = sharedBelow(request.globs);
    this.#isNamed = matching(request.globs);
  }

  file(path: string): string | undefined {
    const { folder, temporary, original } = this.#request;
    const whole = normal(path.replace(/ \(deleted\)$/, ""));
    const below = pathBelow(whole, folder);
    if (below !== undefined) {
      return this.#isShared(below) && below !== "." && !isPipe(whole) ? below : undefined;
    }
    const inTemporary = pathBelow(whole, temporary);
    if (inTemporary !== undefined) {
      if (inTemporary === "." || isPipe(whole)) return undefined;
      const name = this.#temporaryName(inTemporary);
      return this.#request.globs.length === 0 || this.#isNamed(name) ? name : undefined;
    }
    if (original !== undefined && pathBelow(whole, original) !== undefined && this.outside.size < OUTSIDE)
      this.outside.add(whole);
    return this.#isNamed(whole) ? whole : undefined;
  }

  pipe(name: string): string {
    let known = this.#pipes.get(name);
    if (known === undefined) {
      known = `pipe ${this.#pipes.size + 1}`;
      this.#pipes.set(name, known);
    }
    return known;
  }

  #temporaryName(below: string): string {
    const [first = "", ...rest] = below.split("/");
    let known = this.#temporary.get(first);
    if (known === undefined) {
      known = `$TMPDIR/${this.#temporary.size + 1}`;
      this.#temporary.set(first, known);
    }
    return [known, ...rest].join("/");
  }
}

/** A path from a folder on; undefined if it lies elsewhere. */
export function pathBelow(path: string, folder: string): string | undefined {
  if (path === folder) return ".";
  return path.startsWith(folder === "/" ? "/" : `${folder}/`)
    ? path.slice(folder.length + (folder === "/" ? 0 : 1))
    : undefined;
}

/** Without `.`, `..` and doubled slashes. */
function normal(path: string): string {
  if (!/\/(\.{0,2})(\/|$)/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** A named pipe makes whoever opens it wait for another: no file. */
function isPipe(path: string): boolean {
  try {
    return statSync(systemPath(path)).isFIFO();
  } catch {
    return false;
  }
}
