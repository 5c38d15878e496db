/** Demo `queue`'s record: who put and took which item when, and who waited; what follows from it, in numbers and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import { durationText, toThousandth } from "../../os/units.ts";
import type { LaneEvent } from "../../recording/event.ts";
import { type Interval, intervalsOf, lengthMs, maxOverlap } from "../analysis/intervals.ts";
import { sum } from "../analysis/numbers.ts";
import type { Check, Fact, Picture } from "../define.ts";

/** A put or a take: somewhere between `fromMs` and `toMs`. */
export interface QueueMove {
  readonly lane: string;
  /** `P1.7`: who made it, and its number there. */
  readonly item: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the events say of the queue, and which lanes put and which take. */
export interface QueueRecord {
  readonly puts: readonly QueueMove[];
  readonly takes: readonly QueueMove[];
  /**
   * Who waited at the queue when, while there was trade: from the first put until the last. Before it a consumer waits for the
   * producers' start, after it for the queue to be closed, and that says nothing of who is faster.
   */
  readonly waits: readonly Interval[];
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
}

/** The `result` of the document. */
export interface QueueResult {
  readonly put: number;
  readonly taken: number;
  /** Items in the queue at the end. */
  readonly left: number;
  /** The most items that were in the queue for certain at one and the same moment, by the record. */
  readonly mostInQueue: number;
  /** All waits of all producers because the queue was full, of all consumers because it was empty, while there was trade. */
  readonly producersWaitedMs: number;
  readonly consumersWaitedMs: number;
  /** From the first put until the last take. */
  readonly spanMs: number;
}

/** Reads the record. @param events by time. */
export function queueRecord(
  events: readonly LaneEvent[],
  { producers, consumers }: Pick<QueueRecord, "producers" | "consumers">,
): QueueRecord {
  const puts: QueueMove[] = [];
  const takes: QueueMove[] = [];
  const begun = new Map<string, number>();
  for (const event of events) {
    const { lane, t: toMs } = event;
    const fromMs = begun.get(lane) ?? 0;
    if (event.type === "run") begun.set(lane, toMs);
    else if (event.type !== "write") continue;
    else if (event.put !== undefined) puts.push({ lane, item: event.put, fromMs, toMs });
    else if (event.took !== undefined) takes.push({ lane, item: event.took, fromMs, toMs });
  }
  const waits = intervalsOf(
    events,
    (event) => event.type === "wait" && event.on === "queue",
    ({ type }) => type === "write" || type === "exit",
  );
  const [beganMs, endedMs] = [Math.min(...puts.map(({ fromMs }) => fromMs)), Math.max(...puts.map(({ toMs }) => toMs))];
  const inTrade = waits
    .map(({ lane, fromMs, toMs }) => ({ lane, fromMs: Math.max(fromMs, beganMs), toMs: Math.min(toMs, endedMs) }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
  return { puts, takes, waits: inTrade, producers, consumers };
}

const waitedMs = (waits: readonly Interval[], lanes: readonly string[]) =>
  sum(waits.filter(({ lane }) => lanes.includes(lane)).map(lengthMs));

/** What the record comes to. @param left items in the queue at the end. */
export function queueResult({ puts, takes, waits, producers, consumers }: QueueRecord, left: number): QueueResult {
  return {
    put: puts.length,
    taken: takes.length,
    left,
    mostInQueue: maxOverlap(surelyIn({ puts, takes })),
    producersWaitedMs: toThousandth(waitedMs(waits, producers)),
    consumersWaitedMs: toThousandth(waitedMs(waits, consumers)),
    spanMs: toThousandth(Math.max(0, ...takes.map(({ toMs }) => toMs)) - Math.min(...puts.map(({ fromMs }) => fromMs))),
  };
}

/** From when its put was over until its take began, an item was in the queue for certain. */
function surelyIn({ puts, takes }: Pick<QueueRecord, "puts" | "takes">): Interval[] {
  const taken = new Map(takes.map(({ item, fromMs }) => [item, fromMs]));
  return puts
    .map(({ item, lane, toMs }) => ({ lane, fromMs: toMs, toMs: taken.get(item) ?? Number.POSITIVE_INFINITY }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
}

/**
 * Whether one process took a producer's items in the order they were made, and nobody began to take one after a later one of
 * the same producer had already been taken.
 */
function isInOrder(takes: readonly QueueMove[]): boolean {
  const byProducer = Map.groupBy(takes, ({ item }) => item.slice(0, item.lastIndexOf(".")));
  return [...byProducer.values()].every((moves) => {
    const inOrder = moves.toSorted((a, b) => numberOf(a) - numberOf(b));
    let laterTakenMs = Number.POSITIVE_INFINITY;
    const last = new Map<string, number>();
    return inOrder.toReversed().every(({ lane, fromMs, toMs }) => {
      const ok = fromMs <= laterTakenMs && toMs <= (last.get(lane) ?? Number.POSITIVE_INFINITY);
      laterTakenMs = Math.min(laterTakenMs, toMs);
      last.set(lane, toMs);
      return ok;
    });
  });
}

const numberOf = ({ item }: QueueMove) => Number(item.slice(item.lastIndexOf(".") + 1));

/** What the demo promises, held against the record. */
export function queueChecks(
  { puts, takes, producers }: QueueRecord,
  { left, mostInQueue }: QueueResult,
  { items, capacity }: { readonly items: number; readonly capacity: number },
): Check[] {
  const all = producers.flatMap((name) => Array.from({ length: items }, (_, i) => `${name}.${i + 1}`)).toSorted();
  const isAll = (moves: readonly QueueMove[]) =>
    moves
      .map(({ item }) => item)
      .toSorted()
      .join() === all.join();
  return [
    { label: "demo.queue.check.once", ok: isAll(puts) && isAll(takes) && left === 0 },
    { label: "demo.queue.check.order", ok: isInOrder(takes) },
    { label: "demo.queue.check.capacity", ok: mostInQueue <= capacity },
  ];
}

/** What a person is told. */
export function queueFacts(result: QueueResult, capacity: number): Fact[] {
  return [
    { label: "demo.queue.fact.items", value: `${result.put} → ${result.taken}` },
    { label: "demo.queue.fact.most", value: `${result.mostInQueue} / ${capacity}` },
    { label: "demo.queue.fact.producersWaited", value: durationText(result.producersWaitedMs) },
    { label: "demo.queue.fact.consumersWaited", value: durationText(result.consumersWaitedMs) },
    { label: "demo.queue.fact.elapsed", value: durationText(result.spanMs) },
  ];
}

/** All of it on one time axis, and what each did. */
export function queuePictures(
  { puts, takes, waits }: QueueRecord,
  { producers, consumers }: Pick<QueueRecord, "producers" | "consumers">,
): Picture[] {
  const row = (what: "put" | "took", moves: readonly QueueMove[]) => (name: string) => {
    const own = waits.filter(({ lane }) => lane === name).map(lengthMs);
    const count = moves.filter(({ lane }) => lane === name).length;
    return [name, phrase(`demo.queue.${what}`), String(count), sum(own).toFixed(1), Math.max(0, ...own).toFixed(1)];
  };
  return [
    {
      kind: "timelines",
      parts: [
        {
          title: phrase("demo.queue.part"),
          fromMs: Math.min(...puts.map(({ fromMs }) => fromMs)),
          toMs: Math.max(...takes.map(({ toMs }) => toMs)),
        },
      ],
    },
    {
      kind: "table",
      columns: [
        phrase("demo.queue.column.process"),
        phrase("demo.queue.column.what"),
        phrase("demo.queue.column.items"),
        phrase("demo.queue.column.waited"),
        phrase("demo.queue.column.longest"),
      ],
      rows: [...producers.map(row("put", puts)), ...consumers.map(row("took", takes))],
    },
  ];
}
