/**
 * What in a record is worth stopping at: an update that gets lost, a write that came too late and was rejected, a lease that two
 * have, a circle of waiting that closes, a process that was refused, a zombie, a death, an adoption, a lock that goes from hand
 * to hand, a wait that begins. All of it is read from the events; a demo says nothing about it.
 */
import { type EventOf, hasFailed, type LaneEvent } from "../../recording/event.ts";
import { Fold } from "../../recording/fold.ts";
import { type Moment, momentKinds } from "../../recording/moment.ts";
import { type Access, accessesOf, clarityOf, lostUpdates } from "./lost-update.ts";

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
  const rank = ({ kind, clarity }: Moment) => momentKinds.indexOf(kind) - clarity / 10;
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
      yield { step, kind: "lost", because, clarity: clarityOf(lost), updates: lost.updates };
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
  const fold = new Fold(false);
  const leases = new Leases();
  /** Of each lock, who took it last or let go of it, and where. */
  const since = new Map<string, { readonly lane: string; readonly step: number }>();
  const waiters = new Map<string, Waiting>();
  const table: Table = {
    owner: (lock) => (fold.locks.get(lock) ? since.get(lock) : undefined),
    waiter: (lane) => waiters.get(lane),
  };
  for (const [step, event] of events.entries()) {
    const { lane } = event;
    const { taken, takenFrom, freed } = fold.add(event);
    if (event.type === "wait" && locks.has(event.on)) {
      const waiting = { lane, lock: event.on, step };
      waiters.set(lane, waiting);
      yield waitMoment(waiting, table);
      continue;
    }
    if (event.type === "hold" && event.fence !== undefined) leases.add(lane, event.fence, step);
    if (taken !== undefined) {
      const waiting = waiters.get(lane);
      const before = since.get(taken);
      if (takenFrom !== undefined) {
        yield { step, kind: "overlap", because: before === undefined ? [] : [before.step], clarity: 0 };
      } else if (waiting?.lock === taken) {
        const from = before === undefined || before.lane === lane ? [] : [before.step];
        yield { step, kind: "handover", because: [waiting.step, ...from], clarity: 0 };
      }
    } else if (event.type === "exit") {
      const because = freed.map((lock) => since.get(lock)?.step ?? 0);
      if (hasFailed(event)) yield { step, kind: "death", because, clarity: Math.min(1, freed.length) };
    } else if (event.type === "rejected") {
      yield { step, kind: "rejected", because: leases.of(event), clarity: 0 };
    } else if (event.type === "adopted" || event.type === "zombie" || event.type === "refused") {
      yield { step, kind: event.type, because: [], clarity: 0 };
    }
    for (const lock of taken === undefined ? freed : [taken]) since.set(lock, { lane, step });
    if (endsWait.has(event.type)) waiters.delete(lane);
  }
}

const endsWait: ReadonlySet<string> = new Set(["hold", "run", "release", "exit", "spawn"]);

/** Where a lease was got, by its numbers. */
class Leases {
  readonly #own = new Map<string, number>();
  readonly #last = new Map<number, number>();

  add(lane: string, fence: number, step: number): void {
    this.#own.set(`${fence} ${lane}`, step);
    this.#last.set(fence, step);
  }

  /** Of a write that was rejected: where its process got the lease, and where the one did whose number is newer. */
  of({ lane, fence, newest }: EventOf<"rejected">): number[] {
    return [this.#own.get(`${fence} ${lane}`), this.#last.get(newest)].filter((step) => step !== undefined);
  }
}

interface Waiting {
  readonly lane: string;
  readonly lock: string;
  readonly step: number;
}

/** Who has what, and who waits for what, at a step. */
interface Table {
  /** Who has a lock, and where it was taken; undefined if nobody has it. */
  owner(lock: string): { readonly lane: string; readonly step: number } | undefined;
  /** What a lane waits for; undefined if for nothing. */
  waiter(lane: string): Waiting | undefined;
}

/** A wait that begins, or the one that closes a circle. */
function waitMoment(last: Waiting, table: Table): Moment {
  const { step } = last;
  const others = circleOf(last, table).slice(1);
  if (others.length > 0) return { step, kind: "circle", because: others.map((other) => other.step), clarity: 0 };
  const owner = table.owner(last.lock);
  return { step, kind: "wait", because: owner === undefined ? [] : [owner.step], clarity: 0 };
}

/** Who waits for whom from `last` on, if that comes back to it; else nothing. */
function circleOf(last: Waiting, table: Table): Waiting[] {
  const chain = new Set<Waiting>();
  for (let next: Waiting | undefined = last; next !== undefined && !chain.has(next); ) {
    chain.add(next);
    const owner = table.owner(next.lock);
    next = owner === undefined ? undefined : table.waiter(owner.lane);
    if (next === last) return [...chain];
  }
  return [];
}
