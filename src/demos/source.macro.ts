/**
 * The code a demo shows, taken from the files that run. A macro: it runs while the program is bundled (or, from source,
 * while the importing file is transpiled), and the text becomes a constant. https://bun.com/docs/bundler/macros
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The part of `src/demos/NAME.ts` between the lines `// show` and `// end`, and `src/demos/python/NAME.py`.
 * @throws Error if the markers are not there: the build fails rather than show nothing.
 */
export function codeOf(name: string): { typescript: string; python: string } {
  const source = readFileSync(join(import.meta.dir, `${name}.ts`), "utf8");
  const shown = [...source.matchAll(/^\/\/ show\n(.*?)^\/\/ end$/gms)].map((match) => match[1]?.trim() ?? "");
  if (shown.length === 0) throw new Error(`src/demos/${name}.ts marks no code to show`);
  const python = readFileSync(join(import.meta.dir, "python", `${name}.py`), "utf8").trim();
  return { typescript: shown.join("\n\n"), python };
}
