/**
 * The code a demo shows, taken from the files that run. A macro: it runs while the program is bundled (or, from source,
 * while the importing file is transpiled), and the text becomes a constant. https://bun.com/docs/bundler/macros
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The part of `src/demos/NAME/demo.ts` between the lines `// show` and `// end`, and the one Python file beside it.
 * @throws Error if one of them is not there: the build fails rather than show nothing.
 */
export function codeOf(name: string): { typescript: string; python: string } {
  const source = readFileSync(join(import.meta.dir, name, "demo.ts"), "utf8");
  const shown = [...source.matchAll(/^\/\/ show\n(.*?)^\/\/ end$/gms)].map((match) => match[1]?.trim() ?? "");
  if (shown.length === 0) throw new Error(`src/demos/${name}/demo.ts marks no code to show`);
  const [python, another] = readdirSync(join(import.meta.dir, name)).filter((file) => file.endsWith(".py"));
  if (python === undefined || another !== undefined) throw new Error(`src/demos/${name} has not one Python file`);
  return { typescript: shown.join("\n\n"), python: readFileSync(join(import.meta.dir, name, python), "utf8").trim() };
}
