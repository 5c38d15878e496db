/** `lanes demo [NAME]`: lists the demos, or plays one. */
import type { Command } from "commander";
import { isDemoName, loadDemo, loadDemos } from "../demos/catalog.ts";
import { type Demo, demoNames, type Param, type Params } from "../demos/demo.ts";
import { ExitCode, usageError } from "../errors.ts";
import { type MessageKey, message, t } from "../i18n/index.ts";
import { writeOut } from "../views/output.ts";
import { createCommand } from "./command.ts";
import { type ExportOptions, exportFormats, exportOptions } from "./export-options.ts";
import { parserOf } from "./param-parser.ts";
import { showDemo } from "./play.ts";
import { settingsOf, somePath, wholeNumber, withState } from "./settings.ts";
import { unknown } from "./suggest.ts";

/** How often a demo can be played in one go. */
const MOST_RUNS = 1_000;

/** The options of every demo whose value is a word of its own. */
const takesValue: ReadonlySet<string | undefined> = new Set([
  "--dir",
  "--lang",
  "--runs",
  "--vs",
  ...exportFormats.map((format) => `--${format}`),
]);

/** The command for these arguments: each demo has options of its own. @throws LanesError (usage) for an unknown demo. */
export async function command(args: readonly string[]): Promise<Command> {
  const operands = args.filter((word, i) => !word.startsWith("-") && !takesValue.has(args[i - 1]));
  const name = operands.find(isDemoName);
  if (name !== undefined) return demoCommand(await loadDemo(name));
  if (operands[0] !== undefined) throw unknown("cli.unknownDemo", operands[0], demoNames, "lanes demo");
  return listCommand();
}

/** `lanes demo NAME` with the parameters of that demo. */
export function demoCommand(demo: Demo): Command {
  const { name } = demo;
  const command = createCommand({
    name: `demo ${name}`,
    usage: "[options]",
    description: `${t(`demo.${name}.title`)}\n${t(`demo.${name}.summary`)}`,
    examples: [
      [`lanes demo ${name}`, t("demo.example.play")],
      ...demo.params
        .slice(0, 1)
        .map((param) => [`lanes demo ${name} --${param.name} ${example(param)}`, t("demo.example.param")] as const),
      ...demo.params
        .slice(-1)
        .map((param) => [`lanes demo ${name} --vs ${param.name}=${example(param)}`, t("compare.example.vs")] as const),
      [`lanes demo ${name} --json`, t("demo.example.json")],
      [`lanes demo ${name} --html ${name}.html`, t("export.example.demo")],
    ],
  });
  command.argument("<name>");
  for (const param of demo.params) {
    command.option(
      `--${param.name} <${param.kind === "number" ? (param.unit ?? "n") : param.values.join("|")}>`,
      described(param),
      parserOf(param),
      param.default,
    );
  }
  withState(command)
    .option("--runs <n>", t("compare.option.runs"), wholeNumber("runs", 1, MOST_RUNS))
    .option("--vs <param=value,...>", t("compare.option.vs"), (value, before?: string) =>
      before === undefined ? value : `${before},${value}`,
    )
    .option("--dir <dir>", t("option.dir"), somePath("dir"))
    .option("--json", t("option.json"))
    .option("--jsonl", t("option.jsonl"));
  for (const { flags, words } of exportOptions) command.option(flags, message(words));
  command.action(async (_name: string, options: Record<string, string | number | boolean | undefined>) => {
    const params: Params = Object.fromEntries(
      demo.params.map((param) => [param.name, options[param.name] as number | string]),
    );
    if (options.json && options.jsonl) throw usageError("cli.conflict", { one: "--json", other: "--jsonl" });
    const format = options.jsonl ? "jsonl" : options.json ? "json" : "text";
    const dir = options.dir === undefined ? undefined : String(options.dir);
    const settings = await settingsOf(command);
    const exports = options as ExportOptions;
    if (options.runs === undefined && options.vs === undefined) {
      process.exitCode = await showDemo(demo, { params, dir, format, settings, exports });
      return;
    }
    const vs = options.vs === undefined ? undefined : String(options.vs);
    const other = vs ? "--vs" : "--runs";
    if (format === "jsonl") throw usageError("cli.conflict", { one: "--jsonl", other });
    // A file shows one run, and a comparison has many.
    const one = exportFormats.find((format) => exports[format] !== undefined);
    if (one !== undefined) throw usageError("cli.conflict", { one: `--${one}`, other });
    const { showComparison } = await import("./compare.ts");
    const runs = options.runs === undefined ? undefined : Number(options.runs);
    process.exitCode = await showComparison(demo, { params, vs, runs, dir, json: format === "json", settings });
  });
  // The name is an operand like any other to commander; help need not list it.
  command.registeredArguments[0]?.argOptional();
  return command;
}

function listCommand(): Command {
  const command = createCommand({
    name: "demo",
    usage: "[NAME] [options]",
    description: t("command.demo"),
    examples: [
      ["lanes demo", t("demo.example.list")],
      ["lanes demo race", t("demo.example.play")],
      ["lanes demo race --help", t("demo.example.help")],
    ],
  });
  return command.option("--json", t("option.json")).action(async (options: { json?: boolean }) => {
    await settingsOf(command);
    const demos = await loadDemos();
    writeOut(options.json ? listJson(demos) : listText(demos));
    process.exitCode = ExitCode.ok;
  });
}

function listJson(demos: readonly Demo[]): string {
  const list = demos.map(({ name, group, params }) => ({
    name,
    group,
    title: t(`demo.${name}.title`),
    params,
  }));
  return `${JSON.stringify({ v: 1, demos: list })}\n`;
}

function listText(demos: readonly Demo[]): string {
  const width = Math.max(...demos.map(({ name }) => name.length));
  return demos.map(({ name }) => `${name.padEnd(width)}  ${t(`demo.${name}.summary`)}\n`).join("");
}

function described(param: Param): string {
  const words = message(`param.${param.name}` as MessageKey);
  return param.kind === "number" ? `${words} (${param.min}–${param.max})` : words;
}

/** A value other than the default one. */
function example(param: Param): string {
  if (param.kind === "choice") return param.values.find((value) => value !== param.default) ?? param.default;
  return String(Math.min(param.max, Math.max(param.min, param.default * 2)));
}
