/**
 * A program that is watched: it runs in a process of its own, and tells this one over its wire what happens in it and in all it
 * starts. So it is drawn while it computes, and what it did is written down however it ends.
 */
import { startProgram } from "../../api/program/start-program.ts";
import { ExitCode, signalExitCode, usageError } from "../../errors.ts";
import { currentLanguage } from "../../i18n/index.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { handleSignals, type StopSignal, signalNumber, stopSignals } from "../../os/signals.ts";
import { writeErr } from "../../os/stdout.ts";
import { isForeground } from "../../os/tty/foreground.ts";
import type { Child } from "../../process/child.ts";
import { headerLine } from "../../recording/header.ts";
import { Recording } from "../../recording/recording.ts";
import { wantsExport } from "../export-options.ts";
import { execDocument } from "./document.ts";
import type { ExecRequest } from "./request.ts";
import { watcher } from "./watch.ts";

/** Runs it. @returns its exit code; 128+n if signal n ended it. @throws LanesError (usage) before it is started. */
export async function execWatched(request: ExecRequest, path: string, real: string): Promise<number> {
  const { options, file, args, settings } = request;
  if (options.json && options.jsonl) throw usageError("cli.conflict", { one: "--json", other: "--jsonl" });
  const exporting = wantsExport(options) ? new (await import("./export.ts")).ExecExport(options) : null;
  const recording = new Recording();
  const watch = watcher(request, recording);
  const name = "main";
  const child = startProgram(
    {
      language: currentLanguage(),
      identity: { name, daemon: false, path: [], parent: null },
      argv: [path, ...args],
      job: { is: "main", file: real },
    },
    { name, timeline: recording, stdio: watch.stdio, recorded: true },
  );
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
  const document = execDocument({ file, args, elapsedMs: recording.elapsedMs, exitCode, signal }, recording.events());
  if (options.json) writeErr(`${printableJson(document)}\n`);
  if (options.jsonl) writeErr(`${printableJson({ type: "result", t: document.elapsedMs, ...document })}\n`);
  const tells = !settings.quiet && !options.json && !options.jsonl;
  const written = (await exporting?.write(recording, main, document, tells)) ?? ExitCode.ok;
  if (signal !== null) return signalExitCode(signalNumber(signal));
  return exitCode || written;
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
