/** Demo `event`'s record: each signal, and who went on when because of it; what follows from it, in numbers and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText, toThousandth } from "../../os/units.ts";
import type { Process } from "../../process/index.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { median } from "../analysis/numbers.ts";
import type { Check, Fact, Picture } from "../define.ts";

/** The text of the `run` with which a process goes on after the event. */
export const onText = "goes on";

/** A process that went on past the event. */
export interface Pass {
  readonly lane: string;
  readonly atMs: number;
  /** Since when it had waited; null if it did not have to. */
  readonly waitedFromMs: number | null;
}

/** From a set to the clear after it. */
export interface Signal {
  readonly setMs: number;
  readonly clearedMs: number;
  readonly passes: readonly Pass[];
}

/** What the events say of the event. */
export interface EventRecord {
  readonly signals: readonly Signal[];
  /** Those that went on while the event was clear. */
  readonly early: readonly Pass[];
}

/** The `result` of the document. */
export interface EventResult {
  readonly signals: number;
  /** Processes that went on after having waited, and without: in all rounds. */
  readonly woken: number;
  readonly passedAtOnce: number;
  /** From just before the signal until a process that had waited went on. */
  readonly wakeMs: { readonly median: number; readonly least: number; readonly most: number };
  /** Medians, by lane. */
  readonly perLane: Readonly<Record<string, number>>;
}

/** Reads the record of an event. @param events by time. */
export function eventRecord(events: readonly LaneEvent[], name: string): EventRecord {
  const signals: { setMs: number; clearedMs: number; passes: Pass[] }[] = [];
  const early: Pass[] = [];
  const waiting = new Map<string, number>();
  for (const event of events) {
    const { lane, t: atMs } = event;
    const current = signals.at(-1);
    if (event.type === "write" && event.value === 1)
      signals.push({ setMs: atMs, clearedMs: Number.POSITIVE_INFINITY, passes: [] });
    else if (event.type === "write" && current !== undefined) current.clearedMs = atMs;
    else if (event.type === "wait" && event.on === name) waiting.set(lane, atMs);
    else if (event.type === "run" && event.text === onText) {
      const pass = { lane, atMs, waitedFromMs: waiting.get(lane) ?? null };
      waiting.delete(lane);
      if (current !== undefined && atMs < current.clearedMs) current.passes.push(pass);
      else early.push(pass);
    }
  }
  return { signals, early };
}

/** How long each that had waited took to go on: from the signal, or from when it began to wait if that was later. */
function wakings({ signals }: EventRecord): { lane: string; ms: number }[] {
  return signals.flatMap(({ setMs, passes }) =>
    passes.flatMap(({ lane, atMs, waitedFromMs }) =>
      waitedFromMs === null ? [] : [{ lane, ms: toThousandth(atMs - Math.max(setMs, waitedFromMs)) }],
    ),
  );
}

/** What the record comes to. */
export function eventResult(record: EventRecord): EventResult {
  const all = wakings(record);
  const ms = all.map((waking) => waking.ms);
  const byLane = Map.groupBy(all, ({ lane }) => lane);
  const orNone = (value: number) => (Number.isFinite(value) ? toThousandth(value) : 0);
  return {
    signals: record.signals.length,
    woken: all.length,
    passedAtOnce: record.signals.flatMap(({ passes }) => passes).length - all.length,
    wakeMs: { median: orNone(median(ms)), least: orNone(Math.min(...ms)), most: orNone(Math.max(...ms)) },
    perLane: Object.fromEntries(
      [...byLane].map(([lane, own]) => [lane, toThousandth(median(own.map(({ ms }) => ms)))]),
    ),
  };
}

/** What the demo promises, held against the record. */
export function eventChecks(
  { signals, early }: EventRecord,
  { procs, rounds }: { readonly procs: number; readonly rounds: number },
): Check[] {
  const others = procs - 1; // all but the one that signals
  return [
    {
      label: "demo.event.check.all",
      ok:
        signals.length === rounds &&
        signals.every(({ passes }) => new Set(passes.map(({ lane }) => lane)).size === others),
    },
    { label: "demo.event.check.nobodyEarly", ok: early.length === 0 },
    {
      label: "demo.event.check.late",
      // By the barrier the one that comes late is the last to go on.
      ok: signals.every(({ passes }) => passes.toSorted((a, b) => a.atMs - b.atMs).at(-1)?.waitedFromMs === null),
    },
  ];
}

/** Which of the prediction's choices came true; none if there is but one that waits. */
export function answerOf({ signals }: EventRecord, procs: number): { answer?: "all" | "one" } {
  if (procs < 4) return {};
  return { answer: signals.every(({ passes }) => passes.length === procs - 1) ? "all" : "one" };
}

/** What a person is told. */
export function eventFacts({ signals, woken, passedAtOnce, wakeMs }: EventResult): Fact[] {
  const spread = `${durationText(wakeMs.least)} – ${durationText(wakeMs.most)}`;
  return [
    { label: "demo.event.fact.signals", value: String(signals) },
    { label: "demo.event.fact.woken", value: String(woken) },
    { label: "demo.event.fact.wake", value: `${durationText(wakeMs.median)} (${spread})` },
    { label: "demo.event.fact.atOnce", value: String(passedAtOnce) },
  ];
}

/** The first round on a time axis, and how long after the signal each went on, round by round. */
export function eventPictures({ signals }: EventRecord, processes: readonly Process[]): Picture[] {
  const [first] = signals;
  const since = (pass: Pass | undefined, setMs: number) => {
    if (pass === undefined) return "–";
    return pass.waitedFromMs === null ? phrase("demo.event.atOnce") : (pass.atMs - setMs).toFixed(2);
  };
  const rows = processes.slice(1).map(({ name, pid }) => [
    `${name} (${pid})`,
    ...signals.slice(0, MAX_COLUMNS).map(({ setMs, passes }) =>
      since(
        passes.find(({ lane }) => lane === name),
        setMs,
      ),
    ),
  ]);
  const columns = [
    phrase("demo.event.column.process"),
    ...signals.slice(0, MAX_COLUMNS).map((_, i) => phrase("demo.event.column.round", { round: i + 1 })),
  ];
  const fromMs =
    first === undefined ? 0 : Math.min(first.setMs, ...first.passes.map((pass) => pass.waitedFromMs ?? first.setMs));
  return [
    {
      kind: "timelines",
      parts: [{ title: phrase("demo.event.part"), fromMs, toMs: signals.at(-1)?.clearedMs ?? fromMs }],
    },
    { kind: "table", columns, rows },
  ];
}

/** More rounds than this do not fit beside each other. */
const MAX_COLUMNS = 4;
