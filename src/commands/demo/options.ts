/** `lanes demo [NAME]`: lists the demos, or plays one. */
import { split } from "../../cli/parse.ts";
import { settingsOf } from "../../cli/settings.ts";
import { unknown } from "../../cli/suggest.ts";
import { type Command, command, flag, type Option, type Options, option, stateOption } from "../../cli/table.ts";
import { somePath, wholeNumber } from "../../cli/values.ts";
import { demoGroup, demoNames, isDemoName, loadDemo } from "../../demos/catalog.ts";
import type { Demo, Param, Params } from "../../demos/define.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { message, t } from "../../i18n/index.ts";
import type { MessageKey } from "../../i18n/phrase.ts";
import { writeOut } from "../../os/stdout.ts";
import { isTerminal, windowSize } from "../../os/tty/tty.ts";
import { demoWords } from "../../show/words.ts";
import { wrap } from "../../terminal/layout.ts";
import { exportFormats, exportOptions } from "../export-options.ts";
import { parserOf } from "./parameter.ts";
import { printProgram } from "./program.ts";
import { showDemo } from "./wire.ts";

/** Of a demo that can be played in a farm. */
const farmOption = { on: option("--on <farm>", "demo.option.on", somePath("on")) };

/** How often a demo can be played in one go. */
const MOST_RUNS = 1_000;

/** The options of every demo. */
const demoOptions = {
  ...stateOption,
  runs: option("--runs <n>", "compare.option.runs", wholeNumber("runs", 1, MOST_RUNS)),
  vs: option("--vs <param=value,...>", "compare.option.vs", (value, before?: string) =>
    before === undefined ? value : `${before},${value}`,
  ),
  dir: option("--dir <dir>", "option.dir", somePath("dir")),
  json: flag("--json", "option.json"),
  jsonl: flag("--jsonl", "option.jsonl"),
  typescript: flag("--typescript", "demo.option.typescript"),
  python: flag("--python", "demo.option.python"),
  ...exportOptions,
};

/** The command for these arguments: each demo has options of its own. @throws LanesError (usage) for an unknown demo. */
export async function commandFor(args: readonly string[]): Promise<Command> {
  // An option that only one demo has is none to this table: what follows it is its value, if it is no demo's name.
  const { words } = split({ name: "demo", options: demoOptions, optionsUntil: Number.POSITIVE_INFINITY }, args);
  const name = words.find(isDemoName);
  if (name !== undefined) return demoCommand(await loadDemo(name));
  if (words[0] !== undefined) throw unknown("cli.unknownDemo", words[0], demoNames, "lanes demo");
  return list;
}

/** `lanes demo NAME` with the parameters of that demo. */
export function demoCommand(demo: Demo): Command {
  const { name, params } = demo;
  const [first] = params;
  const last = params.findLast((param) => param.name !== "samples"); // how often it is measured is nothing to compare
  return command({
    name: `demo ${name}`,
    usage: "[options]",
    about: () => `${demoWords(name, "title")}\n${demoWords(name, "summary")}`,
    examples: [
      [`lanes demo ${name}`, "demo.example.play"],
      ...(first === undefined
        ? []
        : [[`lanes demo ${name} --${first.name} ${example(first)}`, "demo.example.param"] as const]),
      ...(last === undefined
        ? []
        : [[`lanes demo ${name} --vs ${last.name}=${example(last)}`, "compare.example.vs"] as const]),
      [`lanes demo ${name} --json`, "demo.example.json"],
      [`lanes demo ${name} --html ${name}.html`, "export.example.demo"],
      [`lanes demo ${name} --python > ${name}-demo.py`, "demo.example.program"],
    ],
    operands: [],
    optionsUntil: Number.POSITIVE_INFINITY,
    options: {
      ...Object.fromEntries(params.map((param) => [param.name, paramOption(param)])),
      ...(demo.onFarm ? farmOption : {}),
      ...demoOptions,
    },
    run: async ({ options, common }) => {
      const given = options as Readonly<Record<string, number | string | undefined>>;
      const values = Object.fromEntries(params.map((param) => [param.name, given[param.name] ?? param.default]));
      const language = options.typescript ? "typescript" : options.python ? "python" : undefined;
      if (language !== undefined) return printProgram(demo, language, values, options);
      return play(demo, values, options, settingsOf({ ...common, ...options }));
    },
  });
}

