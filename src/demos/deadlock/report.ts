/** Demo `deadlock`'s result as facts and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText } from "../../os/units.ts";
import type { Span } from "../analysis/intervals.ts";
import type { Link } from "../analysis/wait-cycle.ts";
import type { Fact, Picture } from "../define.ts";

export interface DeadlockResult {
  /** Who held what and waited for whom, by the lock files' owner records while it lasted; the last one waits for the first. */
  readonly cycle: readonly Link[];
  /** The lanes that gave up waiting for their second lock. */
  readonly timedOut: readonly string[];
  /** The lanes that had both locks after that. */
  readonly finished: readonly string[];
  /** For how long nobody could do anything: from the last one's wait until the first one gave up. */
  readonly stuckMs: number;
  /** The lanes that had both locks when all took them in one order, and how long that took all of them. */
  readonly orderedFinished: readonly string[];
  readonly orderedMs: number;
  /** The most processes that held one and the same lock at one moment, by the record. */
  readonly maxHolders: number;
}

/** `P1 → P2 → P1`. */
const circle = (cycle: readonly Link[]) => [...cycle, ...cycle.slice(0, 1)].map(({ lane }) => lane).join(" → ");
const list = (lanes: readonly string[]) => (lanes.length === 0 ? "–" : lanes.join(", "));

/** What a person is told. */
export function deadlockFacts(result: DeadlockResult, procs: number): Fact[] {
  return [
    { label: "demo.deadlock.fact.circle", value: result.cycle.length === 0 ? "–" : circle(result.cycle) },
    { label: "demo.deadlock.fact.stuck", value: durationText(result.stuckMs) },
    { label: "demo.deadlock.fact.timedOut", value: list(result.timedOut) },
    { label: "demo.deadlock.fact.finished", value: list(result.finished) },
    { label: "demo.deadlock.fact.ordered", value: `${result.orderedFinished.length} / ${procs}` },
    { label: "demo.deadlock.fact.orderedMs", value: durationText(result.orderedMs) },
  ];
}

/** The circle as a table, and both ways to take the locks on one time axis. */
export function deadlockPictures(cycle: readonly Link[], parts: { tangled: Span; ordered: Span }): Picture[] {
  const laneOf = new Map(cycle.map(({ lane, pid }) => [pid, lane]));
  const columns = [
    phrase("demo.deadlock.column.process"),
    phrase("demo.deadlock.column.holds"),
    phrase("demo.deadlock.column.waitsFor"),
    phrase("demo.deadlock.column.owner"),
  ];
  const rows = cycle.map(({ lane, pid, holds, waitsFor, owner }) => [
    `${lane} (${pid})`,
    holds,
    waitsFor,
    `${laneOf.get(owner)} (${owner})`,
  ]);
  return [
    ...(rows.length === 0 ? [] : [{ kind: "table", columns, rows } as const]),
    {
      kind: "timelines",
      parts: [
        { title: phrase("demo.deadlock.part.tangled"), fromMs: parts.tangled.fromMs, toMs: parts.tangled.toMs },
        { title: phrase("demo.deadlock.part.ordered"), fromMs: parts.ordered.fromMs, toMs: parts.ordered.toMs },
      ],
    },
  ];
}
