/**
 * What in a record is worth stopping at: an update that gets lost, a circle of waiting that closes, a death, an adoption, a
 * lock that goes from hand to hand, a wait that begins. All of it is read from the events; a demo says nothing about it.
 */
import { basename } from "node:path";
import type { MessageKey } from "../i18n/index.ts";
import type { LaneEvent } from "../timeline/event.ts";
import { type Access, accessesOf, clarityOf, lostUpdates } from "./lost-update.ts";

/** The most telling first. */
export const momentKinds = ["lost", "circle", "death", "adopted", "handover", "wait"] as const;
export type MomentKind = (typeof momentKinds)[number];

/** A moment worth stopping at. A step is the index of an event. */
export interface Moment {
  readonly step: number;
  readonly kind: MomentKind;
  /** Earlier steps without which it cannot be understood. */
  readonly because: readonly number[];
  /** What happens, and the values it is said with. */
  readonly words: MessageKey;
  readonly values: Readonly<Record<string, string | number>>;
  /** How well it shows its kind, among others of the kind. */
  readonly clarity: number;
}

/**
 * The moments of a record, by step.
 * @param events by time.
 * @param sharing the lanes' reads and writes are of one count that they share.
 */
export function momentsOf(events: readonly LaneEvent[], sharing: boolean): Moment[] {
  const found = [...lockMoments(events), ...(sharing ? lostMoments(events) : [])];
  return found.sort((a, b) => a.step - b.step);
}

/** The one to look at first: of the most telling kind, the first of the clearest. */
export function mostTelling(moments: readonly Moment[]): Moment | undefined {
  const rank = ({ kind, clarity }: Moment) => momentKinds.indexOf(kind) - clarity / 10;
  let best: Moment | undefined;
  for (const moment of moments) if (best === undefined || rank(moment) < rank(best)) best = moment;
  return best;
}

const text = (ms: number) => ms.toFixed(3);

/** Every lost update. Where the main process sets the count, another round of counting begins. */
function* lostMoments(events: readonly LaneEvent[]): Generator<Moment> {
  const stepOf = new Map<Access, number>();
  let round: Access[] = [];
  const ofRound = function* () {
    for (const lost of lostUpdates(round)) {
      const [[lostRead, overRead], [lostWrite, overWrite]] = [lost.reads, lost.writes];
      yield {
        step: stepOf.get(overWrite) ?? 0,
        kind: "lost",
        because: sorted([lostRead, overRead, lostWrite].map((access) => stepOf.get(access) ?? 0)),
        words: "replay.moment.lost",
        values: {
          over: overWrite.lane,
          lane: lostWrite.lane,
          value: overWrite.value,
          lost: lostWrite.value,
          read: overRead.value,
          readMs: text(overRead.t),
          wroteMs: text(lostWrite.t),
        },
        clarity: clarityOf(lost),
      } satisfies Moment;
    }
    round = [];
  };
  for (const [step, event] of events.entries()) {
    if (event.type === "write" && event.lane === "main") yield* ofRound();
    for (const access of accessesOf([event])) {
      round.push(access);
      stepOf.set(access, step);
    }
  }
  yield* ofRound();
}

/** Waits, hand-overs and circles of the locks, and the ends of processes. */
function* lockMoments(events: readonly LaneEvent[]): Generator<Moment> {
  const locks = new Set(events.flatMap((event) => (event.type === "hold" ? [event.on] : [])));
  const owners = new Map<string, Owned>();
  const waiters = new Map<string, Waiting>();
  const heldBy = new Map<string, Set<string>>();
  for (const [step, event] of events.entries()) {
    const { lane } = event;
    if (event.type === "wait" && locks.has(event.on)) {
      const waiting = { lane, lock: event.on, t: event.t, step };
      waiters.set(lane, waiting);
      yield waitMoment(waiting, owners, waiters);
      continue;
    }
    if (event.type === "hold") {
      const waiting = waiters.get(lane);
      const before = owners.get(event.on);
      if (waiting?.lock === event.on) yield handover(step, event, waiting, before);
      owners.set(event.on, { lane, t: event.t, step, held: true });
      heldBy.set(lane, (heldBy.get(lane) ?? new Set()).add(event.on));
    } else if (event.type === "release") {
      if (owners.get(event.on)?.lane === lane) owners.set(event.on, free(event, step));
      heldBy.get(lane)?.delete(event.on);
    } else if (event.type === "exit") {
      const held = [...(heldBy.get(lane) ?? [])];
      heldBy.delete(lane);
      if (event.signal !== null || (event.code ?? 0) !== 0) yield death(step, event, held, owners);
      for (const lock of held) owners.set(lock, free(event, step));
    } else if (event.type === "adopted") {
      const values = { lane, before: event.before, after: event.after };
      yield { step, kind: "adopted", because: [], words: "replay.moment.adopted", values, clarity: 0 };
    }
    if (endsWait.has(event.type)) waiters.delete(lane);
  }
}

