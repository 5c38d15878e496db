/** `lanes demo [NAME]`: lists the demos, or plays one. */
import type { Command } from "commander";
import { isDemoName, loadDemo, loadDemos } from "../demos/catalog.ts";
import { type Demo, demoNames, type Param, type Params } from "../demos/demo.ts";
import { ExitCode, usageError } from "../errors.ts";
import { type MessageKey, message, t } from "../i18n/index.ts";
import { writeOut } from "../views/output.ts";
import { createCommand } from "./command.ts";
import { showDemo } from "./play.ts";
import { oneOf, settingsOf, wholeNumber, withState } from "./settings.ts";
import { unknown } from "./suggest.ts";

/** The command for these arguments: each demo has options of its own. @throws LanesError (usage) for an unknown demo. */
export async function command(args: readonly string[]): Promise<Command> {
  const operands = args.filter((word, i) => !word.startsWith("-") && !["--dir", "--lang"].includes(args[i - 1] ?? ""));
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
      [`lanes demo ${name} --json`, t("demo.example.json")],
    ],
  });
  command.argument("<name>");
  for (const param of demo.params) {
    command.option(
      `--${param.name} <${param.kind === "number" ? (param.unit ?? "n") : param.values.join("|")}>`,
      described(param),
      parser(param),
      param.default,
    );
  }
  withState(command)
    .option("--dir <dir>", t("option.dir"))
    .option("--json", t("option.json"))
    .option("--jsonl", t("option.jsonl"))
    .action(async (_name: string, options: Record<string, string | number | boolean | undefined>) => {
      const params: Params = Object.fromEntries(
        demo.params.map((param) => [param.name, options[param.name] as number | string]),
      );
      if (options.json && options.jsonl) throw usageError("cli.conflict", { one: "--json", other: "--jsonl" });
      const format = options.jsonl ? "jsonl" : options.json ? "json" : "text";
      const dir = options.dir === undefined ? undefined : String(options.dir);
      process.exitCode = await showDemo(demo, { params, dir, format, settings: await settingsOf(command) });
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

function parser(param: Param): (value: string) => number | string {
  return param.kind === "number" ? wholeNumber(param.name, param.min, param.max) : oneOf(param.name, param.values);
}

/** A value other than the default one. */
function example(param: Param): string {
  if (param.kind === "choice") return param.values.find((value) => value !== param.default) ?? param.default;
  return String(Math.min(param.max, Math.max(param.min, param.default * 2)));
}
