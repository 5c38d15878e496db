/** What `lanes explore` found, as text: the outcomes, the smallest wrong order step by step, why. */
import { t } from "../../i18n/index.ts";
import { printable, printableInQuotes } from "../../os/bytes/printable.ts";
import { shellQuoted } from "../../os/exec/quoted.ts";
import { durationText } from "../../os/units.ts";
import type { ExploredStep, ExploreResult, SmallestOrder } from "../../recording/results/explore-result.ts";
import { fit, justify, truncate, wrap } from "../../terminal/layout.ts";
import { glyphsOf, paintOf, type Style, spelledOut } from "../../terminal/style.ts";
import { labelled, textColumns } from "../words.ts";
import { exploredStepText, exploreNotes, exploreVerdict, outcomeText, sentenceOf } from "./explore-words.ts";
import { commandText } from "./trace-words.ts";

/** Outcomes and steps that are told; --json has all. */
const [OUTCOMES, STEPS] = [8, 40];
/** A column a process, if they are as wide as this at least. */
const NARROWEST = 22;

/** All of it, for stdout. */
export function exploreText(result: ExploreResult, style: Style): string {
  const { smallest } = result;
  const lines = [
    headline(result, style),
    ...outcomeLines(result, style),
    "",
    ...wrap(spelledOut(exploreVerdict(result), style), textColumns(style)).map((line) => paintOf(style).bold(line)),
    ...(smallest === null ? [] : smallestLines(result, smallest, style)),
    ...exploreNotes(result).flatMap((note) => labelled(t("explore.note"), note, style)),
  ];
  return `${lines.join("\n")}\n`;
}

function headline({ command, runs, orders, processes, elapsedMs }: ExploreResult, style: Style): string {
  const sums = t("explore.title", { runs, orders, processes, elapsed: durationText(elapsedMs) });
  const name = `lanes explore ${commandText(command.join(" "))}`;
  const room = Math.max(12, style.columns - Bun.stringWidth(sums) - 2);
  return justify(paintOf(style).bold(truncate(name, room, glyphsOf(style).ellipsis)), sums, style.columns);
}

/** ` 41 ×  ✓ data.json {"n": 3}`: the most frequent first. */
function outcomeLines({ outcomes }: ExploreResult, style: Style): string[] {
  const { ellipsis, ok, wrong } = glyphsOf(style);
  const paint = paintOf(style);
  const width = Math.max(...outcomes.slice(0, OUTCOMES).map(({ count }) => String(count).length), 1);
  const lines = outcomes.slice(0, OUTCOMES).map((outcome) => {
    const { count, right } = outcome;
    const mark = right ? paint.green(ok) : paint.red(wrong);
    const text = truncate(spelledOut(outcomeText(outcome), style), Math.max(20, style.columns - width - 8), ellipsis);
    return `${String(count).padStart(width + 2)} ${style.ascii ? "x" : "×"}  ${mark} ${text}`;
  });
  const more = outcomes.length - OUTCOMES;
  return more > 0 ? [...lines, `  ${t("explore.moreOutcomes", { n: more })}`] : lines;
}

function smallestLines(result: ExploreResult, smallest: SmallestOrder, style: Style): string[] {
  const { order, outcome } = smallest;
  const moves = order === "0" ? 0 : order.split(",").length;
  const replay = `lanes explore --replay ${order} ${printableInQuotes(result.command.map(shellQuoted).join(" "))}`;
  const label = result.strategy === "replay" ? t("explore.played") : t("explore.smallest", { n: moves });
  return [
    "",
    ...labelled(label, outcomeText(outcome), style),
    "",
    ...stepLines(smallest, style),
    "",
    ...labelled(t("explore.why"), sentenceOf(smallest), style),
    ...(result.strategy === "replay" ? [] : labelled(t("explore.again"), replay, style)),
  ];
}

/** A step that matters. */
interface Row {
  /** Its number among all steps, from 1 on; and among those that matter, from 0 on. */
  readonly at: number;
  readonly place: number;
  readonly step: ExploredStep;
}

