/** The command line: which command it is, its language, and what an error looks like. Commands are loaded by name. */
import type { Command } from "commander";
import { demoNames } from "../demos/demo.ts";
import { ExitCode } from "../errors.ts";
import { isLanguage, languageFrom, type MessageKey, message, setLanguage, t } from "../i18n/index.ts";
import { writeErr, writeOut } from "../views/output.ts";
import { report } from "./report.ts";
import { isInteractive, requestedLanguage } from "./settings.ts";
import { unknown } from "./suggest.ts";
import { printVersion } from "./version.ts";

interface Entry {
  readonly summary: MessageKey;
  /** Makes the command; `args` are its arguments, for one whose options depend on them. */
  load(args: readonly string[]): Promise<Command>;
}

const commands: Readonly<Record<string, Entry>> = {
  demo: { summary: "command.demo", load: async (args) => (await import("./demo.ts")).command(args) },
  tour: { summary: "command.tour", load: async () => (await import("./tour.ts")).command() },
  run: { summary: "command.run", load: async () => (await import("./run.ts")).command() },
  map: { summary: "map.command", load: async () => (await import("./map.ts")).command() },
  lock: { summary: "command.lock", load: async (args) => (await import("./lock.ts")).command(args) },
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
  if (options.includes("--version")) return printVersion();
  if (name === "help") return help(args.filter((word, i) => !word.startsWith("-") && args[i - 1] !== "--lang"));
  if (options.includes("--help") || options.includes("-h")) return help(name === undefined ? [] : [name, ...args]);
  if (name === undefined) return bare(options);
  return run(name, [...options, ...args]);
}

async function run(name: string, args: readonly string[]): Promise<number> {
  const entry = commands[name];
  if (entry === undefined) {
    const known = [...Object.keys(commands), "help", ...demoNames.map((demo) => `demo ${demo}`)];
    throw unknown("cli.unknownCommand", name, known, "lanes --help");
  }
  const { runCommand } = await import("./command.ts");
  return runCommand(await entry.load(args), args);
}

/** What the menu takes; any other option is tour's to refuse. */
const menuOptions: ReadonlySet<string> = new Set([
  "--lang",
  "--lang=en",
  "--lang=zh",
  "--no-color",
  "--ascii",
  "-q",
  "--quiet",
]);

/** `lanes` alone: the menu for a person at a terminal; for anything else a line that says so, and the tour. */
async function bare(options: readonly string[]): Promise<number> {
  const known = options.every((word, i) => menuOptions.has(word) || (options[i - 1] === "--lang" && isLanguage(word)));
  if (!isInteractive() || !known) {
    if (known) writeErr(`lanes: ${t("cli.noTerminal")}\n`);
    return run("tour", options);
  }
  const { menu } = await import("./menu.ts");
  const color = !options.includes("--no-color") && !process.env.NO_COLOR;
  return menu({ ascii: options.includes("--ascii"), color });
}

async function help(words: readonly string[]): Promise<number> {
  const [name, ...args] = words;
  if (name !== undefined) return run(name, [...args, "--help"]);
  const width = Math.max(...Object.keys(commands).map((command) => command.length));
  const rows = Object.entries(commands).map(
    ([command, { summary }]) => `  ${command.padEnd(width)}  ${message(summary)}`,
  );
  const examples = [
    ["lanes", t("help.example.menu")],
    ["lanes demo race", t("help.example.demo")],
    ["lanes run gzip -k {} ::: *.log", t("help.example.run")],
    ["lanes lock /tmp/job.lock ./backup.sh", t("help.example.lock")],
  ] as const;
  writeOut(`${t("cli.tagline")}

${t("help.usage")}lanes [COMMAND]

${t("help.examples")}
${examples.map(([command, what]) => `  ${command.padEnd(36)}  ${what}`).join("\n")}

${t("help.commands")}
${rows.join("\n")}

${t("help.options")}
  --lang en|zh   ${t("option.lang")}
  --no-color     ${t("option.noColor")}
  --ascii        ${t("option.ascii")}
  -q, --quiet    ${t("option.quiet")}
  --version      ${t("option.version")}
  -h, --help     ${t("option.help")}
`);
  return ExitCode.ok;
}
