/** `lanes trace`, done: starts the command under the tracer, keeps what is seen, and says what it came to. */

import { styleOn } from "../../cli/audience.ts";
import { ExitCode, LanesError, libcReason, signalExitCode, usageError } from "../../errors.ts";
import { message, t } from "../../i18n/index.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { LibcError } from "../../os/libc.ts";
import { isLinux } from "../../os/platform.ts";
import { writeErr } from "../../os/stdout.ts";
import { TraceLanes } from "../../recording/trace-lanes.ts";
import { traceText } from "../../show/trace/trace-text.ts";
import { Facts } from "../../trace/facts.ts";
import { TraceSession } from "../../trace/session.ts";
import { signalName, type TraceWatcher } from "../../trace/traced.ts";
import { wantsExport } from "../export-options.ts";
import { PassingOn } from "../lock/passing-on.ts";
import type { TraceRequest } from "./request.ts";
import { spawnOf, startError } from "./start.ts";

/** Traces a command. @returns its exit code. @throws LanesError if it cannot be started. */
export async function traceCommand(request: TraceRequest): Promise<number> {
  givenDescriptors(); // before we open any of our own
  if (!isLinux) throw usageError("trace.error.system", { platform: process.platform });
  const { options, command, quiet } = request;
  const found = spawnOf(command);
  const exporting = wantsExport(options) ? new (await import("./export.ts")).TraceExport(options) : null;
  const lanes = new TraceLanes();
  const facts = new Facts();
  const watchers: TraceWatcher[] = [facts, { onEvent: (event) => lanes.add(event) }];
  if (options.jsonl) {
    writeErr((await import("../../recording/header.ts")).headerLine({ of: "trace" }));
    watchers.push({ onEvent: (event) => writeErr(`${printableJson(event)}\n`) });
  }

  const signals = new PassingOn();
  const watching = options.live ? (await import("./watch.ts")).watchTrace(request, lanes) : undefined;
  const spawn = { ...found, descriptors: new Map([...found.descriptors, ...(watching?.output ?? [])]) };
  try {
    const session = await TraceSession.start({ command: spawn, sample: options.sample ?? false, watchers }).catch(
      refused,
    );
    watching?.started();
    if ("errno" in session) throw startError(spawn, session.errno);
    if (session.sampledBecause !== null && !quiet) tell(`trace.sampled.${session.sampledBecause}`);
    // The tracer sees what the command gets: no process of ours need stand in its group for that.
    const saw = (signal: number) => session.saw(signal);
    signals.to(session, session.sampledBecause === null ? { start() {}, saw, async end() {} } : undefined);
    const ended = await session.ended;
    await watching?.drained();
    const { root } = session.processes;
    const result = facts.summary(session.processes, {
      command,
      exitCode: ended.code,
      signal: ended.signal === null ? null : signalName(ended.signal),
      wallMs: Math.max(0, (root?.endMs ?? session.nowMs) - (root?.startMs ?? 0)),
      sampledBecause: session.sampledBecause,
      unprivileged: session.processes.unprivileged,
    });
    if (session.sampledBecause === "tracer" && !quiet) tell("trace.sampled.tracer");
    if (options.jsonl) writeErr(`${printableJson({ type: "result", t: session.nowMs, ...result })}\n`);
    else if (options.json) writeErr(`${printableJson(result)}\n`);
    else if (!quiet) {
      const view = { lanes: lanes.list(session.nowMs), others: lanes.others, nowMs: root?.endMs ?? session.nowMs };
      writeErr(`\n${traceText(result, view, styleOn(2, request))}`);
      for (const one of result.unprivileged) writeErr(`lanes: ${t("trace.unprivileged", { command: one })}\n`);
    }
    await exporting?.write(result, lanes, quiet || options.json || options.jsonl ? "trouble" : true);
    return ended.signal === null ? (ended.code ?? ExitCode.failed) : signalExitCode(ended.signal);
  } finally {
    await signals.end();
    watching?.end();
  }
}

/** Where the C library cannot be called nothing is started. */
function refused(error: unknown): never {
  if (!(error instanceof LibcError)) throw error;
  const reason = libcReason(error);
  throw new LanesError("trace.error.cannotCall", { reason }, { exitCode: ExitCode.notExecutable, cause: error });
}

function tell(key: string): void {
  writeErr(`lanes: ${message(key as never)}\n`);
}