/** The steps that touch what is shared, in columns if there is room for one a process; the lines around the telling ones. */
function stepLines(smallest: SmallestOrder, style: Style): string[] {
  const rows = tellingSteps(smallest);
  const lanes = [...new Set(rows.map(({ step }) => step.lane))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const pids = new Map(smallest.processes.map(({ lane, pid }) => [lane, pid]));
  const paint = paintOf(style);
  const { ellipsis, gap } = glyphsOf(style);
  const telling = tellingOf(smallest);
  const number = Math.max(3, String(smallest.steps.length).length);
  const width = Math.floor((style.columns - number - 3) / Math.max(1, lanes.length)) - 1;
  // What the telling steps read and wrote is what it is about: if that has no room in a column, each step has a line.
  const texts = rows
    .filter(({ at }) => telling.has(at))
    .map(({ step }) => Bun.stringWidth(printable(exploredStepText(step))));
  const columns = width >= Math.max(NARROWEST, ...texts);
  const name = (lane: string) => `${lane} ${pids.get(lane) ?? ""}`.trim();
  const head = columns
    ? [`${" ".repeat(number + 2)}${lanes.map((lane) => fit(name(lane), width)).join(" ")}`.trimEnd()]
    : [];
  const lines = rows.flatMap(({ at, place, step }, index) => {
    const text = printable(exploredStepText(step));
    const before = columns ? " ".repeat(lanes.indexOf(step.lane) * (width + 1)) : `${fit(name(step.lane), 12)} `;
    const room = columns ? width : Math.max(20, style.columns - number - 16);
    const line = `${telling.has(at) ? glyphsOf(style).current : " "}${String(at).padStart(number)} ${before}${truncate(text, room, ellipsis)}`;
    const skipped = place > (rows[index - 1]?.place ?? -1) + 1 ? [`${" ".repeat(number)} ${gap}`] : [];
    return [...skipped, telling.has(at) ? paint.bold(line) : line];
  });
  return [...head.map(paint.bold), ...lines];
}

/** What a deadlock is about. */
function locksIn({ explanation: found }: SmallestOrder): ReadonlySet<string> {
  return new Set(found.is === "deadlock" ? found.waits.map(({ on }) => on).filter((on) => on !== "") : []);
}

/** Which steps the sentence is about, from 1 on. */
export function tellingOf({ explanation: found }: SmallestOrder): ReadonlySet<number> {
  if (found.is === "order") return new Set([found.step]);
  return new Set(found.is === "deadlock" || found.is === "standard" ? [] : [found.first, found.between, found.last]);
}

/** The steps on what is shared, numbered as all of them are; where nothing is, all. */
function matteringSteps(smallest: SmallestOrder): Row[] {
  const { steps, shared } = smallest;
  const names = new Set(shared);
  const locks = locksIn(smallest);
  const matters = ({ file, call }: ExploredStep) =>
    call === "signal" || file.split(" > ").some((name) => names.has(name) || locks.has(name));
  const all = steps.map((step, index) => ({ at: index + 1, step }));
  const found = all.filter(({ step }) => matters(step));
  return (found.length > 0 ? found : all).map((row, place) => ({ ...row, place }));
}

/** The steps on what is shared; of very many those nearest to the telling ones. */
export function tellingSteps(smallest: SmallestOrder, most = STEPS): Row[] {
  const rows = matteringSteps(smallest);
  if (rows.length <= most) return rows;
  const telling = tellingOf(smallest);
  if (telling.size === 0) return rows.slice(-most);
  // Those nearest to a telling one, each of which is there.
  const places = rows.filter(({ at }) => telling.has(at)).map(({ place }) => place);
  const far = (row: Row) => Math.min(...places.map((place) => Math.abs(place - row.place)));
  const nearest = rows.toSorted((a, b) => far(a) - far(b) || a.place - b.place);
  return nearest.slice(0, most).sort((a, b) => a.place - b.place);
}
