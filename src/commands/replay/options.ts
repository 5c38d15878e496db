/** `lanes replay FILE`: steps through a recording at a terminal; elsewhere its events as text, or a summary as JSON. */
import { isInteractive, styleOn } from "../../cli/audience.ts";
import { type Settings, settingsOf } from "../../cli/settings.ts";
import { stoppable } from "../../cli/stop.ts";
import { command, flag } from "../../cli/table.ts";
import { ExitCode } from "../../errors.ts";
import { isMessageKey, t } from "../../i18n/index.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { writeErr } from "../../os/stdout.ts";
import { readSaved, type Saved } from "../../recording/saved.ts";
import type { Replay } from "../../show/replay/replay.ts";
import { exportOptions, wantsExport } from "../export-options.ts";
import type { Stdout } from "../stdout.ts";
import { replayOfSaved } from "./viewed.ts";

export const replay = command({
  name: "replay",
  usage: "[options] FILE",
  about: "replay.description",
  examples: [
    ["lanes demo race --jsonl > race.jsonl", "replay.example.record"],
    ["lanes replay race.jsonl", "replay.example.step"],
    ["lanes replay race.jsonl | less", "replay.example.text"],
    ["lanes replay race.jsonl --json", "replay.example.json"],
    ["lanes replay race.jsonl --html race.html", "export.example.demo"],
  ],
  operands: [{ name: "FILE", about: "replay.argument.file" }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { ...exportOptions, json: flag("--json", "option.json") },
  async run({ words: [file = ""], options: { json = false, ...exports }, common }) {
    const settings = settingsOf(common);
    if (!wantsExport(exports)) return showSaved(file, json, settings);
    const { savedExport } = await import("../demo/export.ts");
    const write = savedExport(exports);
    return stoppable(async ({ signal }) => write(await readUnless(signal, file), file, !settings.quiet && !json));
  },
});

function showSaved(file: string, json: boolean, settings: Settings): Promise<number> {
  return stoppable(async (stopper) => {
    const { signal } = stopper;
    const saved = await readUnless(signal, file);
    const replay = await replayOfSaved(saved);
    if (!json && isInteractive()) await step(replay, settings, signal, () => stopper.stop("SIGINT"));
    else {
      const { Stdout } = await import("../stdout.ts");
      const out = new Stdout(stopper);
      if (json) out.write(`${printableJson(summary(saved, replay))}\n`);
      else await print(saved, replay, settings, out);
      await out.drained();
    }
    return ExitCode.ok;
  });
}

/** Reads it, or throws the signal's reason: a pipe that nobody writes into is never read to its end. */
function readUnless(signal: AbortSignal, file: string): Promise<Saved> {
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => aborted.reject(signal.reason), { once: true });
  return Promise.race([readSaved(file, isMessageKey), aborted.promise]);
}

async function step(replay: Replay, settings: Settings, signal: AbortSignal, onInterrupt: () => void): Promise<void> {
  const { terminalOn } = await import("../../cli/terminal-on.ts");
  const { stepThrough } = await import("../../show/replay/stepper.ts");
  const terminal = terminalOn(1, settings);
  try {
    await stepThrough({ replay, terminal, signal, onInterrupt });
  } finally {
    terminal.restore();
  }
}

/** Lines are written some hundred at a time. */
const LINES = 500;

async function print(saved: Saved, replay: Replay, settings: Settings, out: Stdout): Promise<void> {
  const { logLines } = await import("../../show/replay/log.ts");
  const { toAscii } = await import("../../terminal/style.ts");
  const style = { ...styleOn(1, settings), color: false };
  const write = (lines: readonly string[]) => {
    const text = lines.map((line) => `${line}\n`).join("");
    out.write(style.ascii ? toAscii(text) : text);
    return out.drained();
  };
  let lines: string[] = [];
  for (const line of logLines(replay, style)) {
    lines.push(line);
    if (lines.length < LINES) continue;
    await write(lines);
    lines = [];
    await new Promise(setImmediate); // a signal may have come
  }
  await write(lines);
  if (settings.quiet) return;
  if (saved.result === undefined) writeErr(`lanes: ${t("replay.cutOff")}\n`);
  if (saved.skipped > 0) writeErr(`lanes: ${t("replay.skipped", { n: saved.skipped })}\n`);
}

/** For a script: what was recorded, its lanes, and the moments worth looking at. */
function summary({ header, skipped, result }: Saved, { steps, moments }: Replay): object {
  const { events } = steps;
  const { of, demo, params, lanes } = header;
  return {
    v: 1,
    of,
    ...(demo === undefined ? {} : { demo }),
    ...(params === undefined ? {} : { params }),
    recordedBy: lanes,
    complete: result !== undefined,
    durationMs: events.at(-1)?.t ?? 0,
    events: events.length,
    skipped,
    lanes: steps.lanes.map((lane) => ({ lane, pid: steps.lane(lane, steps.count).pid })),
    locks: steps.locks,
    moments: moments.list.map(({ step, kind, updates }) => {
      const event = events[step];
      return { t: event?.t, kind, lane: event?.lane, step: step + 1, ...(updates === undefined ? {} : { updates }) };
    }),
  };
}
