/** `lanes demo NAME --typescript`, `--python`: the demo as a program of one's own, with the parameters chosen. */
import type { Demo, Params } from "../../demos/define.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { writeOut } from "../../os/stdout.ts";
import { type ProgramLanguage, paramsIn, programWith } from "../../recording/results/program.ts";

/** What goes along with it: the parameters, and whose language it is. */
const fitting: ReadonlySet<string> = new Set(["lang", "noColor", "ascii", "quiet", "noState"]);

/**
 * Prints it. @param given the options that were typed, by their names in the table.
 * @throws LanesError (usage) if it does not have what was asked for.
 */
export function printProgram(
  demo: Demo,
  language: ProgramLanguage,
  params: Params,
  given: Readonly<Record<string, unknown>>,
): number {
  const option = `--${language}`;
  const names = demo.params.map(({ name }) => name);
  const other = Object.keys(given).find((key) => key !== language && !fitting.has(key) && !names.includes(key));
  if (other !== undefined) throw usageError("cli.conflict", { one: option, other: `--${other}` });
  const source = language === "python" ? demo.code.python : demo.code.program;
  const there = paramsIn(source, language, names);
  const param = names.find((name) => given[name] !== undefined && !there.includes(name));
  if (param !== undefined && there.length === 0) throw usageError("demo.program.noParam", { demo: demo.name, option });
  if (param !== undefined)
    throw usageError("demo.program.param", { demo: demo.name, option, param, names: there.join(", ") });
  writeOut(`${programWith(source, language, params)}\n`);
  return ExitCode.ok;
}