function paramOption(param: Param): Option {
  const value = param.kind === "number" ? (param.unit ?? "n") : param.values.join("|");
  return option(`--${param.name} <${value}>`, () => described(param), parserOf(param), param.default);
}

/** Plays it once, or several times to compare. @returns the exit code. @throws LanesError (usage). */
async function play(
  demo: Demo,
  params: Params,
  options: Options<typeof demoOptions> & { readonly on?: string },
  settings: ReturnType<typeof settingsOf>,
): Promise<number> {
  const { runs, vs, dir, json, jsonl, on, ...exports } = options;
  if (json && jsonl) throw usageError("cli.conflict", { one: "--json", other: "--jsonl" });
  const format = jsonl ? "jsonl" : json ? "json" : "text";
  if (on !== undefined && dir !== undefined) throw usageError("cli.conflict", { one: "--on", other: "--dir" });
  const once = runs === undefined && vs === undefined;
  if (once) return showDemo(demo, { params, dir, farm: await farmAt(on), format, settings, exports });
  const other = vs === undefined ? "--runs" : "--vs";
  if (format === "jsonl") throw usageError("cli.conflict", { one: "--jsonl", other });
  // A file shows one run, and a comparison has many.
  const one = exportFormats.find((format) => exports[format] !== undefined);
  if (one !== undefined) throw usageError("cli.conflict", { one: `--${one}`, other });
  const { showComparison } = await import("./compare.ts");
  return showComparison(demo, { params, vs, runs, dir, farm: await farmAt(on), json: format === "json", settings });
}

async function farmAt(on: string | undefined) {
  return on === undefined ? undefined : (await import("./farm.ts")).farmStage(on);
}

const list = command({
  name: "demo",
  usage: "[NAME] [options]",
  about: "command.demo",
  examples: [
    ["lanes demo", "demo.example.list"],
    ["lanes demo race", "demo.example.play"],
    ["lanes demo race --help", "demo.example.help"],
  ],
  operands: [],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { json: flag("--json", "option.json") },
  async run({ options: { json } }) {
    writeOut(json ? await listJson() : isTerminal(1) ? listForReading(windowSize(1).columns) : listText());
    return ExitCode.ok;
  },
});

async function listJson(): Promise<string> {
  const demos = demoNames.map(async (name) => ({
    name,
    group: demoGroup(name),
    title: demoWords(name, "title"),
    params: (await loadDemo(name)).params,
  }));
  return `${JSON.stringify({ v: 1, demos: await Promise.all(demos) })}\n`;
}

function listText(): string {
  const width = Math.max(...demoNames.map((name) => name.length));
  return demoNames.map((name) => `${name.padEnd(width)}  ${demoWords(name, "summary")}\n`).join("");
}

/** The same as a course: by group, with their titles, in whole words. */
function listForReading(columns: number): string {
  const width = Math.max(...demoNames.map((name) => name.length)) + 4;
  const group = (at: number) => demoNames[at] && demoGroup(demoNames[at]);
  const lines = demoNames.flatMap((name, at) => {
    const heading = group(at) === group(at - 1) ? [] : [...(at > 0 ? [""] : []), message(`group.${demoGroup(name)}`)];
    const about = `${demoWords(name, "title")}\n${demoWords(name, "summary")}`;
    const text = wrap(about, Math.max(20, Math.min(100, columns) - width));
    return [...heading, ...text.map((line, i) => `${i === 0 ? `  ${name}`.padEnd(width) : " ".repeat(width)}${line}`)];
  });
  return `${lines.join("\n")}\n`;
}

function described(param: Param): string {
  const words = message(`param.${param.name}` as MessageKey);
  return param.kind === "number" ? t("param.range", { words, min: param.min, max: param.max }) : words;
}

/** A value other than the default one. */
function example(param: Param): string {
  if (param.kind === "choice") return param.values.find((value) => value !== param.default) ?? param.default;
  return String(Math.min(param.max, Math.max(param.min, param.default * 2)));
}
