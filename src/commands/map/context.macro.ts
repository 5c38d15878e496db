/**
 * The type of what a function for `lanes map` is given, as it stands in the pool. A macro: it runs while the program is bundled
 * (or, from source, while the importing file is transpiled). https://bun.com/docs/bundler/macros
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The interface `Context` with its comments. @throws Error if it is not there: the build fails. */
export function contextType(): string {
  const source = readFileSync(join(import.meta.dir, "../../pool/worker/context.ts"), "utf8");
  const found = /^\/\*\*[^\n]*\*\/\nexport interface Context \{\n[^}]*^\}\n/m.exec(source)?.[0];
  if (found === undefined) throw new Error("src/pool/worker/context.ts has no interface Context");
  return found;
}
