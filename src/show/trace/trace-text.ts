/** The end of a trace as text: its lanes, and what they come to. */

import { t } from "../../i18n/index.ts";
import { durationText } from "../../os/units.ts";
import type { CriticalStretch, TraceResult } from "../../recording/results/trace-result.ts";
import { justify, truncate, widest, wrap } from "../../terminal/layout.ts";
import { paintOf, type Style, spelledOut } from "../../terminal/style.ts";
import { textColumns } from "../words.ts";
import { type TraceView, traceLines } from "./trace-lanes.ts";
import { commandText, type Names, namesOf, verdictText } from "./trace-words.ts";

/** Lanes, failures and links of the critical path that are told; --json has all. */
const [LANES, FAILED, LINKS] = [40, 5, 6];

/** All of it, a line each, for stderr. */
export function traceText(result: TraceResult, view: TraceView, style: Style): string {
  const names = namesOf(view.lanes);
  const lines = [
    headline(result, style),
    ...traceLines(view, names, style, LANES),
    "",
    ...facts(traceFacts(result, names), style),
  ];
  return `${lines.join("\n")}\n`;
}

/** `lanes trace make -j2 … 1.84 s · 57 processes, 4 at once · CPU 3.2 s`. */
export function headline(
  result: Pick<TraceResult, "command" | "wallMs" | "processes" | "mostAtOnce" | "cpuMs">,
  style: Style,
): string {
  const { command, wallMs, processes, mostAtOnce: most, cpuMs } = result;
  const sums = t("trace.title", { wall: durationText(wallMs), processes, most, cpu: durationText(cpuMs) });
  const name = `lanes trace ${commandText(command.join(" "))}`;
  const room = Math.max(12, style.columns - Bun.stringWidth(sums) - 2);
  return justify(paintOf(style).bold(truncate(name, room, style.ascii ? "~" : "…")), sums, style.columns);
}

/** What is worth saying, with its label. */
export function traceFacts(result: TraceResult, names: Names): (readonly [label: string, text: string])[] {
  const { failures, zombies, orphans, left, mostThreads, mostAtOnce, criticalPath } = result;
  const percent = (share: number) => String(Math.round(share * 100));
  const { serialShare, idleShare, meanCoresBusy, mostCoresBusy, cores } = result;
  return [
    [
      t("trace.fact.cores"),
      t("trace.fact.coresText", { mean: meanCoresBusy.toFixed(2), cores, most: mostCoresBusy.toFixed(2) }),
    ],
    [t("trace.fact.serial"), t("trace.fact.serialText", { one: percent(serialShare), none: percent(idleShare) })],
    ...(mostThreads > mostAtOnce
      ? [[t("trace.fact.threads"), t("trace.fact.threadsText", { n: mostThreads })] as const]
      : []),
    ...(failures > 0 ? [[t("trace.fact.failed"), failedText(result, names)] as const] : []),
    ...(zombies > 0 ? [[t("trace.fact.zombies"), t("trace.fact.zombiesText", { n: zombies })] as const] : []),
    ...(orphans > 0 ? [[t("trace.fact.orphans"), t("trace.fact.orphansText", { n: orphans })] as const] : []),
    ...(left > 0 ? [[t("trace.fact.left"), t("trace.fact.leftText", { n: left })] as const] : []),
    ...(criticalPath.length > 1 ? [[t("trace.fact.path"), pathText(criticalPath, names)] as const] : []),
    [t("trace.fact.why"), verdictText(result, names)],
  ];
}

function facts(list: readonly (readonly [label: string, text: string])[], style: Style): string[] {
  const width = widest(list.map(([label]) => label)) + 2;
  return list.flatMap(([label, text]) => {
    const [first = "", ...more] = wrap(spelledOut(text, style), textColumns(style) - width);
    const head = paintOf(style).bold(label) + " ".repeat(width - Bun.stringWidth(label));
    return [head + first, ...more.map((line) => " ".repeat(width) + line)];
  });
}

function failedText({ failed, failures }: TraceResult, names: Names): string {
  const told = failed.slice(0, FAILED).map(({ pid, command, exitCode, signal }) => {
    return `${names(pid)} ${signal ?? exitCode ?? ""} ${short(command)}`;
  });
  const more = failures - told.length;
  return [...told, ...(more > 0 ? [t("trace.fact.failedMore", { n: more })] : [])].join("\n");
}

/** `P1 0.10 s, P4 1.20 s (cc1 b.c), P1 0.02 s`: the longest links, in the order of time. */
function pathText(path: readonly CriticalStretch[], names: Names): string {
  const least = path.map(({ startMs, endMs }) => endMs - startMs).sort((a, b) => b - a)[LINKS - 1] ?? 0;
  const links = path.filter(({ startMs, endMs }) => endMs - startMs >= least).slice(0, LINKS);
  return links
    .map(({ pid, command, startMs, endMs }) => `${names(pid)} ${durationText(endMs - startMs)} (${short(command)})`)
    .join(" > ");
}

const short = (command: string) => truncate(commandText(command), 30, "…");