const endsWait: ReadonlySet<string> = new Set(["hold", "run", "release", "exit", "spawn"]);

/** Who has a lock, or had it last, since when. */
interface Owned {
  readonly lane: string;
  readonly t: number;
  readonly step: number;
  readonly held: boolean;
}

interface Waiting {
  readonly lane: string;
  readonly lock: string;
  readonly t: number;
  readonly step: number;
}

const free = ({ lane, t }: LaneEvent, step: number): Owned => ({ lane, t, step, held: false });

/** A wait that begins, or the one that closes a circle. */
function waitMoment(last: Waiting, owners: ReadonlyMap<string, Owned>, waiters: ReadonlyMap<string, Waiting>): Moment {
  const { lane, step } = last;
  const circle = circleOf(last, owners, waiters);
  if (circle.length > 0) {
    const values = { n: circle.length, chain: [...circle.map((waiting) => waiting.lane), lane].join(" → ") };
    const because = circle.map((waiting) => waiting.step).filter((other) => other !== step);
    return { step, kind: "circle", because: sorted(because), words: "replay.moment.circle", values, clarity: 0 };
  }
  const owner = owners.get(last.lock);
  const lock = basename(last.lock);
  return owner?.held
    ? {
        ...{ step, kind: "wait", because: [owner.step], clarity: 0 },
        words: "replay.moment.wait",
        values: { lane, lock, owner: owner.lane },
      }
    : { step, kind: "wait", because: [], words: "replay.moment.waitFree", values: { lane, lock }, clarity: 0 };
}

/** Who waits for whom from `last` on, if that comes back to it; else nothing. */
function circleOf(last: Waiting, owners: ReadonlyMap<string, Owned>, waiters: ReadonlyMap<string, Waiting>): Waiting[] {
  const chain = new Set<Waiting>();
  for (let next: Waiting | undefined = last; next !== undefined && !chain.has(next); ) {
    chain.add(next);
    const owner = owners.get(next.lock);
    next = owner?.held ? waiters.get(owner.lane) : undefined;
    if (next === last) return [...chain];
  }
  return [];
}

const sorted = (steps: readonly number[]) => steps.toSorted((a, b) => a - b);

function handover(
  step: number,
  { lane, on, t }: Extract<LaneEvent, { type: "hold" }>,
  waiting: Waiting,
  before: Owned | undefined,
): Moment {
  const because = before === undefined ? [waiting.step] : sorted([waiting.step, before.step]);
  const values = { lane, lock: basename(on), waitedMs: text(t - waiting.t) };
  if (before === undefined || before.lane === lane) {
    return { step, kind: "handover", because, words: "replay.moment.taken", values, clarity: 0 };
  }
  const more = { from: before.lane, freeMs: text(t - before.t) };
  return {
    step,
    kind: "handover",
    because,
    words: "replay.moment.handover",
    values: { ...values, ...more },
    clarity: 0,
  };
}

function death(
  step: number,
  { lane, code, signal }: Extract<LaneEvent, { type: "exit" }>,
  held: readonly string[],
  owners: ReadonlyMap<string, Owned>,
): Moment {
  const ending = signal ?? code ?? 0;
  const because = sorted(held.map((lock) => owners.get(lock)?.step ?? 0));
  const values = { lane, ending, locks: held.map((lock) => basename(lock)).join(", ") };
  const how = signal === null ? "code" : "signal";
  const words =
    held.length > 0 ? (`replay.moment.death.${how}.holding` as const) : (`replay.moment.death.${how}` as const);
  return { step, kind: "death", because, words, values, clarity: held.length > 0 ? 1 : 0 };
}
