/** Demo `semaphore`'s record: who was in when, with which slot; what follows from it, in numbers, facts and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText, toThousandth } from "../../os/units.ts";
import type { Process } from "../../process/index.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { type Interval, intervalsOf, lengthMs, maxOverlap } from "../analysis/intervals.ts";
import { sum } from "../analysis/numbers.ts";
import type { Check, Fact, Picture } from "../define.ts";
import { holdsOf } from "../underlock.ts";

/** What the events say of a semaphore. */
export interface SemaphoreRecord {
  /** Who had which slot when, slot by slot. */
  readonly slots: readonly (readonly Interval[])[];
  /** Who waited for any slot when. */
  readonly waits: readonly Interval[];
}

/** The `result` of the document. */
export interface SemaphoreResult {
  /** The most processes that were in at one and the same moment, by the record. */
  readonly maxHolders: number;
  /** How many were in on average, from the first entry until the last exit. */
  readonly meanHolders: number;
  /** From the first entry until the last exit. */
  readonly spanMs: number;
  /** All stays together. */
  readonly heldMs: number;
  /** How often each slot was taken. */
  readonly perSlot: readonly number[];
  readonly longestWaitMs: number;
}

interface Numbers {
  readonly procs: number;
  readonly slots: number;
  readonly rounds: number;
}

/** Reads the record of a semaphore, as its slots' events name it. @param events by time. */
export function semaphoreRecord(events: readonly LaneEvent[], name: string, slots: number): SemaphoreRecord {
  return {
    slots: Array.from({ length: slots }, (_, i) => holdsOf(events, `${name}.${i + 1}`)),
    waits: intervalsOf(
      events,
      (event) => event.type === "wait" && event.on === name,
      (event) => event.type === "hold",
    ),
  };
}

/** What the record comes to. */
export function semaphoreResult({ slots, waits }: SemaphoreRecord): SemaphoreResult {
  const holds = slots.flat();
  const first = Math.min(...holds.map(({ fromMs }) => fromMs));
  const spanMs = Math.max(...holds.map(({ toMs }) => toMs)) - first;
  const heldMs = sum(holds.map(lengthMs));
  return {
    maxHolders: maxOverlap(holds),
    meanHolders: toThousandth(heldMs / spanMs),
    spanMs: toThousandth(spanMs),
    heldMs: toThousandth(heldMs),
    perSlot: slots.map(({ length }) => length),
    longestWaitMs: toThousandth(Math.max(0, ...waits.map(lengthMs))),
  };
}

/** What the demo promises, held against the record. */
export function semaphoreChecks({ slots }: SemaphoreRecord, numbers: Numbers): Check[] {
  const holds = slots.flat();
  const lanes = new Set(holds.map(({ lane }) => lane));
  const stays = [...lanes].map((name) => holds.filter(({ lane }) => lane === name).length);
  return [
    { label: "demo.semaphore.check.most", ok: maxOverlap(holds) <= numbers.slots },
    { label: "demo.semaphore.check.oneEach", ok: slots.every((each) => maxOverlap(each) <= 1) },
    {
      label: "demo.semaphore.check.all",
      ok: lanes.size === numbers.procs && stays.every((count) => count === numbers.rounds),
    },
  ];
}

/**
 * Which of the prediction's choices came true: by how many were in on average, as on a scale where each is so many times the
 * one before. None if two of them say the same.
 */
export function answerOf({ meanHolders }: SemaphoreResult, { procs, slots }: Omit<Numbers, "rounds">) {
  if (slots === 1 || slots >= procs) return {};
  const expected = { one: 1, slots, all: procs };
  const distance = (holders: number) => Math.abs(Math.log(meanHolders / holders));
  const [[answer] = ["slots"]] = Object.entries(expected).toSorted(([, a], [, b]) => distance(a) - distance(b));
  return { answer };
}

/** What a person is told. */
export function semaphoreFacts(result: SemaphoreResult, slots: number): Fact[] {
  return [
    { label: "demo.semaphore.fact.most", value: `${result.maxHolders} / ${slots}` },
    { label: "demo.semaphore.fact.mean", value: result.meanHolders.toFixed(1) },
    {
      label: "demo.semaphore.fact.elapsed",
      value: `${durationText(result.spanMs)} (Σ ${durationText(result.heldMs)})`,
    },
    { label: "demo.semaphore.fact.perSlot", value: result.perSlot.join(", ") },
    { label: "demo.semaphore.fact.longestWait", value: durationText(result.longestWaitMs) },
  ];
}

/** All of it on one time axis, and who waited how long. */
export function semaphorePictures({ slots, waits }: SemaphoreRecord, visitors: readonly Process[]): Picture[] {
  const holds = slots.flat();
  const fromMs = Math.min(...[...holds, ...waits].map((each) => each.fromMs));
  const rows = visitors.map(({ name }) => {
    const own = (all: readonly Interval[]) => all.filter(({ lane }) => lane === name).map(lengthMs);
    const cells = [sum(own(holds)), sum(own(waits)), Math.max(0, ...own(waits))];
    return [name, String(own(holds).length), ...cells.map((ms) => ms.toFixed(1))];
  });
  return [
    {
      kind: "timelines",
      parts: [{ title: phrase("demo.semaphore.part"), fromMs, toMs: Math.max(...holds.map(({ toMs }) => toMs)) }],
    },
    {
      kind: "table",
      columns: [
        phrase("demo.semaphore.column.process"),
        phrase("demo.semaphore.column.stays"),
        phrase("demo.semaphore.column.held"),
        phrase("demo.semaphore.column.waited"),
        phrase("demo.semaphore.column.longest"),
      ],
      rows,
    },
  ];
}
