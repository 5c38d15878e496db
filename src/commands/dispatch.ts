/** From the words of a command line to the command: which one it is, its language, what an error looks like. */
import { parse, split } from "../cli/parse.ts";
import type { Command } from "../cli/table.ts";
import { ExitCode } from "../errors.ts";
import { languageFrom, setLanguage, speakErrors, t } from "../i18n/index.ts";
import { givenArguments } from "../os/bytes/bytes.ts";
import { prepareSignals } from "../os/signals.ts";
import { catalog, entries, rootOptions } from "./catalog.ts";

/** Runs what the arguments of this process ask for. Never throws; resolves to the exit code. */
export async function runCommandLine(): Promise<number> {
  const argv = givenArguments();
  speakErrors("asked");
  if (argv[0] !== "lock") prepareSignals(); // the lock does it itself, without loading what we need for that
  try {
    return await dispatch(argv);
  } catch (error) {
    return (await import("../cli/report.ts")).report(error); // node:fs comes with it, which a lock does without
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  // Of the words after the command's name it alone knows which are options.
  const { given, words } = split(root, argv);
  setLanguage(languageFrom(given.findLast(({ key }) => key === "lang")?.value, process.env));
  const [name, ...args] = words;
  const options = argv.slice(0, argv.length - words.length);
  const has = (key: string) => given.some((one) => one.key === key);
  if (has("version")) return (await import("./version.ts")).printVersion();
  if (name === "help") return help(args.filter((word, at) => !word.startsWith("-") && args[at - 1] !== "--lang"));
  if (has("help")) return help(words);
  if (name !== undefined && isProgram(name)) return run("exec", [...options, name, ...args]);
  if (name !== undefined) return run(name, [...options, ...args]);
  parse(root, options); // throws for what is wrong with them
  return bare(options, { ascii: has("ascii"), noColor: has("noColor"), state: !has("noState") });
}

/** Whether a word is no command but a file to run: `lanes hello.ts`. No command has a dot or a slash in its name. */
const isProgram = (word: string): boolean => /\.[mc]?[jt]sx?$/.test(word) || word.includes("/");

/** `lanes` without a command, as the parser sees it. */
const root = { name: "", options: rootOptions, optionsUntil: 0, operands: [] } as const;

async function run(name: string, args: readonly string[]): Promise<number> {
  const command = await load(name, args);
  const line = parse(command, args);
  // The executable starts as one that compiles nothing (scripts/build/compile.ts); a run tells the engine itself.
  if (name !== "lock" && name !== "run") Bun.unsafe.setJITPolicy(1);
  if (line !== "help") return command.run(line);
  const [{ helpText }, { writeOut }] = await Promise.all([import("../cli/help.ts"), import("../os/stdout.ts")]);
  writeOut(helpText(command));
  return ExitCode.ok;
}

async function load(name: string, args: readonly string[]): Promise<Command> {
  if (Object.hasOwn(entries, name)) return entries[name]!.load(args);
  const { unknown } = await import("../cli/suggest.ts");
  const { demoNames } = await import("../demos/catalog.ts");
  const known = [...Object.keys(entries), "help", "--version", ...demoNames.map((demo) => `demo ${demo}`)];
  throw unknown("cli.unknownCommand", name, known, "lanes --help");
}

/** `lanes` alone: the menu for a person at a terminal; for anything else a line that says so, and the tour. */
async function bare(
  options: readonly string[],
  { ascii, noColor, state }: { readonly ascii: boolean; readonly noColor: boolean; readonly state: boolean },
): Promise<number> {
  const { isInteractive } = await import("../cli/audience.ts");
  if (!isInteractive()) {
    (await import("../os/stdout.ts")).writeErr(`lanes: ${t("cli.noTerminal")}\n`);
    return run("tour", options);
  }
  const { menu } = await import("./menu/menu.ts");
  Bun.unsafe.setJITPolicy(1);
  return menu({ ascii, noColor, state });
}

async function help(words: readonly string[]): Promise<number> {
  const [name, ...args] = words;
  if (name !== undefined) return run(name, ["--help", ...args]);
  const [{ rootHelp }, { writeOut }] = await Promise.all([import("./root-help.ts"), import("../os/stdout.ts")]);
  writeOut(rootHelp(catalog));
  return ExitCode.ok;
}
