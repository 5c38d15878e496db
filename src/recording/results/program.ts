/**
 * The program that a reader would write of a demo, in Python or TypeScript: a file that runs as it stands. Its parameters are
 * assigned in a line or two, all of one line at once, and only there can they be exchanged for those that were chosen:
 *
 *     procs, rounds = 4, 100  # each adds so often          const [procs, rounds] = [4, 100]; // each adds so often
 */
import type { Params } from "./demo.ts";

/** The two languages. */
export type ProgramLanguage = "typescript" | "python";

const NAMES = String.raw`[a-z]\w*(?:, [a-z]\w*)*`;
const PYTHON = new RegExp(
  String.raw`^(?<before>\s*)(?<names>${NAMES})(?<is> = )(?<values>[^#\n]*?)(?<after>(?:\s+#.*)?)$`,
  "gm",
);
const TYPESCRIPT = new RegExp(
  String.raw`^(?<before>\s*const \[?)(?<names>${NAMES})(?<is>\]? = \[?)(?<values>[^\n]*?)(?<after>\]?;(?:\s*\/\/.*)?)$`,
  "gm",
);

/** The program with these parameters. @param params values by name; what the program does not have is left out. */
export function programWith(source: string, language: ProgramLanguage, params: Params): string {
  return source.replace(language === "python" ? PYTHON : TYPESCRIPT, (line: string, ...groups: unknown[]) => {
    const { before, names, is, after } = groups.at(-1) as Record<string, string>;
    const all = (names ?? "").split(", ");
    if (!all.every((name) => Object.hasOwn(params, name))) return line;
    return `${before}${names}${is}${all.map((name) => JSON.stringify(params[name])).join(", ")}${after}`;
  });
}

/** Which of these parameters the program has. */
export function paramsIn(source: string, language: ProgramLanguage, names: readonly string[]): string[] {
  // No value is the same as two others: a program that has a parameter is another one with each of them.
  const set = (name: string, value: string) =>
    programWith(source, language, { ...Object.fromEntries(names.map((each) => [each, "0"])), [name]: value });
  return names.filter((name) => set(name, "1") !== set(name, "2"));
}
