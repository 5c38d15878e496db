/** The command line: which command it is, its language, and what an error looks like. Commands are loaded by name. */
import { demoNames } from "../demos/demo.ts";
import { ExitCode } from "../errors.ts";
import { isLanguage, languageFrom, message, setLanguage, t } from "../i18n/index.ts";
import { writeErr, writeOut } from "../views/output.ts";
import { lockSubcommands } from "./lock-subcommands.ts";
import type { Program } from "./program.ts";
import { report } from "./report.ts";
import { isInteractive, requestedLanguage } from "./settings.ts";
import { unknown } from "./suggest.ts";
import { printVersion } from "./version.ts";

const commands: Program["commands"] = {
  demo: {
    summary: "command.demo",
    below: demoNames,
    load: async (args) => (await import("./demo.ts")).command(args),
  },
  tour: { summary: "command.tour", load: async () => (await import("./tour.ts")).command() },
  run: { summary: "command.run", load: async () => (await import("./run.ts")).command() },
  map: { summary: "map.command", load: async () => (await import("./map.ts")).command() },
  lock: {
    summary: "command.lock",
    below: lockSubcommands,
    load: async (args) => (await import("./lock.ts")).command(args),
  },
  replay: { summary: "command.replay", load: async () => (await import("./replay.ts")).command() },
  progress: { summary: "command.progress", load: async () => (await import("./progress.ts")).command() },
  completions: {
    summary: "command.completions",
    load: async () => (await import("./completions.ts")).command(program),
  },
  man: { summary: "command.man", load: async () => (await import("./man.ts")).command(program) },
  licenses: { summary: "command.licenses", load: async () => (await import("./licenses.ts")).command() },
};

/** All of the command line. */
export const program: Program = {
  commands,
  options: [
    { flags: "--lang <en|zh>", summary: "option.lang", menu: true },
    { flags: "--no-color", summary: "option.noColor", menu: true },
    { flags: "--ascii", summary: "option.ascii", menu: true },
    { flags: "-q, --quiet", summary: "option.quiet", menu: true },
    { flags: "--no-state", summary: "option.noState", menu: true },
    { flags: "-V, --version", summary: "option.version", menu: false },
    { flags: "-h, --help", summary: "option.help", menu: false },
  ],
  examples: [
    ["lanes", "help.example.menu"],
    ["lanes demo race", "help.example.demo"],
    ["lanes run gzip -k {} ::: *.log", "help.example.run"],
    ["lanes lock /tmp/job.lock ./backup.sh", "help.example.lock"],
  ],
};

/** Runs what the arguments ask for. Never throws; resolves to the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  try {
    setLanguage(languageFrom(requestedLanguage(argv), process.env));
    return await dispatch(argv);
  } catch (error) {
    return report(error);
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const at = argv.findIndex((word, index) => !word.startsWith("-") && argv[index - 1] !== "--lang");
  const options = at < 0 ? argv : argv.slice(0, at);
  const [name, ...args] = at < 0 ? [] : argv.slice(at);
  if (options.includes("--version") || options.includes("-V")) return printVersion();
  if (name === "help") return help(args.filter((word, i) => !word.startsWith("-") && args[i - 1] !== "--lang"));
  if (options.includes("--help") || options.includes("-h")) return help(name === undefined ? [] : [name, ...args]);
  if (name === undefined) return bare(options);
  return run(name, [...options, ...args]);
}

async function run(name: string, args: readonly string[]): Promise<number> {
  const entry = commands[name];
  if (entry === undefined) {
    const known = [...Object.keys(commands), "help", "--version", ...demoNames.map((demo) => `demo ${demo}`)];
    throw unknown("cli.unknownCommand", name, known, "lanes --help");
  }
  const { runCommand } = await import("./command.ts");
  return runCommand(await entry.load(args), args);
}

/** What the menu takes; any other option is tour's to refuse. */
const menuOptions: ReadonlySet<string> = new Set([
  ...program.options.filter(({ menu }) => menu).flatMap(({ flags }) => flags.split(/,? /)),
  "--lang=en",
  "--lang=zh",
]);

/** `lanes` alone: the menu for a person at a terminal; for anything else a line that says so, and the tour. */
async function bare(options: readonly string[]): Promise<number> {
  const known = options.every((word, i) =>
    word === "--lang" ? isLanguage(options[i + 1]) : menuOptions.has(word) || options[i - 1] === "--lang",
  );
  if (!isInteractive() || !known) {
    if (known) writeErr(`lanes: ${t("cli.noTerminal")}\n`);
    return run("tour", options);
  }
  const { menu } = await import("./menu.ts");
  const color = !options.includes("--no-color") && !process.env.NO_COLOR;
  return menu({ ascii: options.includes("--ascii"), color, state: !options.includes("--no-state") });
}

async function help(words: readonly string[]): Promise<number> {
  const [name, ...args] = words;
  if (name !== undefined) return run(name, [...args, "--help"]);
  const width = Math.max(...Object.keys(commands).map((command) => command.length));
  const rows = Object.entries(commands).map(
    ([command, { summary }]) => `  ${command.padEnd(width)}  ${message(summary)}`,
  );
  const options = program.options.map(({ flags, summary }) => [flags.replace(/[<>]/g, ""), message(summary)] as const);
  const optionWidth = Math.max(...options.map(([flags]) => flags.length));
  writeOut(`${t("cli.tagline")}

${t("help.usage")}lanes [COMMAND]

${t("help.examples")}
${program.examples.map(([command, what]) => `  ${command.padEnd(36)}  ${message(what)}`).join("\n")}

${t("help.commands")}
${rows.join("\n")}

${t("help.options")}
${options.map(([flags, what]) => `  ${flags.padEnd(optionWidth)}  ${what}`).join("\n")}
`);
  return ExitCode.ok;
}
