/** `lanes run`: reads the options, wires the parts of src/jobs together, and turns what came of it into text and a code. */
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Command } from "commander";
import { ExitCode, errnoCode, LanesError, signalExitCode, usageError } from "../errors.ts";
import { type MessageKey, message, t } from "../i18n/index.ts";
import { parseDuration, parseJobs, parseLoad, parseSize, parseTimeout, type Timeout } from "../jobs/amounts.ts";
import { Delivery } from "../jobs/delivery.ts";
import { type Halt, parseHalt } from "../jobs/halt.ts";
import { Joblog } from "../jobs/joblog.ts";
import { Launcher } from "../jobs/launcher.ts";
import { Outlet } from "../jobs/outlet.ts";
import { Results } from "../jobs/results.ts";
import { Resume } from "../jobs/resume.ts";
import { JobRun, type RunOptions } from "../jobs/run.ts";
import { Template } from "../jobs/template.ts";
import { encodeText } from "../jobs/text.ts";
import { countValues, grouped, readValues, type Source, splitSources, type Values } from "../jobs/values.ts";
import { usableCores } from "../process/cores.ts";
import { Guard } from "../process/guard.ts";
import { writeErr, writeOut } from "../views/output.ts";
import { reportText } from "../views/run-text.ts";
import { createCommand } from "./command.ts";
import { RunSignals } from "./run-signals.ts";
import { settingsOf, wholeNumber } from "./settings.ts";

