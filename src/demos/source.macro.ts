/**
 * The code a demo shows, taken from the files that run. A macro: it runs while the program is bundled (or, from source,
 * while the importing file is transpiled), and the text becomes a constant. https://bun.com/docs/bundler/macros
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The part of `src/demos/NAME/demo.ts` between the lines `// show` and `// end`, and of another file beside it if one is named; the
 * one Python file there, and the program in TypeScript beside that (`NAME.program.ts`), for `lanes exec`.
 * @throws Error if one of them is not there: the build fails rather than show nothing.
 */
export function codeOf(name: string, another?: string): { typescript: string; python: string; program: string } {
  const folder = join(import.meta.dir, name);
  const sources = ["demo", ...(another === undefined ? [] : [another])].map((file) =>
    readFileSync(join(folder, `${file}.ts`), "utf8"),
  );
  const shown = [...sources.join("\n").matchAll(/^\/\/ show\n(.*?)^\/\/ end$/gms)].map(
    (match) => match[1]?.trim() ?? "",
  );
  if (shown.length === 0) throw new Error(`src/demos/${name}/demo.ts marks no code to show`);
  const [python, second] = readdirSync(folder).filter((file) => file.endsWith(".py"));
  if (python === undefined || second !== undefined) throw new Error(`src/demos/${name} has not one Python file`);
  const program = python.replace(/py$/, "program.ts");
  const text = (file: string) => readFileSync(join(folder, file), "utf8").trim();
  return {
    typescript: shown.join("\n\n"),
    python: text(python),
    program: text(program),
  };
}
