#!/usr/bin/env bun
/**
 * Checks the protocol of src/memory/queue/ and src/memory/hub/queues.ts exhaustively: every interleaving of a few processes that
 * put, take and close, and of the hub; each load, store and exchange of a word that others use a step of its own, an item written
 * in two steps, each message sent, read and answered a step of its own, each process killed at any step (what it had not written to
 * its socket yet is lost with it), and in the bounded world every wait given up at any moment. Segments have room for one item, so each of them is left,
 * followed and removed, or used again. The locks of the two sides are those of word.ts: here one step each.
 *
 *   whole        what is taken is what was put, in that order, each item once; only a killed process's last one can be missing
 *   there        no process reads a segment that is removed or not made yet
 *   closed       nothing is put once the queue is closed
 *   never stuck  from every state that can be reached, without a further death and nobody giving up, everybody alive is done, or
 *                waits for what nobody will bring
 *
 * And it checks itself: mutants of the protocol, each with one of its steps in another place, must be found out.
 *
 * Longer than most files: it is one protocol, and each step is read against all the others.
 */
import { parseArgs } from "node:util";
import { check, type Next, type Protocol } from "./explore.ts";

const usage = `Usage: scripts/model/ring.ts [--quick] [--putters N --getters N [--crashes N] [--turns N] [--world NAME] [--mutant NAME]]

Without options: the protocol in every world (must be safe), then the mutants (must not).
  --putters N, --getters N
  --crashes N    how many processes may be killed (default 1)
  --turns N      how many items the first who puts has (default 1); the others have one
  --world NAME   grows: any number of items, the first who puts closes it when it is done (default)
                 bounded: one item at most, nobody closes; who takes takes one
  --mutant NAME  count-first: the count says that an item is there before it is
                 blind-put: the count is stored, and not exchanged if it is what it was
                 take-last: an item is taken (its count stored) before it is copied
                 no-recheck: the hub says that somebody waits, and does not look again
                 look-first: the hub looks, and then says that somebody waits
                 flag-first: whoever puts looks whether somebody waits, then puts
                 left-early: a segment is left though what is to be taken next is in it
                 name-first: the word names a segment before it is there
                 no-rescan: when a process has ended, the hub looks at no queue
                 waits-of-the-dead: a dead process's waits stay in line
  --quick        small worlds, for the tests
`;

/** Each with the world it must be found out in. */
const mutants = {
  "count-first": "grows",
  "blind-put": "grows",
  "take-last": "bounded",
  "no-recheck": "bounded",
  "look-first": "bounded",
  "flag-first": "bounded",
  "left-early": "grows",
  "name-first": "grows",
  "no-rescan": "bounded",
  "waits-of-the-dead": "bounded",
} as const;
type Mutant = keyof typeof mutants;
type World = "grows" | "bounded";
interface Setup {
  readonly putters: number;
  readonly getters: number;
  readonly crashes: number;
  readonly turns: number;
  readonly world: World;
  readonly mutant?: Mutant | undefined;
}

/** In the count of those who put: closed. */
const CLOSED = 64;
const HALF = -1;
const countOf = (puts: number) => puts & (CLOSED - 1);

type Step =
  | "enter"
  | "room"
  | "make"
  | "name"
  | "write"
  | "write-rest"
  | "flag-first"
  | "commit"
  | "leave"
  | "close"
  | "close-flag"
  | "follow"
  | "advance"
  | "remove"
  | "copy"
  | "take"
  | "waiting"
  | "cancelling"
  | "done"
  | "dead";
interface Task {
  readonly puts: boolean;
  at: Step;
  turns: number;
  /** The count of its side as it has seen it, and the item it has copied. */
  seen: number;
  item: number;
}
interface Segment {
  /** Whether its file is there. */
  there: boolean;
  first: number;
  slot: number;
}
/** `w`aits, `c`ancels, `q`ueue changed, the connection `e`nds. */
type Message = "w" | "c" | "q" | "e";
interface State {
  puts: number;
  gets: number;
  /** Numbers of segments, from 1; 0: none yet. */
  putSegment: number;
  getSegment: number;
  segments: Segment[];
  /** Who works on each side; -1: nobody. */
  putSide: number;
  getSide: number;
  getWaiting: number;
  putWaiting: number;
  /** What was put, and who has taken it. */
  items: number[];
  taken: number[];
  tasks: Task[];
  out: Message[][];
  wire: Message[][];
  answers: string[];
  getters: number[];
  putters: number[];
  /** What the hub still has to do; the first is what it is at: a line, and where in it. */
  hub: string[];
  crashes: number;
  wrong: string;
}
type Change = (state: State, task: Task) => void;
type Add = (what: string, change: (state: State) => void, byFault?: boolean) => void;

