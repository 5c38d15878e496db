/** A run carried out: signals, what is shown meanwhile, what is said at its end, its exit code; wherever its jobs run. */

import { sumsUp, tellsOfFiles } from "../../cli/sums-up.ts";
import { ExitCode, errnoCode, LanesError, signalExitCode } from "../../errors.ts";
import { Outlet } from "../../jobs/output/outlet.ts";
import type { Run } from "../../jobs/plan.ts";
import { encodeText } from "../../os/bytes/byte-strings.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { signalNumber } from "../../os/signals.ts";
import { stdoutDescriptor } from "../../os/stdout.ts";
import type { Sink } from "../../recording/event.ts";
import type { JobEnding, RunResult } from "../../recording/results/run-result.ts";
import { wantsExport } from "../export-options.ts";
import type { RunExport } from "./export.ts";
import { MoreFailures } from "./more-failures.ts";
import type { RunRequest } from "./request.ts";
import { RunSignals } from "./signals.ts";
import { runningText, watchRun } from "./watch.ts";

/** Failed jobs that an exit code can count; more is this, as from GNU parallel. */
const COUNTED_MOST = 101;

/** Where a run writes, and who hears of it: made before the run itself. */
export class RunStage {
  readonly out: Outlet;
  readonly err: Outlet;
  /** Hears what happens; null: nobody wants to know. */
  readonly sink: Sink<"run"> | null;
  readonly #more = new MoreFailures();
  #broken: Error | null = null;
  #run: Run | null = null;

  /** @throws LanesError (usage) if what is to be exported cannot be written. */
  static async for(request: RunRequest): Promise<RunStage> {
    const { options } = request;
    return new RunStage(request, wantsExport(options) ? new (await import("./export.ts")).RunExport(options) : null);
  }

  private constructor(
    private readonly request: RunRequest,
    private readonly exporting: RunExport | null,
  ) {
    const { jsonl } = request.options;
    this.out = new Outlet(stdoutDescriptor(), (error) => {
      this.#broken = error;
      this.#run?.stop("output");
    });
    this.err = new Outlet(2, () => {}); // nobody reads our warnings: no reason to stop
    this.sink =
      exporting === null && !jsonl
        ? null
        : (event) => {
            exporting?.add(event);
            if (jsonl) this.err.write(encodeText(`${printableJson(event)}\n`));
          };
  }

  /** Takes a failure that the summary has no room for. */
  readonly onMoreFailures = (failure: JobEnding): void => {
    const { json, jsonl } = this.request.options;
    if (!json && !jsonl) this.#more.add(failure);
  };

  /** A line for the person, in its place among what jobs write. */
  readonly tell = (line: string): void => this.err.write(encodeText(`lanes: ${line}\n`));

  /** Says what the events are of. To be called before there is one. */
  async begin(): Promise<void> {
    if (!this.request.options.jsonl) return;
    this.err.write(encodeText((await import("../../recording/header.ts")).headerLine({ of: "run" })));
  }

  /** Runs it to its end. @param after what is to be done then, however it went. @returns the exit code. @throws LanesError. */
  async carryOut(run: Run, after: () => Promise<void>): Promise<number> {
    this.#run = run;
    const { options, quiet } = this.request;
    const jsonl = options.jsonl ?? false;
    const signals = new RunSignals(run, () => this.err.write(encodeText(runningText(run, jsonl))));
    const watching = await watchRun(run, this.request, [this.out, this.err]);
    const tellExport = options.json || jsonl ? false : tellsOfFiles({ ...options, quiet });
    const exported = async (result: RunResult) => (await this.exporting?.write(result, tellExport)) ?? ExitCode.ok;
    try {
      await run.execute();
    } catch (error) {
      await exported(run.summary(signals.stoppedBy)); // what was recorded is all there is to see of it
      throw error;
    } finally {
      watching();
      await after();
      signals.dispose();
    }
    const summary = run.summary(signals.stoppedBy);
    if (this.#broken !== null) {
      await exported(summary);
      return outputLost(this.#broken);
    }
    await this.#report(run, summary);
    await Promise.race([this.err.drained(), run.impatience()]);
    const exportCode = await exported(summary);
    if (signals.stoppedBy !== null) return signalExitCode(signalNumber(signals.stoppedBy));
    return exitCodeFor(run, options) || exportCode;
  }

  /** Through the queue: where stdout's reader stands still, it may be stderr's as well. */
  async #report(run: Run, summary: RunResult): Promise<void> {
    const { options, quiet } = this.request;
    if (options.jsonl)
      return this.err.write(encodeText(`${printableJson({ type: "result", t: summary.wallMs, ...summary })}\n`));
    if (options.json) return this.err.write(encodeText(`${printableJson(summary)}\n`));
    const drained = run.stopReason === "drain";
    const sum = sumsUp(
      { ...options, quiet },
      summary.failed === 0 && summary.signal === null && !drained && run.stopReason !== "cancelled",
    );
    const text = sum || summary.failed > 0 ? await import("../../show/jobs/run-text.ts") : null;
    if (summary.failed > 0) this.err.write(encodeText(text?.failuresText(summary, !quiet) ?? ""));
    this.#more.passOn(this.err);
    if (sum) this.err.write(encodeText(text?.sumNote(summary, drained) ?? ""));
  }
}

/** What the jobs come to. */
function exitCodeFor(run: Run, { exitCode, halt }: RunRequest["options"]): number {
  const { failed } = run.stats;
  if (exitCode === "count") return Math.min(failed, COUNTED_MOST);
  if (run.stopReason === "cancelled") return ExitCode.failed;
  const halted = run.stopReason === "halt";
  if (exitCode === "halt" && halted && run.haltCode !== null) return run.haltCode;
  return failed === 0 || (halted && halt?.what === "success") ? ExitCode.ok : ExitCode.failed;
}

/** Our stdout cannot be written to: quiet if its reader has left (`lanes run … | head`), as a program SIGPIPE ends. */
function outputLost(error: Error): number {
  if (errnoCode(error) === "EPIPE") return signalExitCode(signalNumber("SIGPIPE"));
  throw new LanesError("error.output", { reason: error.message }, { cause: error });
}
