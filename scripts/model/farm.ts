#!/usr/bin/env bun
/**
 * Checks the lock of src/farm/lock/ exhaustively: every interleaving of a few clients and the database, time in ticks that all clocks
 * count alike. A request may be carried out at any later moment, or never; an answer may come at any later moment, or never; a
 * client may ask again before either. A client may be killed with its guard (nothing is said any more) or without (the guard ends the
 * command and frees the lock), give up waiting, have its lock broken.
 *
 *   exclusion   at no time do two commands run, as long as no client is stopped
 *   numbers     no acquisition has the number of an earlier one, nor a smaller one; stopped clients or not
 *   goes on     from every state that can be reached everybody alive can get the lock and be done
 *
 * And it checks itself: mutants of the protocol, each without one of the steps that look superfluous, must be found out.
 *
 * The line is left out: whoever asks first gets it, which allows more. A restart of the database is a request that takes long.
 */
import { run } from "./command.ts";
import { check, type Protocol } from "./explore.ts";

const usage = `Usage: scripts/model/farm.ts [--clients N] [--world NAME] [--mutant NAME]

Without options: the protocol in every world (must be safe), then the mutants (must not).
  --clients N    who wants the lock (2 to 3)
  --world NAME   plain (default), breaks: somebody breaks the lock, stops: clients may be stopped and go on later
  --mutant NAME  no-margin: the command may live as long as the lease
                 counts-from-answer: the lease is counted from when its answer came
                 believes-late: an answer that took a lease is believed
                 frees-any: letting go does not ask whose lock it is
                 break-frees: a broken lock is free at once
                 forgets-number: a lock that comes free by itself keeps its number
`;

/** Each with the world it must be found out in. */
const mutants = {
  "no-margin": "plain",
  "counts-from-answer": "plain",
  "believes-late": "plain",
  "frees-any": "plain",
  "break-frees": "breaks",
  "forgets-number": "stops",
} as const;
type Mutant = keyof typeof mutants;
const worlds = ["plain", "breaks", "stops"] as const;
type World = (typeof worlds)[number];

/** Ticks. */
const LEASE = 2;
const MARGIN = 1;
/** Requests and answers of one client under way at once. */
const MOST_UNDER_WAY = 2;

interface Message {
  readonly kind: "try" | "renew" | "free" | "granted" | "renewed" | "refused";
  readonly from: number;
  /** Ticks since the request was sent. */
  readonly age: number;
  readonly fence: number;
}
interface Client {
  /** `in`: its command runs; `left`: it wants nothing any more. */
  readonly at: "out" | "waits" | "in" | "left";
  readonly stopped: boolean;
  /** Ticks until its command has to be gone. */
  readonly left: number;
  readonly fence: number;
}
interface State {
  readonly holder: number;
  /** Who held it when it was broken, and has not said that its command is gone. */
  readonly breaks: number;
  /** Ticks until the lease is over; 0: it is. */
  readonly lease: number;
  readonly fence: number;
  readonly broken: boolean;
  readonly clients: readonly Client[];
  readonly messages: readonly Message[];
  readonly flaw: string;
}

const NOBODY = -1;

