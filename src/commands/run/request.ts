/** The options of `lanes run`, in the order of its help. */
import { parseDuration, parseJobs, parseLoad, parseSize, parseTimeout } from "../../cli/amounts.ts";
import { flag, type Options, option, optional } from "../../cli/table.ts";
import { oneOf, somePath, wholeNumber } from "../../cli/values.ts";
import { parseHalt } from "../../jobs/halt.ts";
import type { ShellOption } from "../../jobs/shell/choose.ts";
import { usableCores } from "../../os/cores.ts";
import { exportOptions } from "../export-options.ts";
import { farmOptions } from "./farm/options.ts";

/** Cores are counted only when an option asks for them. */
const cores = () => usableCores();

/** Bytes. */
const totalMemory = () => process.getBuiltinModule("node:os").totalmem();

export const runOptions = {
  jobs: option("-j, --jobs <n>", "run.option.jobs", (value) => parseJobs("jobs", value, cores)),
  keepOrder: flag("-k, --keep-order", "run.option.keepOrder"),
  tag: flag("--tag", "run.option.tag"),
  lineBuffer: flag("--line-buffer", "run.option.lineBuffer"),
  maxArgs: option("-n, --max-args <n>", "run.option.maxArgs", wholeNumber("max-args", 1, 100_000)),
  null: flag("-0, --null", "run.option.null"),
  shell: {
    ...optional<ShellOption>("--shell[=<path>]", "run.option.shell", (value) =>
      value === undefined ? true : somePath("shell")(value),
    ),
    undoes: "noShell",
  },
  noShell: { ...flag("--no-shell", "run.option.noShell"), undoes: "shell" },
  dryRun: flag("--dry-run", "run.option.dryRun"),
  halt: option("--halt <when>", "run.option.halt", (value) => parseHalt(value)),
  exitCode: option("--exit-code <halt|count>", "run.option.exitCode", oneOf("exit-code", ["halt", "count"])),
  retries: option("--retries <n>", "run.option.retries", wholeNumber("retries", 1, 1_000_000)),
  delay: option("--delay <dur>", "run.option.delay", (value) => parseDuration("delay", value)),
  timeout: option("--timeout <dur|n%>", "run.option.timeout", (value) => parseTimeout("timeout", value)),
  results: option("--results <dir>", "run.option.results", somePath("results")),
  joblog: option("--joblog <file>", "run.option.joblog", readJoblog),
  resume: flag("--resume", "run.option.resume"),
  resumeFailed: flag("--resume-failed", "run.option.resumeFailed"),
  memfree: option("--memfree <size>", "run.option.memfree", (value) => parseSize("memfree", value, totalMemory)),
  load: option("--load <n>", "run.option.load", (value) => parseLoad("load", value, cores)),
  tty: flag("--tty", "run.option.tty"),
  progress: flag("--progress", "run.option.progress"),
  summary: flag("--summary", "run.option.summary"),
  json: flag("--json", "run.option.json"),
  jsonl: flag("--jsonl", "run.option.jsonl"),
  ...exportOptions,
  ...farmOptions,
  /** What is so in any case. Scripts written for GNU parallel say it. */
  needless: flag("-r, --no-run-if-empty, --will-cite, --no-notice, --gnu", "run.option.needless"),
};

/** A command line, understood. */
export interface RunRequest {
  readonly options: Options<typeof runOptions>;
  /** COMMAND and the sources. */
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly ascii: boolean;
}

/** `FILE` or `+FILE`. */
function readJoblog(value: string): string {
  somePath("joblog")(value.replace(/^\+/, ""));
  return value;
}
