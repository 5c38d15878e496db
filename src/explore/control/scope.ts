/** What the processes of a run share: which files, and what they are called, the same in every run. */
import { statSync } from "node:fs";
import { systemPath } from "../../os/bytes/paths.ts";
import type { Scope } from "./calls.ts";
import type { ScopeRequest } from "./messages.ts";

/** Not shared unless asked for: what programs keep for themselves. */
const own = /(^|\/)(__pycache__|node_modules|\.git)(\/|$)/;
/** How many files outside are named. */
const OUTSIDE = 5;

export class RunScope implements Scope {
  readonly #request: ScopeRequest;
  readonly #globs: readonly Bun.Glob[];
  /** Names of temporary files are chosen by chance: they are numbered as they are first seen. */
  readonly #temporary = new Map<string, string>();
  readonly #pipes = new Map<string, string>();
  readonly outside = new Set<string>();

  constructor(request: ScopeRequest) {
    this.#request = request;
    this.#globs = request.globs.map((glob) => new Bun.Glob(glob));
  }

  file(path: string): string | undefined {
    const { folder, temporary, original } = this.#request;
    const whole = normal(path.replace(/ \(deleted\)$/, ""));
    const below = pathBelow(whole, folder);
    if (below !== undefined) {
      const isShared = this.#globs.length > 0 ? this.#matches(below) : !own.test(below);
      return isShared && below !== "." && !isPipe(whole) ? below : undefined;
    }
    const inTemporary = pathBelow(whole, temporary);
    if (inTemporary !== undefined) {
      if (inTemporary === "." || isPipe(whole)) return undefined;
      const name = this.#temporaryName(inTemporary);
      return this.#globs.length === 0 || this.#matches(name) ? name : undefined;
    }
    if (original !== undefined && pathBelow(whole, original) !== undefined && this.outside.size < OUTSIDE)
      this.outside.add(whole);
    return this.#globs.length > 0 && this.#matches(whole) ? whole : undefined;
  }

  pipe(name: string): string {
    let known = this.#pipes.get(name);
    if (known === undefined) {
      known = `pipe ${this.#pipes.size + 1}`;
      this.#pipes.set(name, known);
    }
    return known;
  }

  #matches(name: string): boolean {
    return this.#globs.some((glob) => glob.match(name));
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
