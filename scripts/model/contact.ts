/**
 * When a worker may give up another: time in ticks that the database and the workers count alike, everything happens at a tick.
 * One worker is looked after (its lease, when it has renewed), the other one looks after it. The database may be away: nothing is
 * carried out then, its clock goes on, and requests that were sent before may be carried out when it is back, and whenever later.
 *
 * The rule: the database keeps in a worker's own row since when it has renewed without a gap of half its lease; a renewal that
 * comes after such a gap, however late itself, begins that anew. In a renewal a worker gives up others whose lease is over,
 * if it has renewed so for longer than their lease; if theirs is shorter than its own, it has to be over for as long as its own.
 * Renewals of the one who looks may be carried out at any moment.
 *
 * Assumed of the one that is looked after, as long as it lives: while the database is there, it renews within a third of its lease.
 * When the database comes back, it has renewed within a sixth of its lease; if it was away for half of the lease or more, in less
 * than one lease. And the database is not away again before.
 */
import type { Next, Protocol } from "./explore.ts";

export type ContactMutant =
  | "server-start"
  | "told-by-client"
  | "late-request"
  | "no-gaps"
  | "own-lease"
  | "shorter-at-once"
  | "no-contact";

export interface ContactSetup {
  /** How long the leases are: of the one who looks, and of the one who is looked after. A multiple of 6. */
  readonly mine: number;
  readonly theirs: number;
  readonly mutant?: ContactMutant | undefined;
}

interface State {
  readonly lives: boolean;
  readonly lost: boolean;
  /** Ticks since its last renewal. */
  readonly renewed: number;
  /** Ticks within which it will renew, if the database is there; whether it has since the database was away. */
  readonly due: number;
  readonly back: boolean;
  /** Ticks since the last renewal of the other one, and since the first of those without a gap. */
  readonly seen: number;
  readonly since: number;
  /** Whether the database is away, for how many ticks; how many ago it started. */
  readonly away: boolean;
  readonly gone: number;
  readonly started: number;
  /**
   * Only mutants: its renewal under way, for how many ticks; the contact it knows of; whether it
   * has asked to give up the other one.
   */
  readonly asked: number;
  readonly contact: number;
  readonly asks: number;
}
const NO = -1;

function* after(state: State, { mine, theirs, mutant }: ContactSetup): Generator<Next<State>> {
  const { lives, lost, renewed, due, seen, since, away, gone, started, asked, asks } = state;
  // What the clients that count for themselves wait for an answer: in the one, so short that they see every outage.
  const deadline = mutant === "late-request" ? mine / 12 : mine / 4;
  const told = mutant === "told-by-client" || mutant === "late-request";
  const set = (changed: Partial<State>): State => ({ ...state, ...changed });
  const most = 2 * Math.max(mine, theirs) + 1;
  if (lives && !lost) yield ["the other one is killed", set({ lives: false }), false];
  if (away) {
    const long = gone >= theirs / 2;
    yield [
      `the database is back, after ${gone}`,
      set({ away: false, gone: 0, due: long ? theirs - 1 : theirs / 6, back: false }),
      false,
    ];
  } else {
    if (state.back && lives) yield ["the database is away", set({ away: true, gone: 0, started: 0 }), true];
    if (lives && !lost) yield ["the other one renews", set({ renewed: 0, due: theirs / 3, back: true }), false];
    if (told) {
      const counted = mutant === "told-by-client" ? asked : 0;
      const contact = asked > deadline ? NO : Math.max(state.contact, counted);
      if (asked !== NO) yield ["my renewal is carried out", set({ asked: NO, contact }), false];
      if (asks !== NO && renewed > theirs)
        yield ["my request to give up the other one is carried out", set({ asks: NO, lost: true }), false];
    } else {
      const gap = seen >= mine / 2;
      const now = gap && mutant !== "no-gaps" ? 0 : since;
      const contact = mutant === "server-start" ? started : mutant === "no-contact" ? most : now;
      const least = mutant === "own-lease" ? mine : theirs;
      const late = theirs < mine && mutant !== "shorter-at-once" ? theirs + mine : theirs;
      const gives = renewed > late && contact > least;
      const next = set({ seen: 0, since: now, lost: gives || lost });
      yield [gives ? "I renew, and give up the other one" : "I renew", next, false];
    }
  }
  if (told) {
    if (asked === NO && seen >= mine / 3) yield ["I send a renewal", set({ asked: 0, seen: 0 }), false];
    if (state.contact > theirs && asks === NO) yield ["I ask to give up the other one", set({ asks: 0 }), false];
    if (asked > deadline) yield ["my renewal was not answered in time", set({ asked: NO, contact: NO }), false];
  }
  const waits = lives && !lost && !away && due === 0;
  // What a client does in time: it renews, and gives up waiting for an answer; in the one mutant nothing of it comes late.
  const asksNow =
    told && ((asked === NO && seen >= mine / 3) || asked > deadline || (mutant === "told-by-client" && asks !== NO));
  if (!waits && !asksNow) {
    const up = (ticks: number, enough = most) => (ticks === NO ? NO : Math.min(enough, ticks + 1));
    yield [
      "a tick",
      set({
        renewed: up(renewed, (theirs < mine ? theirs + mine : theirs) + 1),
        due: away || !lives ? due : Math.max(0, due - 1),
        seen: up(seen, mine / 2),
        since: told ? 0 : up(since, Math.max(mine, theirs) + 1),
        gone: away ? up(gone, theirs / 2) : 0,
        started: mutant === "server-start" ? up(started) : 0,
        asked: up(asked),
        contact: up(state.contact),
      }),
      false,
    ];
  }
}

export function contact(setup: ContactSetup): Protocol<State> {
  return {
    start: () => ({
      lives: true,
      lost: false,
      renewed: 0,
      due: setup.theirs / 3,
      back: true,
      seen: 0,
      since: 0,
      away: false,
      gone: 0,
      started: 0,
      asked: NO,
      contact: NO,
      asks: NO,
    }),
    successors: (state) => [...after(state, setup)],
    flawIn: ({ lives, lost }) => (lives && lost ? "somebody who is well is given up" : undefined),
    isOver: ({ lost }) => lost,
    stuck: "somebody who is gone is never given up",
    keyOf: (state) => Object.values(state).join(),
  };
}