const over: ReadonlySet<Step> = new Set(["done", "dead"]);
const clone = (state: State): State => ({
  ...state,
  segments: state.segments.map((segment) => ({ ...segment })),
  items: [...state.items],
  taken: [...state.taken],
  tasks: state.tasks.map((task) => ({ ...task })),
  out: state.out.map((list) => [...list]),
  wire: state.wire.map((list) => [...list]),
  answers: [...state.answers],
  getters: [...state.getters],
  putters: [...state.putters],
  hub: [...state.hub],
});

class Model implements Protocol<State> {
  readonly stuck = "somebody waits for ever";
  constructor(readonly setup: Setup) {}

  start(): State {
    const { putters, getters, turns, crashes } = this.setup;
    const task = (puts: boolean, t: number): Task => ({
      puts,
      at: "enter",
      turns: puts && t === 0 ? turns : 1,
      seen: 0,
      item: 0,
    });
    const tasks = Array.from({ length: putters + getters }, (_, t) => task(t < putters, t));
    return {
      puts: 0,
      gets: 0,
      putSegment: 0,
      getSegment: 0,
      segments: [{ there: false, first: 0, slot: 0 }],
      putSide: -1,
      getSide: -1,
      getWaiting: 0,
      putWaiting: 0,
      items: [],
      taken: [],
      tasks,
      out: tasks.map(() => []),
      wire: tasks.map(() => []),
      answers: tasks.map(() => ""),
      getters: [],
      putters: [],
      hub: [],
      crashes,
      wrong: "",
    };
  }

  successors(state: State): Next<State>[] {
    const next: Next<State>[] = [];
    const add: Add = (what, change, byFault = false) => {
      const copy = clone(state);
      change(copy);
      next.push([what, copy, byFault]);
    };
    for (const [t, task] of state.tasks.entries()) {
      if (task.puts) this.#putter(state, task, t, add);
      else this.#getter(state, task, t, add);
      this.#waiter(state, task, t, add);
      if (state.out[t]!.length > 0)
        add(`${t} writes`, (s) => {
          s.wire[t]!.push(...s.out[t]!);
          s.out[t] = [];
        });
      if (state.crashes === 0 || over.has(task.at)) continue;
      const kill = (s: State) => {
        s.tasks[t] = { ...s.tasks[t]!, at: "dead", turns: 0, seen: 0, item: 0 };
        s.out[t] = [];
        s.answers[t] = "";
        s.wire[t]!.push("e");
        s.crashes--;
      };
      add(`${t} is killed`, kill, true);
    }
    this.#hub(state, add);
    return next;
  }

