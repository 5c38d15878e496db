/** `lanes explore`, done: runs the command in one order after another, and says what it came to. */
import { styleOn } from "../../cli/audience.ts";
import { Stopped, stoppable } from "../../cli/stop.ts";
import { ExitCode, errnoCode, LanesError, usageError } from "../../errors.ts";
import { Controlled } from "../../explore/controlled.ts";
import { Copies } from "../../explore/copies.ts";
import { Explorer, type ExploreWatcher } from "../../explore/explorer.ts";
import { t } from "../../i18n/index.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { findExecutable } from "../../os/exec/find-executable.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { isLinuxX64 } from "../../os/platform.ts";
import { writeErr, writeOut } from "../../os/stdout.ts";
import { jobEnvironment } from "../../process/reexec.ts";
import { nowMs, sinceMs } from "../../recording/clock.ts";
import type { ExploreResult } from "../../recording/results/explore-result.ts";
import { exploreText } from "../../show/trace/explore-text.ts";
import { sentenceOf } from "../../show/trace/explore-words.ts";
import { cannotRun } from "../cannot-run.ts";
import { wantsExport } from "../export-options.ts";
import { type ExploreRequest, exploreDefaults } from "./request.ts";
import { watchExplore } from "./watch.ts";

/** Explores a command. @returns 0 if all outcomes are the same (right), 1 if not. @throws LanesError. */
export async function exploreCommand(request: ExploreRequest): Promise<number> {
  givenDescriptors(); // before we open any of our own
  const { options, command, quiet } = request;
  if (!isLinuxX64) throw usageError("explore.error.system", { platform: `${process.platform} ${process.arch}` });
  checkCommand(command);
  const exporting = wantsExport(options) ? new (await import("./export.ts")).ExploreExport(options) : null;
  return stoppable(async ({ signal }) => {
    const beganMs = nowMs();
    const copies = new Copies(options.inPlace ?? false);
    const controlled = new Controlled(copies.scratch);
    const end = () => void controlled.end();
    signal.addEventListener("abort", end, { once: true });
    const watching = quiet ? undefined : watchExplore(request, options.runs ?? exploreDefaults.runs);
    try {
      const exploration = {
        command,
        env: jobEnvironmentOf(),
        runs: options.runs ?? exploreDefaults.runs,
        seed: options.seed ?? exploreDefaults.seed,
        strategy: options.strategy ?? "pct",
        timeoutMs: options.timeout ?? exploreDefaults.timeoutMs,
        share: options.share ?? [],
        before: options.before,
        check: options.check,
        ignore: options.ignore ?? [],
        replay: options.replay,
      } as const;
      const watcher = options.jsonl ? telling(beganMs, watching) : (watching ?? silent);
      const result = await new Explorer(exploration, { controlled, copies, watcher, signal }).explore();
      watching?.end();
      say(result, request, beganMs);
      const written = await exporting?.write(result, quiet || options.json || options.jsonl ? "trouble" : true);
      if (signal.reason instanceof Stopped) return signal.reason.exitCode;
      return written || (result.ok ? ExitCode.ok : ExitCode.failed);
    } finally {
      watching?.end();
      await controlled.end();
      copies.remove();
    }
  });
}

/** Where the hash of a text is another in every run, so are the orders of sets: not what is looked for. */
function jobEnvironmentOf(): Record<string, string | undefined> {
  return { PYTHONHASHSEED: "0", ...jobEnvironment() };
}

/** @throws LanesError (exit code 1) if there is no such command: nothing was started. */
function checkCommand([name = ""]: readonly string[]): void {
  try {
    findExecutable(name, environment().PATH);
  } catch (cause) {
    const { key, params } = cannotRun(name, errnoCode(cause) ?? String(cause), cause);
    throw new LanesError(key, params, { cause });
  }
}

const silent: ExploreWatcher = { onRun() {}, onSmaller() {} };

/** A line a run, on stdout. */
function telling(beganMs: number, also: ExploreWatcher | undefined): ExploreWatcher {
  const { pid, ppid } = process;
  return {
    onRun: (tried, outcomes, wrong) => {
      also?.onRun(tried, outcomes, wrong);
      const { run, order, right, report } = tried;
      const { key: _, ...outcome } = tried.outcome;
      const { length: steps } = report.steps;
      const where = { t: sinceMs(beganMs), lane: "main", pid, ppid };
      writeOut(`${printableJson({ type: "order", ...where, run, order, steps, right, ...outcome })}\n`);
    },
    onSmaller: (moves) => also?.onSmaller(moves),
  };
}

/** The result, on stdout. */
function say(result: ExploreResult, request: ExploreRequest, beganMs: number): void {
  const { options } = request;
  if (options.json || options.jsonl) {
    const document = documentOf(result);
    writeOut(`${printableJson(options.jsonl ? { type: "result", t: sinceMs(beganMs), ...document } : document)}\n`);
    return;
  }
  writeOut(exploreText(result, styleOn(1, request)));
  if (result.stopped === "interrupted") writeErr(`lanes: ${t("explore.interrupted")}\n`);
}

function documentOf(result: ExploreResult) {
  const { smallest } = result;
  return { ...result, smallest: smallest === null ? null : { ...smallest, sentence: sentenceOf(smallest) } };
}
