/** `lanes run`, done: wires the parts of src/jobs together, and turns what came of it into text and a code. */
import { constants } from "node:os";
import { sumsUp, tellsOfFiles } from "../../cli/sums-up.ts";
import { ExitCode, errnoCode, LanesError, signalExitCode, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { Template } from "../../jobs/input/template.ts";
import { countValues, grouped, readValues, type Source, splitSources, type Values } from "../../jobs/input/values.ts";
import type { Joblog } from "../../jobs/joblog.ts";
import { Launcher } from "../../jobs/launcher.ts";
import { Delivery } from "../../jobs/output/delivery.ts";
import { Outlet } from "../../jobs/output/outlet.ts";
import type { RunOptions } from "../../jobs/plan.ts";
import type { Resume } from "../../jobs/resume.ts";
import { JobRun } from "../../jobs/run.ts";
import { chooseShell } from "../../jobs/shell/choose.ts";
import { encodeText } from "../../os/bytes/byte-strings.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { printable, printableInQuotes, printableJson } from "../../os/bytes/printable.ts";
import { usableCores } from "../../os/cores.ts";
import { givenDescriptors } from "../../os/descriptors.ts";
import { stdoutDescriptor, writeErr, writeOut } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { Guard } from "../../process/guard/guard.ts";
import type { RunResult } from "../../recording/run-result.ts";
import { wantsExport } from "../export-options.ts";
import { jobInput } from "./input.ts";
import { MoreFailures } from "./more-failures.ts";
import type { RunRequest } from "./request.ts";
import { RunSignals } from "./signals.ts";
import { runningText, watchRun } from "./watch.ts";

/** Failed jobs that an exit code can count; more is this, as from GNU parallel. */
const COUNTED_MOST = 101;

/** Runs the jobs of a command line. @returns the exit code. @throws LanesError. */
export async function runJobs(request: RunRequest): Promise<number> {
  givenDescriptors(); // before we open any of our own
  const { words, options, quiet } = request;
  const { command: argv, sources } = splitSources(words);
  const shell = chooseShell(argv, options.noShell ? false : options.shell, environment());
  const useless = options.tty ? (["results", "tag"] as const).find((key) => options[key]) : undefined;
  if (useless !== undefined) throw usageError("run.error.ttyOutput", { option: `--${useless}` });
  const template = new Template(argv, { shell, values: Math.max(1, sources.length) * (options.maxArgs ?? 1) });
  if (sources.length === 0 && isTerminal(0) && !quiet) writeErr(`lanes: ${t("run.note.terminal")}\n`);
  const rows = readValues(sources, options.null ? "\0" : "\n");
  const batches = options.maxArgs === undefined ? rows : grouped(rows, options.maxArgs);
  if (options.dryRun) return printCommands(template, batches, shell !== null);

  const exporting = wantsExport(options) ? new (await import("./export.ts")).RunExport(options) : null;
  const tellExport = options.json || options.jsonl ? false : tellsOfFiles({ ...options, quiet });
  const resume = options.resume || options.resumeFailed ? await resumeFrom(options, template) : null;
  if (resume !== null && options.joblog === undefined) throw usageError("run.error.resume", {});
  const results =
    options.results === undefined ? null : new (await import("../../jobs/output/results.ts")).Results(options.results);
  const joblog = options.joblog === undefined ? null : await openJoblog(options.joblog, resume);

  const guard = new Guard();
  let broken: Error | null = null;
  const stdout = new Outlet(stdoutDescriptor(), (error) => {
    broken = error;
    run.stop("output");
  });
  const stderr = new Outlet(2, () => {}); // nobody reads our warnings: no reason to stop
  const tag = options.tag ?? false;
  const keepOrder = options.keepOrder ?? false;
  const capture = options.tty ? "tty" : options.lineBuffer && !keepOrder && results === null ? "lines" : "files";
  const follow = capture === "files" && (options.lineBuffer ?? false);
  const input = jobInput(options.tty ?? false, sources);
  const { values, total } = await counted(batches, sources, options);
  if (options.jsonl) stderr.write(encodeText((await import("../../recording/header.ts")).headerLine({ of: "run" })));
  const more = new MoreFailures();
  const run = new JobRun(runOptions(options, total), {
    values,
    launcher: new Launcher({ template, guard, results, capture, input, tag, outlets: { out: stdout, err: stderr } }),
    delivery: new Delivery({ out: stdout, err: stderr, tag, keepOrder, joblog, follow }),
    onMoreFailures: (failure) => {
      if (!options.json && !options.jsonl) more.add(failure);
    },
    isDone: (seq, row) => resume?.skips(seq, row) ?? false,
    sink:
      exporting === null && !options.jsonl
        ? null
        : (event) => {
            exporting?.add(event);
            if (options.jsonl) stderr.write(encodeText(`${printableJson(event)}\n`));
          },
  });
  const signals = new RunSignals(run, () => stderr.write(encodeText(runningText(run, options.jsonl ?? false))));
  const watching = await watchRun(run, request, [stdout, stderr]);
  const exported = async (result: RunResult) => (await exporting?.write(result, tellExport)) ?? ExitCode.ok;
  try {
    await run.execute();
  } catch (error) {
    await exported(run.summary(signals.stoppedBy)); // what was recorded is all there is to see of it
    throw error;
  } finally {
    watching();
    await guard.close();
    signals.dispose();
  }
  const summary = run.summary(signals.stoppedBy);
  if (broken !== null) {
    await exported(summary);
    return outputLost(broken);
  }
  // Through the queue: where stdout's reader stands still, it may be stderr's as well.
  if (options.jsonl) stderr.write(encodeText(`${printableJson({ type: "result", t: summary.wallMs, ...summary })}\n`));
  else if (options.json) stderr.write(encodeText(`${printableJson(summary)}\n`));
  else {
    const drained = run.stopReason === "drain";
    const sum = sumsUp({ ...options, quiet }, summary.failed === 0 && signals.stoppedBy === null && !drained);
    const text = sum || summary.failed > 0 ? await import("../../show/run-text.ts") : null;
    if (summary.failed > 0) stderr.write(encodeText(text?.failuresText(summary, !quiet) ?? ""));
    more.passOn(stderr);
    if (sum) stderr.write(encodeText(text?.sumNote(summary, drained) ?? ""));
  }
  await Promise.race([stderr.drained(), run.impatience()]);
  const exportCode = await exported(summary);
  if (signals.stoppedBy !== null) return signalExitCode(constants.signals[signals.stoppedBy]);
  return exitCodeFor(run, options) || exportCode;
}

/** What the jobs come to. */
function exitCodeFor(run: JobRun, { exitCode, halt }: RunRequest["options"]): number {
  const { failed } = run.stats;
  if (exitCode === "count") return Math.min(failed, COUNTED_MOST);
  const halted = run.stopReason === "halt";
  if (exitCode === "halt" && halted && run.haltCode !== null) return run.haltCode;
  return failed === 0 || (halted && halt?.what === "success") ? ExitCode.ok : ExitCode.failed;
}

/**
 * How many jobs there will be, if it can be told from the command line. A share of all jobs (`--halt soon,fail=10%`) can be
 * told from nothing else, and so is worth reading all values first.
 */
async function counted(
  values: AsyncGenerator<Values[]>,
  sources: readonly Source[],
  { halt, maxArgs = 1 }: RunRequest["options"],
): Promise<{ values: AsyncIterator<Values[]>; total: number | null }> {
  const listed = countValues(sources);
  if (listed !== null) return { values, total: Math.ceil(listed / maxArgs) };
  if (halt === undefined || "count" in halt.limit) return { values, total: null };
  const all = (await Array.fromAsync(values)).flat();
  return { values: once(all), total: all.length };
}

/** `FILE` begins anew, unless jobs are to be left out that it has; `+FILE` goes on in any case. */
async function openJoblog(option: string, resume: Resume | null): Promise<Joblog> {
  const { Joblog } = await import("../../jobs/joblog.ts");
  const appends = option.startsWith("+");
  return new Joblog(appends ? option.slice(1) : option, {
    keep: appends || resume !== null,
    onLine: (line) => resume?.add(line),
  });
}

/** The jobs that an earlier run has done. */
async function resumeFrom({ resumeFailed }: RunRequest["options"], template: Template): Promise<Resume> {
  const { Resume } = await import("../../jobs/resume.ts");
  return new Resume(resumeFailed ? "failed" : "all", template);
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

function runOptions(options: RunRequest["options"], total: number | null): RunOptions {
  return {
    slots: options.jobs ?? (options.tty ? 1 : usableCores()),
    tries: options.retries ?? 1,
    timeout: options.timeout ?? null,
    halt: options.halt ?? null,
    total,
    delayMs: options.delay ?? 0,
    load: options.load ?? null,
    memfree: options.memfree ?? null,
  };
}

/**
 * `--dry-run`: the commands, and nothing is run. Into a pipe or a file byte by byte, to be run from there; on a terminal one a line,
 * with escapes for what cannot be shown there. Without a shell only quoted words hold such characters, and can be pasted.
 */
async function printCommands(template: Template, values: AsyncIterable<Values[]>, shell: boolean): Promise<number> {
  const shown = !isTerminal(1) ? (text: string) => text : shell ? printable : printableInQuotes;
  let seq = 0;
  for await (const batch of values) {
    const lines = batch.map((row) => `${shown(template.compose({ seq: ++seq, slot: 1, values: row }).text)}\n`);
    writeOut(encodeText(lines.join("")));
  }
  return ExitCode.ok;
}

/** Our stdout cannot be written to: quiet if its reader has left (`lanes run … | head`), as a program SIGPIPE ends. */
function outputLost(error: Error): number {
  if (errnoCode(error) === "EPIPE") return signalExitCode(constants.signals.SIGPIPE);
  throw new LanesError("error.output", { reason: error.message }, { cause: error });
}