  #go(add: Add, t: number, task: Task) {
    return (at: Step, change?: Change, byFault = false) =>
      add(
        `${t} (${task.puts ? "puts" : "takes"}): ${task.at} → ${at}`,
        (s) => {
          const mine = s.tasks[t]!;
          mine.at = at;
          change?.(s, mine);
        },
        byFault,
      );
  }

  /** The next turn, or what comes after the last one. */
  #finish(_: State, mine: Task, turns = mine.turns): void {
    mine.turns = turns - 1;
    mine.seen = 0;
    mine.item = 0;
    mine.at = mine.turns > 0 ? "enter" : "done";
  }

  #putter(state: State, task: Task, t: number, add: Add): void {
    const { mutant, world } = this.setup;
    const go = this.#go(add, t, task);
    const value = t * 10 + task.turns;
    const first: Step = mutant === "count-first" ? "commit" : "write";
    switch (task.at) {
      case "enter":
        if (state.putSide !== -1) break;
        if (state.puts & CLOSED) go("done", (s, mine) => this.#finish(s, mine, 1));
        else
          go("room", (s, mine) => {
            s.putSide = t;
            mine.seen = s.puts;
          });
        break;
      case "room": {
        const { gets, putSegment } = state;
        const left = task.seen - Math.max(gets, state.segments[putSegment]!.first);
        if (world === "bounded" && task.seen - gets >= 1) go("waiting", (s) => this.#waits(s, t));
        else if (putSegment > 0 && left === 0) go(first);
        else go(mutant === "name-first" ? "name" : "make");
        break;
      }
      case "make":
        go(mutant === "name-first" ? first : "name", (s) => {
          const at = mutant === "name-first" ? s.putSegment : s.putSegment + 1;
          s.segments[at] = { there: true, first: task.seen, slot: 0 };
        });
        break;
      case "name":
        go(mutant === "name-first" ? "make" : first, (s) => {
          s.putSegment++;
          s.segments[s.putSegment] ??= { there: false, first: task.seen, slot: 0 };
        });
        break;
      case "write":
        go("write-rest", (s) => (s.segments[s.putSegment]!.slot = HALF));
        break;
      case "write-rest":
        go(mutant === "count-first" ? "leave" : mutant === "flag-first" ? "flag-first" : "commit", (s) => {
          s.segments[s.putSegment]!.slot = value;
        });
        break;
      case "flag-first":
        go("commit", (_, mine) => (mine.item = state.getWaiting));
        break;
      case "commit":
        if (state.puts === task.seen || mutant === "blind-put")
          go(mutant === "count-first" ? "write" : "leave", (s) => {
            if (s.puts & CLOSED) s.wrong = "something is put into a closed queue";
            s.puts = task.seen + 1;
            s.items.push(value);
          });
        else
          go("done", (s, mine) => {
            s.putSide = -1;
            this.#finish(s, mine, 1);
          });
        break;
      case "leave": {
        const waits = mutant === "flag-first" ? task.item : state.getWaiting;
        go("close", (s, mine) => {
          s.putSide = -1;
          if (waits !== 0) s.out[t]!.push("q");
          if (world === "bounded" || t > 0 || task.turns > 1) this.#finish(s, mine);
        });
        break;
      }
      case "close":
        go("close-flag", (s) => (s.puts |= CLOSED));
        break;
      case "close-flag":
        go("done", (s, mine) => {
          if (s.getWaiting !== 0 || s.putWaiting !== 0) s.out[t]!.push("q");
          this.#finish(s, mine);
        });
        break;
    }
  }

  /** Leaves its side, and asks the hub. */
  #waits(s: State, t: number): void {
    if (s.putSide === t) s.putSide = -1;
    if (s.getSide === t) s.getSide = -1;
    s.tasks[t]!.seen = 0;
    s.out[t]!.push("w");
  }

  #getter(state: State, task: Task, t: number, add: Add): void {
    const { mutant } = this.setup;
    const go = this.#go(add, t, task);
    const segment = state.segments[state.getSegment]!;
    const [first, second]: Step[] = mutant === "take-last" ? ["take", "copy"] : ["copy", "take"];
    switch (task.at) {
      case "enter":
        if (state.getSide !== -1) break;
        if (countOf(state.puts) > state.gets)
          go("follow", (s, mine) => {
            s.getSide = t;
            mine.seen = s.gets;
          });
        else if (state.puts & CLOSED) go("done", (s, mine) => this.#finish(s, mine, 1));
        else go("waiting", (s) => this.#waits(s, t));
        break;
      case "follow": {
        const next = state.segments[state.getSegment + 1];
        if (state.getSegment >= state.putSegment) go(first!);
        else if (!next?.there) go("done", (s) => (s.wrong = "a segment is not there"));
        else if (next.first > task.seen && mutant !== "left-early") go(first!);
        else go("advance");
        break;
      }
      case "advance":
        go("remove", (s) => s.getSegment++);
        break;
      case "remove":
        go("follow", (s) => {
          // The one before too: whoever was to remove that may have been killed.
          for (const left of [s.getSegment - 2, s.getSegment - 1]) if (left > 0) s.segments[left]!.there = false;
        });
        break;
      case "copy":
        go(mutant === "take-last" ? "leave" : second!, (s, mine) => {
          if (!segment.there) s.wrong = "a segment is not there";
          mine.item = segment.slot;
          if (mutant === "take-last") this.#took(s, mine, task.seen);
        });
        break;
      case "take":
        go(mutant === "take-last" ? second! : "leave", (s, mine) => {
          s.gets = task.seen + 1;
          if (mutant !== "take-last") this.#took(s, mine, task.seen);
        });
        break;
      case "leave":
        go("done", (s, mine) => {
          s.getSide = -1;
          if (s.putWaiting !== 0) s.out[t]!.push("q");
          // In the world that is closed one takes until then.
          if (this.setup.world === "grows") mine.turns++;
          this.#finish(s, mine);
        });
        break;
    }
  }

  #took(s: State, mine: Task, count: number): void {
    if (mine.item !== s.items[count]) s.wrong = "what is taken is not what was put";
    if (s.taken.includes(count)) s.wrong = "an item is taken twice";
    s.taken.push(count);
    mine.item = 0;
  }

  /** Waiting at the hub, for an item or for room. */
  #waiter(state: State, task: Task, t: number, add: Add): void {
    const go = this.#go(add, t, task);
    if (task.at !== "waiting" && task.at !== "cancelling") return;
    const answer = state.answers[t]!;
    if (answer === "granted") go("enter", (s) => (s.answers[t] = ""));
    else if (answer === "cancelled")
      go("done", (s, mine) => {
        s.answers[t] = "";
        this.#finish(s, mine, 1);
      });
    else if (task.at === "waiting" && this.setup.world === "bounded")
      go("cancelling", (s) => s.out[t]!.push("c"), true);
  }

  #hub(state: State, add: Add): void {
    const { mutant, world } = this.setup;
    const [job] = state.hub;
    if (job === undefined) {
      for (const [t, messages] of state.wire.entries()) {
        const [message] = messages;
        if (message === undefined) continue;
        add(`the hub reads ${message} of ${t}`, (s) => {
          s.wire[t]!.shift();
          this.#read(s, t, message);
        });
      }
      return;
    }
    const [line, at] = job.split(" ") as ["getters" | "putters", string];
    const flag = line === "getters" ? "getWaiting" : "putWaiting";
    const to = (next: string | null, change?: (s: State) => void) =>
      add(`the hub, ${job}`, (s) => {
        if (next === null) s.hub.shift();
        else s.hub[0] = `${line} ${next}`;
        change?.(s);
      });
    if (at === "mark") {
      if (state[line].length === 0) to(null);
      else to(mutant === "no-recheck" || mutant === "look-first" ? "end" : "wake", (s) => (s[flag] = 1));
    } else if (at === "wake") {
      const items = countOf(state.puts) - state.gets;
      const served =
        state.puts & CLOSED ? 9 : line === "getters" ? items : world === "grows" ? 9 : Math.max(0, 1 - items);
      to(mutant === "look-first" ? "mark" : "end", (s) => {
        for (const t of s[line].splice(0, served)) s.answers[t] = "granted";
      });
    } else if (at === "end") {
      if (state[line].length > 0) to(null);
      else to(null, (s) => (s[flag] = 0));
    }
  }

  #read(s: State, t: number, message: Message): void {
    const { mutant } = this.setup;
    const line = s.tasks[t]!.puts ? "putters" : "getters";
    const begin = mutant === "look-first" ? "wake" : "mark";
    if (message === "w") {
      s[line].push(t);
      s.hub = [`${line} ${begin}`];
    } else if (message === "c") {
      if (!s[line].includes(t)) return; // it was granted: the answer is on its way
      s[line] = s[line].filter((other) => other !== t);
      s.answers[t] = "cancelled";
      if (s[line].length === 0) s[line === "getters" ? "getWaiting" : "putWaiting"] = 0;
    } else if (message === "q") {
      // In the mutant no-recheck a wait only says that it waits.
      const look = mutant === "no-recheck" ? "wake" : begin;
      s.hub = [`getters ${look}`, `putters ${look}`];
    } else {
      if (mutant !== "waits-of-the-dead") s[line] = s[line].filter((other) => other !== t);
      if (s.putSide === t) s.putSide = -1;
      if (s.getSide === t) s.getSide = -1;
      if (mutant === "no-rescan") return;
      const look = mutant === "no-recheck" ? "wake" : begin;
      s.hub = [`getters ${look}`, `putters ${look}`];
    }
  }

  flawIn(state: State): string | undefined {
    if (state.wrong !== "") return state.wrong;
    if (state.gets > countOf(state.puts)) return "more was taken than was put";
    return undefined;
  }

  /** Everybody alive is done, or waits for what nobody will bring. */
  isOver(state: State): boolean {
    const alive = state.tasks.filter(({ at }) => !over.has(at));
    if (alive.length === 0) return true;
    if (state.hub.length > 0 || state.wire.some((list) => list.length > 0) || state.puts & CLOSED) return false;
    if (alive.some(({ at }) => at !== "waiting")) return false;
    if (state.tasks.some(({ at }, t) => !over.has(at) && state.answers[t] !== "")) return false;
    if (state.out.some((list) => list.length > 0)) return false;
    const items = countOf(state.puts) - state.gets;
    const getters = alive.some(({ puts }) => !puts);
    const putters = alive.some(({ puts }) => puts);
    return !(getters && items > 0) && !(putters && items === 0) && !(getters && putters);
  }

  keyOf(s: State): string {
    const tasks = s.tasks.map(({ at, turns, seen, item }) => `${at}${turns}.${seen}.${item}`);
    const segments = s.segments.map(({ there, first, slot }) => `${there ? 1 : 0}.${first}.${slot}`);
    const lists = [s.out, s.wire].map((all) => all.map((list) => list.join("")).join());
    const words = [s.puts, s.gets, s.putSegment, s.getSegment, s.putSide, s.getSide, s.getWaiting, s.putWaiting];
    return [
      words,
      segments,
      s.items,
      s.taken,
      tasks,
      lists,
      s.answers,
      s.getters,
      s.putters,
      s.hub,
      s.crashes,
      s.wrong,
    ].join("|");
  }
}