function* after(state: State, world: World, mutant: Mutant | undefined): Generator<[what: string, next: State]> {
  const margin = mutant === "no-margin" ? 0 : MARGIN;
  const set = (changed: Partial<State>): State => ({ ...state, ...changed });
  const client = (n: number, changed: Partial<Client>) =>
    state.clients.map((one, at) => (at === n ? { ...one, ...changed } : one));
  const send = (kind: Message["kind"], from: number, fence = 0): readonly Message[] => [
    ...state.messages,
    { kind, from, age: 0, fence },
  ];
  const underWay = (n: number) => state.messages.filter(({ from }) => from === n).length;

  for (const [n, { at, stopped, left, fence }] of state.clients.entries()) {
    if (world === "stops" && at === "in")
      yield [stopped ? `${n} goes on` : `${n} is stopped`, set({ clients: client(n, { stopped: !stopped }) })];
    if (stopped) continue;
    const room = underWay(n) < MOST_UNDER_WAY;
    if (at === "out") yield [`${n} asks`, set({ clients: client(n, { at: "waits" }), messages: send("try", n) })];
    if (at === "waits" && room) yield [`${n} asks again`, set({ messages: send("try", n) })];
    if (at === "waits") yield [`${n} gives up`, set({ clients: client(n, { at: "left" }), messages: send("free", n) })];
    if (at !== "in") continue;
    if (room) yield [`${n} renews`, set({ messages: send("renew", n, fence) })];
    // By itself, by lanes or by its guard.
    yield [`the command of ${n} ends`, set({ clients: client(n, { at: "left", left: 0 }), messages: send("free", n) })];
    if (left > 0) yield [`${n} is gone without a word`, set({ clients: client(n, { at: "left", left: 0 }) })];
  }

  for (const [at, message] of state.messages.entries()) {
    const { kind, from, age } = message;
    const rest = state.messages.filter((_, other) => other !== at);
    const of = `${kind} of ${from}`;
    yield [`${of}: lost`, set({ messages: rest })];
    const answer = (answered: Message["kind"], fence: number) => [...rest, { kind: answered, from, age, fence }];
    const mine = state.holder === from;
    const me = state.clients[from] as Client;
    switch (kind) {
      case "try":
        if (mine) yield [`${of}: is his`, set({ lease: LEASE, messages: answer("granted", state.fence) })];
        else if (state.lease === 0) {
          const kept = mutant === "forgets-number" && state.holder !== NOBODY;
          const fence = kept ? state.fence : state.fence + 1;
          const flaw = kept ? "a number came twice" : "";
          const messages = answer("granted", fence);
          yield [`${of}: granted`, set({ holder: from, breaks: NOBODY, lease: LEASE, fence, flaw, messages })];
        }
        break;
      case "renew":
        if (mine && state.fence === message.fence)
          yield [`${of}: done`, set({ lease: LEASE, messages: answer("renewed", message.fence) })];
        else yield [`${of}: refused`, set({ messages: answer("refused", message.fence) })];
        break;
      case "free":
        if (mine || state.breaks === from || mutant === "frees-any")
          yield [`${of}: done`, set({ holder: NOBODY, breaks: NOBODY, lease: 0, messages: rest })];
        else yield [`${of}: not his`, set({ messages: rest })];
        break;
      default: {
        if (me.stopped) break;
        const left = (mutant === "counts-from-answer" ? LEASE : LEASE - age) - margin;
        if (kind === "granted" && me.at === "waits" && (left > 0 || mutant === "believes-late"))
          yield [
            `${of}: believed, its command starts`,
            set({
              clients: client(from, { at: "in", left: Math.max(0, left), fence: message.fence }),
              messages: rest,
            }),
          ];
        if (kind === "renewed" && me.at === "in" && left > me.left)
          yield [`${of}: believed`, set({ clients: client(from, { left }), messages: rest })];
        if (kind === "refused" && me.at === "in")
          yield [`${of}: ends its command`, set({ clients: client(from, { at: "left", left: 0 }), messages: rest })];
      }
    }
  }

  if (world === "breaks" && !state.broken && state.holder !== NOBODY) {
    const lease = mutant === "break-frees" ? 0 : state.lease;
    const fence = state.fence + 1;
    yield ["somebody breaks the lock", set({ holder: NOBODY, breaks: state.holder, lease, fence, broken: true })];
  }

  // Time goes on for all; but whoever is not stopped ends his command when it is time.
  if (state.clients.every(({ at, stopped, left }) => at !== "in" || stopped || left > 0)) {
    yield [
      "a tick",
      set({
        lease: Math.max(0, state.lease - 1),
        clients: state.clients.map((one) => ({ ...one, left: Math.max(0, one.left - 1) })),
        messages: state.messages.map((one) => ({ ...one, age: Math.min(LEASE, one.age + 1) })),
      }),
    ];
  }
}

/** Without what means nothing any more: answers nobody waits for, and how old the requests are of whom no answer interests. */
function settled(state: State): State {
  const messages = state.messages.flatMap((message) => {
    const { at } = state.clients[message.from] as Client;
    const idle =
      (message.kind === "granted" && at !== "waits") || (/renewed|refused/.test(message.kind) && at !== "in");
    if (idle) return [];
    const interests = at === "waits" || at === "in";
    return [{ ...message, age: interests && message.kind !== "free" && message.kind !== "refused" ? message.age : 0 }];
  });
  return { ...state, messages };
}

/** Clients are alike, and so is the order of what is under way. Numbers count only beside each other. */
function keyOf(state: State): string {
  const rank = [
    ...new Set([state.fence, ...state.clients.map(({ fence }) => fence), ...state.messages.map(({ fence }) => fence)]),
  ].sort((a, b) => a - b);
  const of = (fence: number) => rank.indexOf(fence);
  const one = (n: number) => {
    const { at, stopped, left, fence } = state.clients[n] as Client;
    const own = state.messages
      .filter(({ from }) => from === n)
      .map(({ kind, age, fence }) => `${kind}${age}.${of(fence)}`);
    return `${at}${stopped ? "!" : ""}${left}.${of(fence)}${n === state.holder ? "H" : ""}${n === state.breaks ? "B" : ""}(${own.sort().join()})`;
  };
  return `${state.lease} ${of(state.fence)} ${state.broken} ${state.flaw} ${state.clients
    .map((_, n) => one(n))
    .sort()
    .join(" ")}`;
}

function flawIn({ clients, flaw }: State, world: World): string | undefined {
  if (flaw !== "") return flaw;
  const inside = clients.filter(({ at }) => at === "in");
  if (world !== "stops" && inside.length > 1) return "two commands run";
  if (new Set(inside.map(({ fence }) => fence)).size < inside.length) return "two have the same number";
  return undefined;
}

function protocolOf(clients: number, world: World, mutant: Mutant | undefined): Protocol<State> {
  return {
    start: () => ({
      holder: NOBODY,
      breaks: NOBODY,
      lease: 0,
      fence: 0,
      broken: false,
      clients: Array.from({ length: clients }, () => ({ at: "out", stopped: false, left: 0, fence: 0 })),
      messages: [],
      flaw: "",
    }),
    successors: (state) => [...after(state, world, mutant)].map(([what, next]) => [what, settled(next), false]),
    flawIn: (state) => flawIn(state, world),
    isOver: (state) => state.clients.every(({ at }) => at === "left"),
    stuck: "somebody can never be done",
    keyOf,
  };
}

process.exitCode = run({
  usage,
  worlds,
  mutants,
  count: { option: "clients", from: 2, to: 3 },
  check: (name, world, mutant, clients) =>
    check(
      name,
      protocolOf(mutant === "frees-any" ? 3 : clients /* it takes a third one */, world, mutant),
      mutant !== undefined,
    ),
});
