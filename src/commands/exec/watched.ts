/**
 * A program that is watched: it runs in a process of its own, and tells this one over its wire what happens in it and in all it
 * starts. So it is drawn while it computes, and what it did is written down however it ends.
 */
import { constants } from "node:os";
import { encodeProgram } from "../../api/program.ts";
import { ExitCode, signalExitCode, usageError } from "../../errors.ts";
import { currentLanguage } from "../../i18n/index.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { handleSignals, type StopSignal, stopSignals } from "../../os/signals.ts";
import { writeErr } from "../../os/stdout.ts";
import { isForeground } from "../../os/tty/foreground.ts";
import { Child } from "../../process/child.ts";
import { encodeFrame } from "../../process/frames.ts";
import { PROGRAM_SENTINEL } from "../../process/sentinels.ts";
import { headerLine } from "../../recording/header.ts";
import { Recording } from "../../recording/recording.ts";
import { buildId } from "../../version.ts";
import { wantsExport } from "../export-options.ts";
import { documentOf } from "./document.ts";
import type { ExecRequest } from "./request.ts";
import { watcher } from "./watch.ts";

/** Runs it. @returns its exit code; 128+n if signal n ended it. @throws LanesError (usage) before it is started. */
export async function execWatched(request: ExecRequest, path: string, real: string): Promise<number> {
  const { options, file, args, settings } = request;
  if (options.json && options.jsonl) throw usageError("cli.conflict", { one: "--json", other: "--jsonl" });
  const exporting = wantsExport(options) ? new (await import("./export.ts")).ExecExport(options) : null;
  const recording = new Recording();
  const watch = watcher(request, recording);
  const child = start(recording, [path, ...args], real, watch.stdio);
  const main = { pid: child.pid, ppid: process.pid };
  if (options.jsonl) {
    writeErr(headerLine({ of: "exec" }, main));
    for (const event of recording.events()) writeErr(`${printableJson(event)}\n`);
    recording.subscribe((event) => writeErr(`${printableJson(event)}\n`));
  }
  const signals = passSignals(child);
  try {
    await watch.until(child, (signal) => child.kill(signal));
  } finally {
    signals();
  }
  const { exitCode, signal } = child;
  const document = documentOf({ file, args, elapsedMs: recording.elapsedMs, exitCode, signal }, recording.events());
  if (options.json) writeErr(`${printableJson(document)}\n`);
  if (options.jsonl) writeErr(`${printableJson({ type: "result", t: document.elapsedMs, ...document })}\n`);
  const tells = !settings.quiet && !options.json && !options.jsonl;
  const written = (await exporting?.write(recording, main, document, tells)) ?? ExitCode.ok;
  if (signal !== null) return signalExitCode(constants.signals[signal as NodeJS.Signals]);
  return exitCode || written;
}

type Stdio = NonNullable<ConstructorParameters<typeof Child>[0]["stdio"]>;

function start(recording: Recording, argv: readonly string[], file: string, stdio: Stdio): Child {
  const name = "main";
  const program = encodeProgram({
    language: currentLanguage(),
    identity: { name, daemon: false, path: [], parent: null },
    argv,
    job: { is: "main", file },
  });
  const frame = encodeFrame({
    kind: "start",
    build: buildId,
    style: "function",
    target: "",
    args: [],
    state: {},
    name,
    originMs: recording.originMs,
    parentPid: process.pid,
    orphan: false,
    upperWire: false,
    recorded: true,
    program,
  });
  const options = {
    name,
    timeline: recording,
    dieWithParent: true,
    upperWire: false,
    sentinel: PROGRAM_SENTINEL,
    stdio,
  };
  return new Child(options, frame);
}

/**
 * Passes signals on to the program, which ends as it would without us; the second one kills it. What was typed at a terminal
 * it has heard by itself. @returns what ends that.
 */
function passSignals(child: Child): () => void {
  let heard = false;
  const hear = (signal: StopSignal) => {
    const typed = (signal === "SIGINT" || signal === "SIGQUIT") && isForeground();
    if (heard) child.kill("SIGKILL");
    else if (!typed) child.kill(signal);
    heard = true;
  };
  return handleSignals(Object.fromEntries(stopSignals.map((name) => [name, () => hear(name)])));
}