interface Options {
  readonly jobs?: number;
  readonly null?: boolean;
  readonly keepOrder?: boolean;
  readonly tag?: boolean;
  readonly lineBuffer?: boolean;
  readonly maxArgs?: number;
  readonly shell?: boolean;
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

export function command(): Command {
  const run = createCommand({
    name: "run",
    usage: "[options] [COMMAND [ARG...]] [::: VALUE...]...",
    description: t("run.description"),
    examples: (
      [
        ["lanes run gzip ::: *.log", "run.example.list"],
        ["find . -name '*.png' -print0 | lanes run -0 convert {} {.}.jpg", "run.example.stdin"],
        ["lanes run -k --tag curl -sI ::: example.org example.com", "run.example.order"],
        ["lanes run --shell 'grep -c {} big.txt > {}.count' ::: ERROR WARN", "run.example.shell"],
        ["lanes run --joblog log --resume ./train --lr {1} --seed {2} ::: 0.1 0.01 ::: 1 2 3", "run.example.resume"],
        ["lanes run < commands.txt", "run.example.lines"],
      ] as const
    ).map(([line, key]) => [line, t(key)] as const),
  });
  addOptions(run)
    .argument("[command...]")
    .passThroughOptions()
    .action(async (words: string[], options: Options) => {
      process.exitCode = await runJobs(words, options, (await settingsOf(run)).quiet);
    });
  return run;
}

/** Cores are counted only when an option asks for them, and once. */
const cores = () => usableCores();

function addOptions(run: Command): Command {
  const option = (name: string) => message(`run.option.${name}` as MessageKey);
  return run
    .option("-j, --jobs <n>", option("jobs"), (value: string) => parseJobs("jobs", value, cores))
    .option("-k, --keep-order", option("keepOrder"))
    .option("--tag", option("tag"))
    .option("--line-buffer", option("lineBuffer"))
    .option("-n, --max-args <n>", option("maxArgs"), wholeNumber("max-args", 1, 100_000))
    .option("-0, --null", option("null"))
    .option("--shell", option("shell"))
    .option("--dry-run", option("dryRun"))
    .option("--halt <when>", option("halt"), parseHalt)
    .option("--retries <n>", option("retries"), wholeNumber("retries", 1, 1_000_000))
    .option("--delay <dur>", option("delay"), (value: string) => parseDuration("delay", value))
    .option("--timeout <dur|n%>", option("timeout"), (value: string) => parseTimeout("timeout", value))
    .option("--results <dir>", option("results"))
    .option("--joblog <file>", option("joblog"))
    .option("--resume", option("resume"))
    .option("--resume-failed", option("resumeFailed"))
    .option("--memfree <size>", option("memfree"), (value: string) => parseSize("memfree", value))
    .option("--load <n>", option("load"), (value: string) => parseLoad("load", value, cores))
    .option("--tty", option("tty"))
    .option("--progress", option("progress"))
    .option("--json", option("json"))
    .option("--jsonl", option("jsonl"));
}

async function runJobs(words: readonly string[], options: Options, quiet: boolean): Promise<number> {
  const { command: argv, sources } = splitSources(words);
  if (options.shell && argv.length === 0) throw usageError("run.error.shell", {});
  const template = new Template(argv, { shell: options.shell ?? false });
  if (sources.length === 0 && isatty(0) && !quiet) writeErr(`lanes: ${t("run.note.terminal")}\n`);
  const rows = readValues(sources, options.null ? "\0" : "\n");
  const values = options.maxArgs === undefined ? rows : grouped(rows, options.maxArgs);
  if (options.dryRun) return printCommands(template, values);

  const resume = options.resume || options.resumeFailed ? new Resume(options.resumeFailed ? "failed" : "all") : null;
  if (resume !== null && options.joblog === undefined) throw usageError("run.error.resume", {});
  const joblog =
    options.joblog === undefined
      ? null
      : new Joblog(options.joblog, { keep: resume !== null, onLine: (line) => resume?.add(line) });

  const guard = new Guard();
  let broken: Error | null = null;
  const stdout = new Outlet(1, (error) => {
    broken = error;
    run.stop("output");
  });
  const stderr = new Outlet(2, () => {}); // nobody reads our warnings: no reason to stop
  // stdout is the document's, or the events': what jobs print goes to stderr then.
  const out = options.json || options.jsonl ? stderr : stdout;
  const tag = options.tag ?? false;
  const keepOrder = options.keepOrder ?? false;
  const results = options.results === undefined ? null : new Results(options.results);
  const capture = options.tty ? "tty" : options.lineBuffer && !keepOrder && results === null ? "lines" : "files";
  const run = new JobRun(runOptions(options, sources), {
    values,
    launcher: new Launcher({ template, guard, results, capture, tag, outlets: { out, err: stderr } }),
    delivery: new Delivery({ out, err: stderr, tag, keepOrder, joblog }),
    isDone: (seq, row) => resume?.skips(template, seq, row) ?? false,
    sink: options.jsonl ? (event) => stdout.write(encodeText(`${JSON.stringify(event)}\n`)) : () => {},
  });
  const signals = new RunSignals(run);
  try {
    await run.execute();
  } finally {
    await guard.close();
    signals.dispose();
  }
  const summary = run.stats.summary();
  if (options.json) stdout.write(encodeText(`${JSON.stringify(summary)}\n`));
  if (options.jsonl) stdout.write(encodeText(`${JSON.stringify({ type: "result", t: summary.wallMs, ...summary })}\n`));
  await stdout.drained();
  if (broken !== null) return outputLost(broken);
  if (!quiet) writeErr(reportText(summary, signals.stoppedBy));
  if (signals.stoppedBy !== null) return signalExitCode(constants.signals[signals.stoppedBy]);
  const enough = run.stopReason === "halt" && options.halt?.what === "success";
  return summary.failed === 0 || enough ? ExitCode.ok : ExitCode.failed;
}

function runOptions(options: Options, sources: readonly Source[]): RunOptions {
  const listed = countValues(sources);
  return {
    slots: options.jobs ?? (options.tty ? 1 : usableCores()),
    tries: options.retries ?? 1,
    timeout: options.timeout ?? null,
    halt: options.halt ?? null,
    total: listed === null ? null : Math.ceil(listed / (options.maxArgs ?? 1)),
    delayMs: options.delay ?? 0,
    load: options.load ?? null,
    memfree: options.memfree ?? null,
  };
}

/** `--dry-run`: the commands, one a line, and nothing is run. */
async function printCommands(template: Template, values: AsyncIterable<Values[]>): Promise<number> {
  let seq = 0;
  for await (const batch of values) {
    const lines = batch.map((row) => `${template.compose({ seq: ++seq, slot: 1, values: row }).text}\n`);
    writeOut(encodeText(lines.join("")));
  }
  return ExitCode.ok;
}

/** Our stdout cannot be written to: quiet if its reader has left (`lanes run … | head`), as a program SIGPIPE ends. */
function outputLost(error: Error): number {
  if (errnoCode(error) === "EPIPE") return signalExitCode(constants.signals.SIGPIPE);
  throw new LanesError("error.output", { reason: error.message }, { cause: error });
}
