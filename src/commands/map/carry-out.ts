/** A map carried out: where it writes, what is told meanwhile and at its end, its exit code; wherever its items are done. */

import { canDraw } from "../../cli/audience.ts";
import { explained } from "../../cli/report.ts";
import { sumsUp, tellsOfFiles } from "../../cli/sums-up.ts";
import { ExitCode, signalExitCode } from "../../errors.ts";
import { printableJson, printableJsonBytes } from "../../os/bytes/printable.ts";
import { signalNumber } from "../../os/signals.ts";
import { stdoutDescriptor, writeErr } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { type MapPoolOptions, type Mapping, Output, type PoolListener, type PoolTimeline } from "../../pool/index.ts";
import { nowMs } from "../../recording/clock.ts";
import type { LaneEvent } from "../../recording/event.ts";
import type { ItemUnit, MapResult } from "../../recording/results/map-result.ts";
import { notDoneText, summaryText } from "../../show/jobs/map-text.ts";
import { wantsExport } from "../export-options.ts";
import type { MapOptions } from "./request.ts";
import { MapSignals } from "./signals.ts";
import { MapReporter } from "./watch.ts";

/** What is to be said of it. */
export interface MapTelling {
  /** The module, as the person named it. */
  readonly file: string;
  readonly unit: ItemUnit;
  readonly options: Pick<MapOptions, "json" | "jsonl" | "summary" | "html" | "svg" | "trace" | "force">;
  readonly quiet: boolean;
  readonly onError: MapPoolOptions["onError"];
  /** What its results are. */
  readonly output: MapPoolOptions["output"];
}

/** Where its results and its news go. */
export interface Places {
  readonly output: Output;
  readonly listener: PoolListener;
  readonly timeline: PoolTimeline;
}

/** Makes a map and runs it to its end. @returns the exit code. @throws LanesError. */
export async function carryOut(
  { file, unit, options, quiet, onError, output: results }: MapTelling,
  make: (places: Places) => Promise<Mapping>,
): Promise<number> {
  const exporting = wantsExport(options) ? new (await import("./export.ts")).MapExport(options) : null;
  const structured = options.jsonl || options.json;
  const tellExport = structured ? false : tellsOfFiles({ ...options, quiet });
  const reporter = new MapReporter({
    unit,
    file,
    failures: onError === "report" || onError === "stop",
    events: options.jsonl ?? false,
    progress: !quiet && !structured && canDraw(2),
  });
  if (options.jsonl) writeErr((await import("../../recording/header.ts")).headerLine({ of: "map", unit }));
  const sameTerminal = isTerminal(1);
  const output = new Output(
    stdoutDescriptor(),
    sameTerminal ? (results) => reporter.giveWay(results) : undefined,
    sameTerminal && results === "jsonl" ? printableJsonBytes() : undefined,
  );
  const sink = (event: LaneEvent<"map">) => {
    exporting?.add(event);
    reporter.event(event);
  };
  const listener: PoolListener = {
    failed: (failure) => reporter.failed(failure),
    said: (lane, text) => reporter.said(lane, text),
    worker: (news) => reporter.worker(news),
  };
  const run = await make({ output, listener, timeline: { originMs: nowMs(), sink } });
  const signals = new MapSignals(run);
  reporter.watch(run, () => sameTerminal && output.writing);
  let summary: MapResult;
  try {
    summary = { ...(await run.run()), signal: signals.stoppedBy };
  } finally {
    reporter.close();
    signals.dispose();
  }
  const code = conclude(summary, { ...options, quiet, onError }, run.error);
  const exported = await exporting?.write(summary, unit, tellExport);
  return code === ExitCode.ok ? (exported ?? code) : code;
}

function conclude(
  summary: MapResult,
  options: Pick<MapOptions, "json" | "jsonl" | "summary"> & { quiet: boolean; onError: MapPoolOptions["onError"] },
  error: Error | null,
): number {
  const { signal } = summary;
  const tells = !options.jsonl && !options.json;
  if (summary.ending === "failed") {
    writeErr(`lanes: ${explained(error)}\n`);
    const text = notDoneText(summary);
    if (text !== null && tells) writeErr(`lanes: ${text}\n`);
  }
  const good = summary.failed === 0 && summary.ending === "done";
  if (options.jsonl) writeErr(`${printableJson({ type: "result", v: 1, ...summary })}\n`);
  else if (options.json) writeErr(`${printableJson({ v: 1, ...summary })}\n`);
  else if (summary.ending !== "closed" && sumsUp(options, good)) writeErr(`lanes: ${summaryText(summary)}\n`);
  if (summary.ending === "closed") return signalExitCode(signalNumber("SIGPIPE"));
  if (summary.ending === "interrupted" && signal !== null) {
    const text = notDoneText(summary);
    if (text !== null && tells) writeErr(`lanes: ${text}\n`);
    return signalExitCode(signalNumber(signal));
  }
  if (summary.ending === "failed") return ExitCode.failed;
  return summary.failed > 0 && options.onError !== "skip" ? ExitCode.failed : ExitCode.ok;
}
