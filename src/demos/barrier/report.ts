/** Demo `barrier`'s record: who was in which phase when, and who waited; what follows from it, in numbers and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText, toThousandth } from "../../os/units.ts";
import type { Process } from "../../process/index.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { type Interval, intervalsOf, lengthMs } from "../analysis/intervals.ts";
import { sum } from "../analysis/numbers.ts";
import type { Check, Fact, Picture } from "../define.ts";

/** One part of the demo, by the record. */
export interface BarrierPart {
  readonly fromMs: number;
  readonly toMs: number;
  /** When each process began phase 1, 2 …, by lane. */
  readonly begun: ReadonlyMap<string, readonly number[]>;
}

/** What the events say of the phases. */
export interface BarrierRecord {
  /** Each on its own, then with the barrier. */
  readonly free: BarrierPart;
  readonly together: BarrierPart;
  /** From when it came to the barrier until it went on: all waits of a lane, in order. */
  readonly waits: readonly Interval[];
}

/** The `result` of the document. */
export interface BarrierResult {
  /** How many phases the first process was ahead of the last one, at most; with the barrier at most the one that begins. */
  readonly aheadFree: number;
  readonly aheadTogether: number;
  readonly freeMs: number;
  readonly togetherMs: number;
  readonly slowdown: number;
  /** When the first and the last came to the barrier, and the first went on, phase by phase: ms since the part began. */
  readonly phases: readonly { readonly firstMs: number; readonly lastMs: number; readonly passedMs: number }[];
  /** All waits of all processes at the barrier. */
  readonly waitedMs: number;
}

/** The text of the `run` that begins a phase, from 1, and of the one after the last. */
export const phaseText = (phase: number): string => `phase ${phase}`;
export const doneText = "done";

/** Reads the record. @param events by time. */
export function barrierRecord(events: readonly LaneEvent[]): BarrierRecord {
  const lanes = new Map<string, number[][]>();
  const ends = new Map<string, number[]>();
  for (const event of events) {
    if (event.type !== "run" || event.text === undefined) continue;
    const parts = lanes.get(event.lane) ?? [];
    lanes.set(event.lane, parts);
    if (event.text === phaseText(1)) parts.push([]);
    if (event.text === doneText) ends.set(event.lane, [...(ends.get(event.lane) ?? []), event.t]);
    else parts.at(-1)?.push(event.t);
  }
  const part = (index: number): BarrierPart => {
    const begun = new Map([...lanes].map(([lane, parts]) => [lane, parts[index] ?? []]));
    return {
      begun,
      fromMs: Math.min(...[...begun.values()].map(([first = Number.POSITIVE_INFINITY]) => first)),
      toMs: Math.max(...[...ends.values()].map((moments) => moments[index] ?? Number.NEGATIVE_INFINITY)),
    };
  };
  const waits = intervalsOf(
    events,
    (event) => event.type === "wait" && event.on === "barrier",
    ({ type }) => type === "run",
  );
  return { free: part(0), together: part(1), waits };
}

/** The waits for the end of phase 1, 2 …, each by time: the nth of every lane. */
function byPhase(waits: readonly Interval[]): Interval[][] {
  const lanes = Map.groupBy(waits, ({ lane }) => lane);
  const phases = Math.max(0, ...[...lanes.values()].map(({ length }) => length));
  return Array.from({ length: phases }, (_, phase) =>
    [...lanes.values()].flatMap((own) => own[phase] ?? []).toSorted((a, b) => a.fromMs - b.fromMs),
  );
}

/** How many phases lay between the first and the last process, at most. */
export function ahead({ begun }: BarrierPart): number {
  const lanes = [...begun.values()];
  const phaseAt = (moments: readonly number[], ms: number) => moments.filter((each) => each <= ms).length;
  const last = (ms: number) => Math.min(...lanes.map((moments) => phaseAt(moments, ms)));
  return Math.max(0, ...lanes.flatMap((moments) => moments.map((ms, i) => i + 1 - Math.max(1, last(ms)))));
}

/** What the record comes to. */
export function barrierResult({ free, together, waits }: BarrierRecord): BarrierResult {
  const [freeMs, togetherMs] = [free.toMs - free.fromMs, together.toMs - together.fromMs];
  const since = (ms: number) => toThousandth(ms - together.fromMs);
  return {
    aheadFree: ahead(free),
    aheadTogether: ahead(together),
    freeMs: toThousandth(freeMs),
    togetherMs: toThousandth(togetherMs),
    slowdown: toThousandth(togetherMs / freeMs),
    phases: byPhase(waits).map((phase) => ({
      firstMs: since(Math.min(...phase.map(({ fromMs }) => fromMs))),
      lastMs: since(Math.max(...phase.map(({ fromMs }) => fromMs))),
      passedMs: since(Math.min(...phase.map(({ toMs }) => toMs))),
    })),
    waitedMs: toThousandth(sum(waits.map(lengthMs))),
  };
}

/** What the demo promises, held against the record. */
export function barrierChecks(
  { together, waits }: BarrierRecord,
  { procs, rounds }: { readonly procs: number; readonly rounds: number },
): Check[] {
  const phases = byPhase(waits);
  const isWhole = phases.length === rounds && phases.every((phase) => phase.length === procs);
  return [
    {
      label: "demo.barrier.check.nobodyEarly",
      ok: phases.every((phase) => {
        const lastMs = Math.max(...phase.map(({ fromMs }) => fromMs));
        return phase.every(({ toMs }) => toMs >= lastMs);
      }),
    },
    { label: "demo.barrier.check.inStep", ok: ahead(together) <= 1 },
    { label: "demo.barrier.check.all", ok: isWhole && together.begun.size === procs },
  ];
}

/** What a person is told. */
export function barrierFacts(result: BarrierResult): Fact[] {
  return [
    { label: "demo.barrier.fact.ahead", value: `${result.aheadFree} → ${result.aheadTogether}` },
    {
      label: "demo.barrier.fact.time",
      value: `${durationText(result.freeMs)} → ${durationText(result.togetherMs)} (${result.slowdown.toFixed(1)}×)`,
    },
    { label: "demo.barrier.fact.waited", value: durationText(result.waitedMs) },
  ];
}

/** Both parts on one time axis, and when the last one came to each barrier. */
export function barrierPictures({ free, together, waits }: BarrierRecord, workers: readonly Process[]): Picture[] {
  const names = new Set(workers.map(({ name }) => name));
  const rows = byPhase(waits.filter(({ lane }) => names.has(lane))).map((phase, i) => {
    const [first, last] = [phase[0], phase.at(-1)];
    const passedMs = Math.min(...phase.map(({ toMs }) => toMs));
    const since = (ms: number | undefined) => ((ms ?? Number.NaN) - together.fromMs).toFixed(1);
    return [String(i + 1), since(first?.fromMs), `${last?.lane} ${since(last?.fromMs)}`, since(passedMs)];
  });
  return [
    {
      kind: "timelines",
      parts: [
        { title: phrase("demo.barrier.part.free"), fromMs: free.fromMs, toMs: free.toMs },
        { title: phrase("demo.barrier.part.together"), fromMs: together.fromMs, toMs: together.toMs },
      ],
    },
    {
      kind: "table",
      columns: [
        phrase("demo.barrier.column.phase"),
        phrase("demo.barrier.column.first"),
        phrase("demo.barrier.column.last"),
        phrase("demo.barrier.column.passed"),
      ],
      rows,
    },
  ];
}
