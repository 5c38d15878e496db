/** `lanes run`, done: wires the parts of src/jobs together. */
import { usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { Template } from "../../jobs/input/template.ts";
import {
  countValues,
  grouped,
  type JobValues,
  readValues,
  splitSources,
  type ValueSource,
} from "../../jobs/input/values.ts";
import type { Joblog } from "../../jobs/joblog.ts";
import { Launcher } from "../../jobs/launcher.ts";
import { Delivery } from "../../jobs/output/delivery.ts";
import type { RunOptions } from "../../jobs/plan.ts";
import type { Resume } from "../../jobs/resume.ts";
import { JobRun } from "../../jobs/run.ts";
import { chooseShell } from "../../jobs/shell/choose.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { usableCores } from "../../os/cores.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { writeErr } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { Guard } from "../../process/guard/guard.ts";
import { printCommands } from "./dry-run.ts";
import { onFarm } from "./farm/options.ts";
import { jobInput } from "./input.ts";
import type { RunRequest } from "./request.ts";
import { RunStage } from "./stage.ts";

/** Runs the jobs of a command line. @returns the exit code. @throws LanesError. */
export async function runJobs(request: RunRequest): Promise<number> {
  givenDescriptors(); // before we open any of our own
  const { words, options, quiet } = request;
  const { command: argv, sources } = splitSources(words);
  const shell = chooseShell(argv, options.noShell ? false : options.shell, environment());
  const useless = options.tty ? (["results", "tag"] as const).find((key) => options[key]) : undefined;
  if (useless !== undefined) throw usageError("run.error.ttyOutput", { option: `--${useless}` });
  const on = onFarm(options);
  const template = new Template(argv, { shell, values: Math.max(1, sources.length) * (options.maxArgs ?? 1) });
  if (sources.length === 0 && isTerminal(0) && !quiet) writeErr(`lanes: ${t("run.note.terminal")}\n`);
  const rows = readValues(sources, options.null ? "\0" : "\n");
  const batches = options.maxArgs === undefined ? rows : grouped(rows, options.maxArgs);
  if (options.dryRun) return printCommands(template, batches, shell !== null);

  const farm = on === undefined ? null : await import("./farm/wire.ts");
  const reached = await farm?.reachedFor(on ?? "", quiet);
  const stage = await RunStage.for(request);
  const resume = options.resume || options.resumeFailed ? await resumeFrom(options, template) : null;
  if (resume !== null && options.joblog === undefined) throw usageError("run.error.resume", {});
  const results =
    options.results === undefined
      ? null
      : new (await import("../../jobs/output/result-folders.ts")).ResultFolders(options.results);
  const joblog = options.joblog === undefined ? null : await openJoblog(options.joblog, resume);

  if (farm !== null && reached !== undefined) {
    const input = await counted(batches, sources, options);
    return farm.runOnFarm(reached, request, { argv, shell, template, ...input, resume, results, joblog, stage });
  }
  const guard = new Guard();
  const tag = options.tag ?? false;
  const keepOrder = options.keepOrder ?? false;
  const outlets = { out: stage.out, err: stage.err };
  const lines = options.lineBuffer && !keepOrder && results === null;
  const capture = options.tty ? "tty" : lines ? { outlets, tag } : "files";
  const follow = capture === "files" && (options.lineBuffer ?? false);
  const input = jobInput(options.tty ?? false, sources);
  const { values, total } = await counted(batches, sources, options);
  await stage.begin();
  const run = new JobRun(runOptions(options, total), {
    values,
    launcher: new Launcher({ template, guard, results, capture, input }),
    delivery: new Delivery({ ...outlets, tag, keepOrder, joblog, follow }),
    onMoreFailures: stage.onMoreFailures,
    isDone: (seq, row) => resume?.skips(seq, row) ?? false,
    sink: stage.sink,
  });
  return stage.carryOut(run, () => guard.close());
}

/**
 * How many jobs there will be, if it can be told from the command line. A share of all jobs (`--halt soon,fail=10%`) can be
 * told from nothing else, and so is worth reading all values first.
 */
async function counted(
  values: AsyncGenerator<JobValues[]>,
  sources: readonly ValueSource[],
  { halt, maxArgs = 1 }: RunRequest["options"],
): Promise<{ values: AsyncIterator<JobValues[]>; total: number | null }> {
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
