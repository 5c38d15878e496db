/** Demo `fence`'s result as facts, checks and pictures. */
import { phrase } from "../../i18n/phrase.ts";
import { durationText } from "../../os/units.ts";
import type { Span } from "../analysis/intervals.ts";
import type { Check, Fact, Picture } from "../define.ts";
import type { Rejection, Way } from "./place.ts";
import type { FencePart } from "./record.ts";

/** Both add one. */
export const EXPECTED = 2;

/** One part: what the record says of it, and the count that was left. */
export interface WayResult extends FencePart {
  readonly actual: number;
  readonly lost: number;
}

export interface FenceResult {
  /** What it is called, if the lease was in a farm. */
  readonly farm: string | null;
  readonly stoppedPid: number;
  readonly nextPid: number;
  readonly leaseMs: number;
  readonly expected: number;
  readonly alone: WayResult;
  readonly fenced: WayResult;
  /** How the place said that the late write came too late; null if it did not. */
  readonly refusal: string | null;
}

/** What was seen of a part besides its record. */
export interface Seen extends Span {
  readonly way: Way;
  /** The kernel said that P1 stood still. */
  readonly stopped: boolean;
  readonly rejected: Rejection | null;
}

/** Which of the prediction's choices came true with the lease alone. */
export function answerOf({ late, lost }: WayResult): string {
  if (late !== "written") return "notices";
  return lost > 0 ? "overwrites" : "adds";
}

/** What the demo promised, held against the record and the counts. */
export function fenceChecks({ alone, fenced }: FenceResult, seen: readonly Seen[]): Check[] {
  const grow = (numbers: readonly number[]) => numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0));
  const both = [alone, fenced];
  return [
    { label: "demo.fence.check.stopped", ok: seen.every(({ stopped }) => stopped) },
    { label: "demo.fence.check.both", ok: both.every(({ maxHolders, bothMs }) => maxHolders === 2 && bothMs > 0) },
    { label: "demo.fence.check.numbers", ok: both.every(({ numbers }) => numbers.length > 1 && grow(numbers)) },
    {
      label: "demo.fence.check.alone",
      ok: alone.late === "written" && alone.lost === 1 && alone.example !== null,
    },
    {
      label: "demo.fence.check.fenced",
      ok: fenced.late === "rejected" && seen.some(({ way, rejected }) => way === "fenced" && rejected !== null),
    },
    { label: "demo.fence.check.again", ok: fenced.lost === 0 && fenced.example === null && fenced.numbers.length > 2 },
  ];
}

/** What a person is told. */
export function fenceFacts(result: FenceResult): Fact[] {
  const { farm, alone, fenced, expected, leaseMs, stoppedPid, nextPid, refusal } = result;
  const [first, second] = fenced.numbers;
  return [
    { label: "demo.fence.fact.place", value: farm === null ? "SQLite (fence.db)" : `PostgreSQL (${farm})` },
    { label: "demo.fence.fact.stopped", value: `${durationText(fenced.stoppedMs)} / ${durationText(leaseMs)}` },
    { label: "demo.fence.fact.both", value: durationText(fenced.bothMs) },
    {
      label: "demo.fence.fact.numbers",
      value: `P1 (${stoppedPid}): ${first ?? "–"}   P2 (${nextPid}): ${second ?? "–"}`,
    },
    {
      label: "demo.fence.fact.alone",
      value:
        alone.lost > 0
          ? phrase("demo.fence.lost", { actual: alone.actual, expected })
          : `${alone.actual} / ${expected}`,
    },
    {
      label: "demo.fence.fact.fenced",
      value:
        fenced.late === "rejected"
          ? phrase("demo.fence.kept", { actual: fenced.actual, expected })
          : `${fenced.actual} / ${expected}`,
    },
    { label: "demo.fence.fact.said", value: refusal ?? "–" },
  ];
}

/** Both parts on one time axis; then every write of both, in order, and what became of it. */
export function fencePictures(result: FenceResult, seen: readonly Seen[]): Picture[] {
  const { alone, fenced } = result;
  const [first = Number.NaN, second = Number.NaN, third] = fenced.numbers;
  const written = phrase("demo.fence.cell.written");
  const late = ({ late, lost }: WayResult) => {
    if (late === null) return "–";
    if (late === "rejected") return phrase("demo.fence.cell.rejected", { fence: first, newest: second });
    return lost > 0 ? phrase("demo.fence.cell.overwrites") : written;
  };
  return [
    {
      kind: "timelines",
      parts: seen.map(({ way, fromMs, toMs }) => ({ title: phrase(`demo.fence.part.${way}`), fromMs, toMs })),
    },
    {
      kind: "table",
      columns: [
        phrase("demo.fence.column.write"),
        phrase("demo.fence.column.number"),
        phrase("demo.fence.column.value"),
        phrase("demo.fence.part.alone"),
        phrase("demo.fence.part.fenced"),
      ],
      rows: [
        [phrase("demo.fence.row.next"), String(second), "0 + 1", written, written],
        [phrase("demo.fence.row.late"), String(first), "0 + 1", late(alone), late(fenced)],
        ...(third === undefined ? [] : [[phrase("demo.fence.row.again"), String(third), "1 + 1", "–", written]]),
        [phrase("demo.fence.row.end"), "", "", String(alone.actual), String(fenced.actual)],
      ],
    },
  ];
}
