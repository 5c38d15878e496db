/**
 * `lanes run [options] …`, read without a parser library: it is started from loops and scripts, and loading one takes as
 * long as all the rest. The table below says what each option is; run.ts tells commander the same. What is not plain (help,
 * a language, a mistake) is left to commander, which has the words for it.
 */
import { LanesError } from "../errors.ts";
import type { MessageKey } from "../i18n/index.ts";
import { parseDuration, parseJobs, parseLoad, parseSize, parseTimeout, type Timeout } from "../jobs/amounts.ts";
import { type Halt, parseHalt } from "../jobs/halt.ts";
import type { ShellOption } from "../jobs/shell/choose.ts";
import { usableCores } from "../process/cores.ts";
import { type ExportOptions, exportOptions } from "./export-options.ts";
import { somePath, wholeNumber } from "./settings.ts";

/** The options, by the names commander gives them. */
interface Options extends ExportOptions {
  readonly jobs?: number;
  readonly null?: boolean;
  readonly keepOrder?: boolean;
  readonly tag?: boolean;
  readonly lineBuffer?: boolean;
  readonly maxArgs?: number;
  readonly shell?: ShellOption;
  readonly dryRun?: boolean;
  readonly halt?: Halt;
  readonly retries?: number;
  readonly delay?: number;
  readonly timeout?: Timeout;
  readonly results?: string;
  readonly joblog?: string;
  readonly resume?: boolean;
  readonly resumeFailed?: boolean;
  readonly memfree?: number;
  readonly load?: number;
  readonly tty?: boolean;
  readonly progress?: boolean;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

/** A command line, understood. */
export interface RunRequest {
  readonly options: Options;
  /** COMMAND and the sources. */
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly ascii: boolean;
}

/** Cores are counted only when an option asks for them. */
const cores = () => usableCores();

/** One option: as commander takes it, and how its value is read; none: it has no value. */
export interface RunOption {
  readonly key: keyof Options;
  readonly flags: string;
  readonly parse?: (value: string) => unknown;
  /** What it comes to without a value, where it may have one, joined to it: `--shell=bash`. */
  readonly bare?: unknown;
  /** `--no-…`: takes the option back. */
  readonly negates?: boolean;
  /** What the help says; `run.option.KEY` if left out. */
  readonly words?: MessageKey;
}

/** In the order of the help. */
export const runOptions: readonly RunOption[] = [
  { key: "jobs", flags: "-j, --jobs <n>", parse: (value) => parseJobs("jobs", value, cores) },
  { key: "keepOrder", flags: "-k, --keep-order" },
  { key: "tag", flags: "--tag" },
  { key: "lineBuffer", flags: "--line-buffer" },
  { key: "maxArgs", flags: "-n, --max-args <n>", parse: wholeNumber("max-args", 1, 100_000) },
  { key: "null", flags: "-0, --null" },
  { key: "shell", flags: "--shell [path]", parse: readShell, bare: true },
  { key: "shell", flags: "--no-shell", negates: true, words: "run.option.noShell" },
  { key: "dryRun", flags: "--dry-run" },
  { key: "halt", flags: "--halt <when>", parse: parseHalt },
  { key: "retries", flags: "--retries <n>", parse: wholeNumber("retries", 1, 1_000_000) },
  { key: "delay", flags: "--delay <dur>", parse: (value) => parseDuration("delay", value) },
  { key: "timeout", flags: "--timeout <dur|n%>", parse: (value) => parseTimeout("timeout", value) },
  { key: "results", flags: "--results <dir>", parse: somePath("results") },
  { key: "joblog", flags: "--joblog <file>", parse: readJoblog },
  { key: "resume", flags: "--resume" },
  { key: "resumeFailed", flags: "--resume-failed" },
  { key: "memfree", flags: "--memfree <size>", parse: (value) => parseSize("memfree", value) },
  { key: "load", flags: "--load <n>", parse: (value) => parseLoad("load", value, cores) },
  { key: "tty", flags: "--tty" },
  { key: "progress", flags: "--progress" },
  { key: "json", flags: "--json" },
  { key: "jsonl", flags: "--jsonl" },
  ...exportOptions,
];

/** What commander is shown where an option stands without the value it may have: no argument can be this. */
const BARE = "\0";

function readShell(value: string): ShellOption {
  return value === BARE ? true : somePath("shell")(value);
}

/** `FILE` or `+FILE`. */
function readJoblog(value: string): string {
  somePath("joblog")(value.replace(/^\+/, ""));
  return value;
}

/**
 * A line as commander has to be told: it would take the word after `--shell` for its value, though it has to be joined. What
 * follows the options is left alone.
 */
export function forCommander(args: readonly string[]): string[] {
  const told = [...args];
  for (let at = 0; at < told.length; at += 1) {
    const word = told[at] ?? "";
    if (!word.startsWith("-") || word === "-" || word === "--") break;
    const { option, joined } = optionOf(word);
    if (option?.bare !== undefined && joined === undefined) told[at] = `${word}=${BARE}`;
    else if (word === "--lang" || (option?.parse !== undefined && joined === undefined)) at += 1;
  }
  return told;
}

/** The request a plain line makes; undefined if it is not plain. */
export function plainRunRequest(args: readonly string[]): RunRequest | undefined {
  const found: Record<string, unknown> = {};
  const common = { quiet: false, ascii: false };
  try {
    for (let at = 0; at < args.length; at += 1) {
      const word = args[at] ?? "";
      if (!word.startsWith("-") || word === "-") return { options: found, words: args.slice(at), ...common };
      if (word === "--") return { options: found, words: args.slice(at + 1), ...common };
      if (word === "-q" || word === "--quiet") {
        common.quiet = true;
        continue;
      }
      if (word === "--ascii") {
        common.ascii = true;
        continue;
      }
      const { option, joined } = optionOf(word);
      if (option === undefined || (option.parse === undefined && joined !== undefined)) return undefined;
      if (option.parse === undefined) found[option.key] = option.negates !== true;
      else if (option.bare !== undefined && joined === undefined) found[option.key] = option.bare;
      else {
        const value = joined ?? args[++at];
        if (value === undefined) return undefined;
        found[option.key] = option.parse(value);
      }
    }
  } catch (error) {
    if (error instanceof LanesError) return undefined;
    throw error;
  }
  return { options: found, words: [], ...common };
}

/** The option a word names, and the value joined to it: `--jobs=2`, `-j2`. */
function optionOf(word: string): { option: RunOption | undefined; joined: string | undefined } {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  const name = equals >= 0 ? word.slice(0, equals) : word.startsWith("--") ? word : word.slice(0, 2);
  const option = runOptions.find(({ flags }) => flags.split(/[ ,]+/).includes(name));
  const rest = equals >= 0 ? word.slice(equals + 1) : word.slice(name.length);
  return { option, joined: equals >= 0 || rest !== "" ? rest : undefined };
}
