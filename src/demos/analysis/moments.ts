/**
 * What in a record is worth stopping at: an update that gets lost, a circle of waiting that closes, a process that was
 * refused, a zombie, a death, an adoption, a lock that goes from hand to hand, a wait that begins. All of it is read from the events; a demo says nothing about it.
 */
import type { LaneEvent } from "../../recording/event.ts";
import { type Access, accessesOf, clarityOf, lostUpdates } from "./lost-update.ts";

/** The most telling first. */
const kinds = ["lost", "circle", "refused", "zombie", "death", "adopted", "handover", "wait"] as const;
export type MomentKind = (typeof kinds)[number];

/** A moment worth stopping at. A step is the index of an event. */
export interface Moment {
  readonly step: number;
  readonly kind: MomentKind;
  /**
   * Earlier steps without which it cannot be understood: of a lost update both reads (the one that was lost first) and the
   * write that was lost; of a circle the other waits, along it; of a death where each lock it held was taken; of a wait where
   * its lock was; of a hand-over where the wait began, and where another let go.
   */
  readonly because: readonly number[];
  /** How well it shows its kind, among others of the kind. */
  readonly clarity: number;
}

/**
 * The moments of a record, by step; at most one a step.
 * @param events by time.
 * @param sharing the lanes' reads and writes are of one count that they share.
 */
export function momentsOf(events: readonly LaneEvent[], sharing: boolean): Moment[] {
  const found = [...lockMoments(events), ...(sharing ? lostMoments(events) : [])];
  return found.sort((a, b) => a.step - b.step);
}

/** The one to look at first: of the most telling kind, the first of the clearest. */
export function mostTelling(moments: readonly Moment[]): Moment | undefined {
  const rank = ({ kind, clarity }: Moment) => kinds.indexOf(kind) - clarity / 10;
  let best: Moment | undefined;
  for (const moment of moments) if (best === undefined || rank(moment) < rank(best)) best = moment;
  return best;
}

/** Every lost update. Where the main process sets the count, another round of counting begins. */
function* lostMoments(events: readonly LaneEvent[]): Generator<Moment> {
  let round: Access[] = [];
  const stepOf = new Map<Access, number>();
  const ofRound = function* (): Generator<Moment> {
    for (const lost of lostUpdates(round)) {
      const [step = 0, ...because] = [lost.writes[1], ...lost.reads, lost.writes[0]].map((one) => stepOf.get(one) ?? 0);
      yield { step, kind: "lost", because, clarity: clarityOf(lost) };
    }
    round = [];
    stepOf.clear();
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
  const locks = new Set<string>();
  for (const event of events) if (event.type === "hold") locks.add(event.on);
  const owners = new Map<string, Owned>();
  const waiters = new Map<string, Waiting>();
  const heldBy = new Map<string, Set<string>>();
  for (const [step, event] of events.entries()) {
    const { lane } = event;
    if (event.type === "wait" && locks.has(event.on)) {
      const waiting = { lane, lock: event.on, step };
      waiters.set(lane, waiting);
      yield waitMoment(waiting, owners, waiters);
      continue;
    }
    if (event.type === "hold") {
      const waiting = waiters.get(lane);
      const before = owners.get(event.on);
      if (waiting?.lock === event.on) {
        const from = before === undefined || before.lane === lane ? [] : [before.step];
        yield { step, kind: "handover", because: [waiting.step, ...from], clarity: 0 };
      }
      owners.set(event.on, { lane, step, held: true });
      heldBy.set(lane, (heldBy.get(lane) ?? new Set()).add(event.on));
    } else if (event.type === "release") {
      if (owners.get(event.on)?.lane === lane) owners.set(event.on, { lane, step, held: false });
      heldBy.get(lane)?.delete(event.on);
    } else if (event.type === "exit") {
      const held = [...(heldBy.get(lane) ?? [])];
      heldBy.delete(lane);
      const because = held.map((lock) => owners.get(lock)?.step ?? 0);
      const died = event.signal !== null || (event.code ?? 0) !== 0;
      if (died) yield { step, kind: "death", because, clarity: Math.min(1, held.length) };
      for (const lock of held) owners.set(lock, { lane, step, held: false });
    } else if (event.type === "adopted" || event.type === "zombie" || event.type === "refused") {
      yield { step, kind: event.type, because: [], clarity: 0 };
    }
    if (endsWait.has(event.type)) waiters.delete(lane);
  }
}

const endsWait: ReadonlySet<string> = new Set(["hold", "run", "release", "exit", "spawn"]);

/** Who has a lock since a step, or let go of it there. */
interface Owned {
  readonly lane: string;
  readonly step: number;
  readonly held: boolean;
}

interface Waiting {
  readonly lane: string;
  readonly lock: string;
  readonly step: number;
}

type Owners = ReadonlyMap<string, Owned>;
type Waiters = ReadonlyMap<string, Waiting>;

/** A wait that begins, or the one that closes a circle. */
function waitMoment(last: Waiting, owners: Owners, waiters: Waiters): Moment {
  const { step } = last;
  const others = circleOf(last, owners, waiters).slice(1);
  if (others.length > 0) return { step, kind: "circle", because: others.map((other) => other.step), clarity: 0 };
  const owner = owners.get(last.lock);
  return { step, kind: "wait", because: owner?.held ? [owner.step] : [], clarity: 0 };
}

/** Who waits for whom from `last` on, if that comes back to it; else nothing. */
function circleOf(last: Waiting, owners: Owners, waiters: Waiters): Waiting[] {
  const chain = new Set<Waiting>();
  for (let next: Waiting | undefined = last; next !== undefined && !chain.has(next); ) {
    chain.add(next);
    const owner = owners.get(next.lock);
    next = owner?.held ? waiters.get(owner.lane) : undefined;
    if (next === last) return [...chain];
  }
  return [];
}
