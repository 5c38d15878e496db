/** `lanes map`: reads the options, wires the pool to stdin and stdout, and turns what came of it into text and a code. */
import { constants } from "node:os";
import type { Command } from "commander";
import { ExitCode, signalExitCode, usageError } from "../errors.ts";
import { type MessageKey, message, t } from "../i18n/index.ts";
import { parseDuration, parseJobs, parseSize } from "../jobs/amounts.ts";
import {
  ArgumentSource,
  LineSource,
  Output,
  Pool,
  type PoolEvent,
  type PoolOptions,
  type Summary,
} from "../pool/index.ts";
import { usableCores } from "../process/cores.ts";
import { nowMs } from "../timeline/clock.ts";
import { notDoneText, summaryText } from "../views/map-text.ts";
import { writeErr } from "../views/output.ts";
import { isTerminal } from "../views/tty.ts";
import { createCommand } from "./command.ts";
import { moduleNamed } from "./map-module.ts";
import { MapReporter } from "./map-reporter.ts";
import { MapSignals } from "./map-signals.ts";
import { oneOf, quoted, settingsOf, wholeNumber } from "./settings.ts";

/** The most workers: each is a process of some 30 MB. */
const MOST_WORKERS = 1024;
const MOST_CHUNK = 65_535;

interface Options {
  readonly jobs?: number;
  readonly input: "lines" | "jsonl";
  readonly output: "jsonl" | "raw";
  readonly unordered?: boolean;
  readonly chunk?: number | "auto";
  readonly timeout?: number;
  readonly retries?: number;
  readonly onError?: "stop" | "skip" | "record";
  readonly recycle?: number;
  readonly maxRss?: number;
  readonly init?: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly new?: string;
}

export function command(): Command {
  const map = createCommand({
    name: "map",
    usage: "[options] FILE[#EXPORT] [ITEM...]",
    description: t("map.description"),
    examples: (
      [
        ["ls *.jpg | lanes map thumb.ts > sizes.jsonl", "map.example.stdin"],
        ["lanes map tools.ts#checksum a.iso b.iso", "map.example.items"],
        ["lanes map --input jsonl --on-error record enrich.ts < users.jsonl", "map.example.jsonl"],
        ["lanes map --timeout 10s --retries 2 fetch.ts < urls.txt", "map.example.timeout"],
        ["lanes map --new thumb.ts", "map.example.new"],
      ] as const
    ).map(([line, key]) => [line, t(key)] as const),
  });
  addOptions(map)
    .argument("[file]")
    .argument("[items...]")
    .passThroughOptions()
    .action(async (file: string | undefined, items: string[], options: Options) => {
      const { quiet } = await settingsOf(map);
      process.exitCode = await act(file, items, options, quiet);
    });
  return map;
}

function addOptions(map: Command): Command {
  const option = (name: string) => message(`map.option.${name}` as MessageKey);
  return map
    .option("-j, --jobs <n>", option("jobs"), (value: string) => parseJobs("jobs", value, () => usableCores()))
    .option("--input <lines|jsonl>", option("input"), oneOf("input", ["lines", "jsonl"]), "lines")
    .option("--output <jsonl|raw>", option("output"), oneOf("output", ["jsonl", "raw"]), "jsonl")
    .option("--unordered", option("unordered"))
    .option("--chunk <auto|n>", option("chunk"), parseChunk)
    .option("--timeout <dur>", option("timeout"), parseTimeout)
    .option("--retries <n>", option("retries"), wholeNumber("retries", 0, 1_000_000))
    .option("--on-error <stop|skip|record>", option("onError"), oneOf("on-error", ["stop", "skip", "record"]))
    .option("--recycle <n>", option("recycle"), wholeNumber("recycle", 1, 1_000_000_000))
    .option("--max-rss <size>", option("maxRss"), (value: string) => parseSize("max-rss", value))
    .option("--init <export>", option("init"))
    .option("--json", option("json"))
    .option("--jsonl", option("jsonl"))
    .option("--new <file>", option("new"));
}