/** @returns whether it is as it should be. */
function isAsItShouldBe(setup: Setup): boolean {
  const { putters, getters, crashes, turns, world, mutant } = setup;
  const name = `${mutant ?? "the protocol"} (${world}), ${putters} put, ${getters} take, ${crashes} crashes, ${turns} turn${turns > 1 ? "s" : ""}`;
  return check(name, new Model(setup), mutant !== undefined);
}

const { values } = parseArgs({
  options: {
    putters: { type: "string" },
    getters: { type: "string", default: "1" },
    crashes: { type: "string", default: "1" },
    turns: { type: "string", default: "1" },
    world: { type: "string", default: "grows" },
    mutant: { type: "string" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const names = Object.keys(mutants) as Mutant[];
const safe: Setup[] = [
  { putters: 1, getters: 1, crashes: 1, turns: 2, world: "grows" },
  { putters: 1, getters: 1, crashes: 1, turns: 2, world: "bounded" },
];
const large: Setup[] = [
  { putters: 2, getters: 1, crashes: 1, turns: 1, world: "grows" },
  { putters: 1, getters: 2, crashes: 1, turns: 2, world: "grows" },
  { putters: 2, getters: 1, crashes: 1, turns: 1, world: "bounded" },
  { putters: 1, getters: 2, crashes: 1, turns: 1, world: "bounded" },
];
/** What a mutant needs to do harm, but for one who puts, one who takes and one item. */
const needs: Partial<Record<Mutant, Partial<Setup>>> = {
  "blind-put": { putters: 2 },
  "take-last": { turns: 2, crashes: 0 },
  "left-early": { turns: 2 },
  "waits-of-the-dead": { getters: 2 },
  "name-first": { turns: 2 },
};
const broken = names.map((mutant): Setup => {
  const least = { putters: 1, getters: 1, crashes: 1, turns: 1 };
  return { ...least, world: mutants[mutant], ...needs[mutant], mutant };
});
const one = (): Setup => ({
  putters: Number(values.putters),
  getters: Number(values.getters),
  crashes: Number(values.crashes),
  turns: Number(values.turns),
  world: values.world === "bounded" ? "bounded" : "grows",
  mutant: names.find((name) => name === values.mutant),
});
const setups = values.putters === undefined ? [...safe, ...(values.quick ? [] : large), ...broken] : [one()];
const results = setups.map(isAsItShouldBe);
if (results.includes(false)) process.exitCode = 1;
