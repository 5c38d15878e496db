/** A traced process in words: what it waits for, how it ended, and why the whole was not faster. */

import { message, t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import { durationText } from "../../os/units.ts";
import type { LaneEvent } from "../../recording/event.ts";
import type { TracedWait, TraceResult } from "../../recording/results/trace-result.ts";
import type { TracedLane } from "../../recording/trace-lanes.ts";

/** What a process is called: `P3`, or `pid 4711` for one that is not among the lanes. */
export type Names = (pid: number) => string;

/** The names of the processes of these lanes; of one pid the last. */
export function namesOf(lanes: readonly Pick<TracedLane, "lane" | "pid">[]): Names {
  const names = new Map(lanes.map(({ lane, pid }) => [pid, lane]));
  return (pid) => names.get(pid) ?? `pid ${pid}`;
}

/** `for P3 to end`, `for P2 (lock data.lock)`: a file without its folder. */
export function waitText({ why, on: whole, by }: TracedWait, names: Names): string {
  const on = whole.slice(whole.lastIndexOf("/") + 1);
  const who = by === 0 ? "" : names(by);
  switch (why) {
    case "child":
      return by === 0 ? t("trace.wait.children") : t("trace.wait.child", { who });
    case "lock":
      return by === 0 ? t("trace.wait.lock", { on }) : t("trace.wait.lockBy", { on, who });
    case "semaphore":
    case "pipe":
    case "socket":
    case "events":
      return by === 0 ? message(`trace.wait.${why}`) : message(`trace.wait.${why}By`, { who });
    case "disk":
      return t("trace.wait.disk", { on }).trimEnd();
    default:
      return message(`trace.wait.${why}`);
  }
}

/** What happened, of the types that only traces have. */
export function traceEventText(event: LaneEvent<"trace">): string {
  switch (event.type) {
    case "exec":
      return t("trace.event.exec", { command: event.command });
    case "wait": {
      const { why, on, by = 0 } = event;
      return t("trace.event.wait", { wait: waitText({ why, on, by }, (pid) => `pid ${pid}`) });
    }
    case "stopped":
      return t("trace.event.stopped", { signal: event.signal });
    case "continued":
      return t("trace.event.continued");
    case "reaped":
      return t("trace.event.reaped");
    default:
      return t("trace.event.run");
  }
}

/** A command line as one knows it: without the folder of its program, on one line. */
export function commandText(command: string): string {
  return printable(command.slice(0, 400)).replace(/^\/\S*\/(?=[^/\s])/, "");
}

/** `0`, `1`, `KILL`, `runs`. */
export function endedText({ endMs, code, signal }: TracedLane): string {
  if (endMs === undefined) return t("trace.ended.running");
  if (signal !== null) return signal.replace(/^SIG/, "");
  return code === null ? t("trace.ended.unknown") : String(code);
}

/** Why it was not faster; empty if nothing can be said. */
export function verdictText({ verdict }: TraceResult, names: Names): string {
  if (verdict === undefined) return "";
  const { because, values } = verdict;
  const number = (name: string) => Number(values[name] ?? 0);
  const waits = { why: values.why ?? "other", on: values.on ?? values.file ?? "", by: number("by") } as TracedWait;
  return message(`trace.why.${because}`, {
    ...values,
    ...(typeof values.command === "string" ? { command: commandText(values.command) } : {}),
    who: names(number("pid")),
    wait: waitText(waits, names),
    total: durationText(number("total")),
    ms: durationText(number("ms")),
  });
}