function parseChunk(value: string): number | "auto" {
  if (value === "auto") return value;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= MOST_CHUNK) return number;
  const expected = t("map.chunk.expected", { max: MOST_CHUNK });
  throw usageError("cli.number", { option: "chunk", value: quoted(value), expected });
}

function parseTimeout(value: string): number {
  const ms = parseDuration("timeout", value);
  if (ms > 0) return ms;
  throw usageError("cli.number", { option: "timeout", value: quoted(value), expected: t("run.expected.duration") });
}

async function act(file: string | undefined, items: string[], options: Options, quiet: boolean): Promise<number> {
  if (options.new !== undefined) {
    const { writeStarter } = await import("./map-starter.ts");
    return writeStarter(options.new);
  }
  if (file === undefined) {
    const hint = t("cli.seeHelp", { command: "lanes map --help" });
    throw usageError("cli.missingArgument", { name: "FILE", hint });
  }
  return runMap(poolOptions(file, options), items, options, quiet);
}

function poolOptions(file: string, options: Options): PoolOptions {
  return {
    ...moduleNamed(file),
    init: options.init ?? null,
    jobs: Math.min(options.jobs ?? usableCores(), MOST_WORKERS),
    input: options.input,
    output: options.output,
    ordered: !options.unordered,
    chunk: typeof options.chunk === "number" ? options.chunk : null,
    timeoutMs: options.timeout ?? null,
    retries: options.retries ?? null,
    onError: options.onError ?? "report",
    recycle: options.recycle ?? null,
    maxRssBytes: options.maxRss ?? null,
  };
}

async function runMap(pool: PoolOptions, items: string[], options: Options, quiet: boolean): Promise<number> {
  const source = items.length > 0 ? new ArgumentSource(items, pool.input === "jsonl") : LineSource.stdin();
  if (items.length === 0 && isTerminal(0) && !quiet) writeErr(`lanes: ${t("map.reading")}\n`);
  // Arguments travel as JSON strings whatever they are; see ArgumentSource.
  const settings: PoolOptions = items.length > 0 ? { ...pool, input: "jsonl" } : pool;
  const structured = options.jsonl || options.json;
  const reporter = new MapReporter({
    unit: source.unit,
    nameOf: (text) => (items.length > 0 && pool.input === "lines" ? argumentOf(text) : text),
    failures: pool.onError === "report" || pool.onError === "stop",
    events: options.jsonl ?? false,
    progress: !quiet && !structured && isTerminal(2),
  });
  const timeline = { originMs: nowMs(), sink: (event: PoolEvent) => reporter.event(event) };
  const run = new Pool(settings, source, new Output(1), reporter, timeline);
  const signals = new MapSignals(run);
  reporter.watch(run);
  let summary: Summary;
  try {
    summary = await run.run();
  } finally {
    reporter.close();
    signals.dispose();
  }
  return conclude(summary, { ...options, quiet, onError: pool.onError }, signals.stoppedBy);
}

/** An argument as it was given, from the JSON it travels as (of which the end may be missing). */
function argumentOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

function conclude(
  summary: Summary,
  options: { json?: boolean; jsonl?: boolean; quiet: boolean; onError: PoolOptions["onError"] },
  signal: NodeJS.Signals | null,
): number {
  if (options.jsonl) writeErr(`${JSON.stringify({ type: "result", v: 1, ...summary })}\n`);
  else if (options.json) writeErr(`${JSON.stringify({ v: 1, ...summary })}\n`);
  else if (!options.quiet && summary.ending !== "closed") writeErr(`lanes: ${summaryText(summary)}\n`);
  if (summary.ending === "closed") return signalExitCode(constants.signals.SIGPIPE);
  if (summary.ending === "interrupted" && signal !== null) {
    const text = notDoneText(summary);
    if (text !== null && !options.jsonl && !options.json) writeErr(`lanes: ${text}\n`);
    return signalExitCode(constants.signals[signal]);
  }
  return summary.failed > 0 && options.onError !== "skip" ? ExitCode.failed : ExitCode.ok;
}
