/** `lanes map`, done: wires the pool to stdin and stdout, and turns what came of it into text and a code. */
import { constants } from "node:os";
import { canDraw } from "../../cli/audience.ts";
import { explained } from "../../cli/report.ts";
import { sumsUp, tellsOfFiles } from "../../cli/sums-up.ts";
import { namesOf } from "../../cli/table.ts";
import { ExitCode, signalExitCode, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { usableCores } from "../../os/cores.ts";
import { givenDescriptors } from "../../os/descriptors.ts";
import { stdoutDescriptor, writeErr } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import {
  ArgumentSource,
  LineSource,
  type Mapping,
  Output,
  Pool,
  type PoolListener,
  type PoolOptions,
} from "../../pool/index.ts";
import { nowMs } from "../../recording/clock.ts";
import type { LaneEvent } from "../../recording/event.ts";
import type { MapResult } from "../../recording/map-result.ts";
import { notDoneText, summaryText } from "../../show/map-text.ts";
import { wantsExport } from "../export-options.ts";
import { compilesBy, moduleNamed } from "./module.ts";
import { type MapOptions, type MapRequest, mapOptions } from "./request.ts";
import { MapSignals } from "./signals.ts";
import { MapReporter } from "./watch.ts";

/** The most workers: each is a process of some 30 MB. */
const MOST_WORKERS = 1024;

/** Runs a map. @returns the exit code. @throws LanesError. */
export async function runMap({ words, options, quiet }: MapRequest): Promise<number> {
  const [file, ...items] = words;
  if (options.new !== undefined) {
    const { writeStarter } = await import("./starter.ts");
    return writeStarter(options.new);
  }
  if (file === undefined) {
    const hint = t("cli.seeHelp", { command: "lanes map --help" });
    throw usageError("cli.missingArgument", { name: "FILE", hint });
  }
  const alone = (["noWork", "moduleHere", "lease"] as const).find((name) => options[name] !== undefined);
  if (options.on === undefined && alone !== undefined) {
    throw usageError("map.onlyOn", { option: namesOf(mapOptions[alone])[0] ?? alone });
  }
  if (!quiet) tellOfOptions(items);
  return mapped(poolOptions(file, options), { file, items, options, quiet });
}

/** Options stand before FILE. Who writes them after it, as for a script, has items of that name and nothing else. */
function tellOfOptions(items: readonly string[]): void {
  const names = new Set(Object.values(mapOptions).flatMap(namesOf));
  const option = items.find((item) => names.has(item.replace(/=.*$/s, "")));
  if (option !== undefined) writeErr(`lanes: ${t("map.optionItem", { option })}\n`);
}

function poolOptions(file: string, options: MapOptions): PoolOptions {
  const named = moduleNamed(file);
  return {
    ...named,
    tsconfig: compilesBy(named.module),
    integers: options.integers ?? "fail",
    init: options.init ?? null,
    jobs: Math.min(options.jobs ?? usableCores(), MOST_WORKERS),
    input: options.input ?? "lines",
    output: options.output ?? "jsonl",
    ordered: !options.unordered,
    chunk: typeof options.chunk === "number" ? options.chunk : null,
    timeoutMs: options.timeout ?? null,
    retries: options.retries ?? null,
    onError: options.onError ?? "report",
    recycle: options.recycle ?? null,
    maxRssBytes: options.maxRss ?? null,
  };
}

interface Asked {
  readonly file: string;
  readonly items: string[];
  readonly options: MapOptions;
  readonly quiet: boolean;
}

async function mapped(pool: PoolOptions, { file, items, options, quiet }: Asked): Promise<number> {
  givenDescriptors(); // before we open any of our own
  const exporting = wantsExport(options) ? new (await import("./export.ts")).MapExport(options) : null;
  const source = items.length > 0 ? new ArgumentSource(items, pool.input === "jsonl") : LineSource.stdin();
  if (items.length === 0 && isTerminal(0) && !quiet) writeErr(`lanes: ${t("map.reading")}\n`);
  // Arguments travel as JSON strings whatever they are; see ArgumentSource.
  const settings: PoolOptions = items.length > 0 ? { ...pool, input: "jsonl" } : pool;
  const structured = options.jsonl || options.json;
  const tellExport = structured ? false : tellsOfFiles({ ...options, quiet });
  const reporter = new MapReporter({
    unit: source.unit,
    file,
    failures: pool.onError === "report" || pool.onError === "stop",
    events: options.jsonl ?? false,
    progress: !quiet && !structured && canDraw(2),
  });
  if (options.jsonl) writeErr((await import("../../recording/header.ts")).headerLine({ of: "map", unit: source.unit }));
  const sameTerminal = isTerminal(1);
  const output = new Output(stdoutDescriptor(), sameTerminal ? () => reporter.giveWay() : undefined);
  const sink = (event: LaneEvent<"map">) => {
    exporting?.add(event);
    reporter.event(event);
  };
  const listener: PoolListener = {
    failed: (failure) => reporter.failed(failure),
    said: (lane, text) => reporter.said(lane, text),
    worker: (news) => reporter.worker(news),
  };
  const timeline = { originMs: nowMs(), sink };
  const run: Mapping =
    options.on === undefined
      ? new Pool(settings, source, output, listener, timeline)
      : await (await import("./farm.ts")).mapOnFarm(
          {
            farm: options.on,
            noWork: options.noWork ?? false,
            moduleHere: options.moduleHere ?? false,
            lease: options.lease,
          },
          { ...{ file, pool: settings, quiet }, parts: { source, output, listener, timeline } },
        );
  const signals = new MapSignals(run);
  reporter.watch(run, () => sameTerminal && output.writing);
  let summary: MapResult;
  try {
    summary = { ...(await run.run()), signal: signals.stoppedBy };
  } finally {
    reporter.close();
    signals.dispose();
  }
  const code = conclude(summary, { ...options, quiet, onError: pool.onError }, run.error);
  const exported = await exporting?.write(summary, source.unit, tellExport);
  return code === ExitCode.ok ? (exported ?? code) : code;
}

function conclude(
  summary: MapResult,
  options: Pick<MapOptions, "json" | "jsonl" | "summary"> & { quiet: boolean; onError: PoolOptions["onError"] },
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
  if (summary.ending === "closed") return signalExitCode(constants.signals.SIGPIPE);
  if (summary.ending === "interrupted" && signal !== null) {
    const text = notDoneText(summary);
    if (text !== null && tells) writeErr(`lanes: ${text}\n`);
    return signalExitCode(constants.signals[signal as NodeJS.Signals]);
  }
  if (summary.ending === "failed") return ExitCode.failed;
  return summary.failed > 0 && options.onError !== "skip" ? ExitCode.failed : ExitCode.ok;
}
