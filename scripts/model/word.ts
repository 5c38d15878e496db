#!/usr/bin/env bun
/**
 * Checks the protocol of src/memory/word.ts and src/memory/hub/ exhaustively: every interleaving of a few processes and the
 * hub, each load, store and compare-and-exchange of a word a step of its own, each message sent, read and answered a step of
 * its own, each process killed at any step (what it had not written to its socket yet is lost with it), every wait given up at
 * any moment.
 *
 *   exclusion    at no time do more hold the lock than it has permits (a Lock has one), and who holds it is named in its word
 *   never stuck  from every state that can be reached, without a further death and nobody giving up, everybody alive gets it
 *
 * And it checks itself: mutants of the protocol, each without one of the steps that look superfluous, must be found out. The
 * first two are bugs that a prototype really had, and met once in some fifteen runs.
 *
 * "The first has waited for long" is modelled as "at any time", which allows more.
 *
 * Longer than most files: it is one protocol, and each step is read against all the others.
 */
import { parseArgs } from "node:util";
import { check, type Next, type Protocol } from "./explore.ts";

const usage = `Usage: scripts/model/word.ts [--procs N --crashes N [--turns N] [--world NAME] [--mutant NAME]]

Without options: the protocol in every world (must be safe), then the mutants (must not).
  --procs N      tasks that want it (2 to 4)
  --crashes N    how many processes may be killed
  --turns N      how often the first of them takes it (default 1); the others do once
  --world NAME   lock: a Lock, every task a process of its own (default)
                 tasks: a Lock, two tasks a process
                 permits: a Semaphore with one permit less than tasks
                 signals: a Semaphore without permits: half of the tasks only release, the others only acquire
  --mutant NAME  no-rescan: when a process has ended, the hub looks only at words that name it, not at those that are freed
                 lost-race: a hand-over that a newcomer was faster than returns without having marked the word
                 queue-only: who asks is put in line, and the word is not looked at again
                 blind-release: the release stores 0 whatever the word says
                 message-first: the release tells the hub, then frees the word
                 deaf-cancel: who gives up does not wait for the hub's answer
                 waits-of-the-dead: a dead process's waits stay in line
                 mark-last: the hub looks for a permit, and then says that somebody waits
  --quick        small worlds, for the tests
`;

/** Each with the world it must be found out in. */
const mutants = {
  "no-rescan": "lock",
  "lost-race": "lock",
  "queue-only": "lock",
  "blind-release": "lock",
  "message-first": "lock",
  "deaf-cancel": "lock",
  "waits-of-the-dead": "lock",
  "mark-last": "permits",
} as const;
type Mutant = keyof typeof mutants;
const worlds = ["lock", "tasks", "permits", "signals"] as const;
type World = (typeof worlds)[number];
interface Setup {
  readonly procs: number;
  readonly crashes: number;
  readonly turns: number;
  readonly world: World;
  readonly mutant?: Mutant | undefined;
}

// As in word.ts, with small numbers: process p holds it; flags; free, the hub is told; free, and only the hub gives it away.
const MORE = 8;
const FAIR = 16;
const FREED = 32;
const KEPT = 33;
const ABSENT = 40;
const ownerOf = (word: number) => (word >= FREED ? 0 : word & 7);

/** What a task does next. From `inside` to `release-cas` it holds the lock (or a permit). */
type Step =
  | "try"
  | "try-freed"
  | "ask"
  | "waiting"
  | "cancelling"
  | "inside"
  | "release"
  | "release-load"
  | "release-cas"
  | "release-other"
  | "look-flag"
  | "tell"
  | "done"
  | "dead";
interface Task {
  at: Step;
  turns: number;
  /** The permit it tries, or holds; the word it has seen. */
  i: number;
  seen: number;
}
/** `w`ait, `c`ancel with the task, `f`reed; `e`nd of the connection with the process. */
type Message = `${"w" | "c"}${number}` | "f" | "e";
interface State {
  /** A Lock: one word. A Semaphore: a word a permit; and then `flag`. */
  words: number[];
  flag: number;
  tasks: Task[];
  /** A process: what it has not yet written, what the hub has not yet read, what it has not yet read itself. */
  out: Message[][];
  wire: Message[][];
  answers: string[][];
  /** The hub: who waits, and where it is in its work. */
  line: number[];
  hub: "idle" | "load" | "cas" | "mark" | "scan" | "unmark";
  hubSeen: number;
  hubAt: number;
  crashes: number;
}

const holding: ReadonlySet<Step> = new Set(["inside", "release", "release-load", "release-cas"]);
const over: ReadonlySet<Step> = new Set(["done", "dead"]);
const clone = (state: State): State => ({
  ...state,
  words: [...state.words],
  tasks: state.tasks.map((task) => ({ ...task })),
  out: state.out.map((list) => [...list]),
  wire: state.wire.map((list) => [...list]),
  answers: state.answers.map((list) => [...list]),
  line: [...state.line],
});

class Model implements Protocol<State> {
  readonly stuck = "somebody waits for ever";
  readonly isLock: boolean;
  constructor(readonly setup: Setup) {
    this.isLock = setup.world === "lock" || setup.world === "tasks";
  }

  /** The process of a task, from 1. */
  procOf(task: number): number {
    return this.setup.world === "tasks" ? (task >> 1) + 1 : task + 1;
  }

  /** In the world `signals`, those who only release. */
  isGiver(task: number): boolean {
    return this.setup.world === "signals" && task % 2 === 0;
  }

  start(): State {
    const { procs, turns, world, crashes } = this.setup;
    const processes = world === "tasks" ? (procs + 1) >> 1 : procs;
    const lists = () => Array.from({ length: processes + 1 }, () => []);
    return {
      words:
        world === "permits" ? Array(procs - 1).fill(0) : world === "signals" ? Array(procs * turns).fill(ABSENT) : [0],
      flag: 0,
      tasks: Array.from({ length: procs }, (_, t) => ({
        at: this.isGiver(t) ? "release-other" : "try",
        turns: t === 0 ? turns : 1,
        i: 0,
        seen: 0,
      })),
      out: lists(),
      wire: lists(),
      answers: lists(),
      line: [],
      hub: "idle",
      hubSeen: 0,
      hubAt: 0,
      crashes,
    };
  }

  /** Everything that can happen. */
  successors(state: State): Next<State>[] {
    const next: Next<State>[] = [];
    const add: Add = (what, change, byFault = false) => {
      const copy = clone(state);
      change(copy);
      next.push([what, copy, byFault]);
    };
    for (const [t, task] of state.tasks.entries()) this.#task(state, task, t, add);
    for (let p = 1; p < state.out.length; p++) {
      if ((state.out[p] ?? []).length > 0)
        add(`process ${p} writes`, (s) => {
          s.wire[p]?.push(...(s.out[p] ?? []));
          s.out[p] = [];
        });
      const alive = state.tasks.some((task, t) => this.procOf(t) === p && !over.has(task.at));
      if (state.crashes === 0 || !alive) continue;
      const kill = (s: State) => {
        for (const [t, task] of s.tasks.entries())
          if (this.procOf(t) === p && task.at !== "done") s.tasks[t] = { at: "dead", turns: 0, i: 0, seen: 0 };
        s.out[p] = [];
        s.answers[p] = [];
        s.wire[p]?.push("e");
        s.crashes--;
      };
      add(`process ${p} is killed`, kill, true);
    }
    this.#hub(state, add);
    return next;
  }

  #task(state: State, task: Task, t: number, add: Add): void {
    const { mutant } = this.setup;
    const p = this.procOf(t);
    const go = (at: Step, more?: (s: State, task: Task) => void, byFault = false) => {
      const change = (s: State) => {
        const mine = s.tasks[t]!;
        mine.at = at;
        more?.(s, mine);
      };
      add(`task ${t} (process ${p}): ${task.at} → ${at}`, change, byFault);
    };
    const finished = (_: State, mine: Task) => {
      mine.turns--;
      mine.i = 0;
      mine.seen = 0;
      mine.at = mine.turns > 0 ? (this.isGiver(t) ? "release-other" : "try") : "done";
    };
    const word = state.words[this.isLock ? 0 : task.i] ?? ABSENT;
    switch (task.at) {
      case "try":
        if (this.isLock) {
          if (word === 0) go("inside", (s) => (s.words[0] = p));
          else go("try-freed");
        } else if (state.flag === 2 || task.i >= state.words.length) go("ask", (_, mine) => (mine.i = 0));
        else if (word === 0) go("inside", (s) => (s.words[task.i] = p));
        else go("try", (_, mine) => mine.i++);
        break;
      case "try-freed":
        if (word === FREED) go("inside", (s) => (s.words[0] = p | MORE));
        else go("ask");
        break;
      case "ask":
        go("waiting", (s) => s.out[p]?.push(`w${t}`));
        break;
      case "waiting":
      case "cancelling": {
        const answer = state.answers[p]?.find((text) => text.startsWith(`${t}:`));
        const take = (s: State) => {
          s.answers[p] = (s.answers[p] ?? []).filter((text) => text !== answer);
        };
        if (answer?.includes("granted"))
          go("inside", (s, mine) => {
            take(s);
            mine.i = Number(answer.split(" ")[1]);
          });
        else if (answer !== undefined)
          go("try", (s) => {
            take(s);
          });
        else if (task.at === "waiting")
          go(mutant === "deaf-cancel" ? "done" : "cancelling", (s) => s.out[p]?.push(`c${t}`), true);
        break;
      }
      case "inside":
        if (this.setup.world === "signals") go("done", finished);
        else go("release");
        break;
      case "release":
        if (!this.isLock) go("look-flag", (s) => (s.words[task.i] = 0));
        else if (mutant === "message-first" && word !== p) go("release-load", (s) => s.out[p]?.push("f"));
        else if (word === p || mutant === "blind-release")
          go("done", (s, mine) => {
            s.words[0] = 0;
            finished(s, mine);
          });
        else go("release-load");
        break;
      case "release-load":
        go("release-cas", (_, mine) => (mine.seen = word));
        break;
      case "release-cas":
        if (word !== task.seen) go("release-load");
        else
          go(mutant === "message-first" ? "done" : "tell", (s, mine) => {
            s.words[0] = word & FAIR ? KEPT : FREED;
            if (mutant === "message-first") finished(s, mine);
          });
        break;
      case "release-other": {
        // Of a permit that nobody has: an absent one becomes a free one, a held one is let go for its holder.
        if (word === ABSENT || (word > 0 && word < FREED)) go("look-flag", (s) => (s.words[task.i] = 0));
        else if (task.i < state.words.length) go("release-other", (_, mine) => mine.i++);
        break;
      }
      case "look-flag":
        if (state.flag === 0) go("done", finished);
        else go("tell");
        break;
      case "tell":
        go("done", (s, mine) => {
          s.out[p]?.push("f");
          finished(s, mine);
        });
        break;
      case "done":
      case "dead":
        break;
    }
  }

  #hub(state: State, add: Add): void {
    const { mutant } = this.setup;
    const lock = state.words[0]!;
    if (state.hub === "idle") {
      for (let p = 1; p < state.wire.length; p++) {
        const message = state.wire[p]?.[0];
        if (message === undefined) continue;
        add(`the hub reads ${message} of process ${p}`, (s) => {
          s.wire[p]?.shift();
          this.#read(s, p, message);
        });
      }
      return;
    }
    const to = (what: string, hub: State["hub"], more?: (s: State) => void) =>
      add(`the hub: ${what}`, (s) => {
        s.hub = hub;
        s.hubAt = 0;
        more?.(s);
        if (s.hub === "idle") s.hubSeen = 0;
      });
    const first = state.line[0];
    switch (state.hub) {
      case "load":
        to("load", "cas", (s) => (s.hubSeen = lock));
        break;
      case "cas": {
        const seen = state.hubSeen;
        const isFree = seen === 0 || seen === FREED || seen === KEPT;
        if (first === undefined) {
          if (!isFree || seen === 0) to("nobody waits", "idle");
          else if (lock === seen) to("free for all", "idle", (s) => (s.words[0] = 0));
          else to("changed", "load");
        } else if (!isFree) {
          for (const fair of [0, FAIR])
            if ((seen | MORE | fair) === seen) to("is marked", "idle");
            else if (lock === seen) to("mark", "idle", (s) => (s.words[0] = seen | MORE | fair));
            else to("changed", "load");
        } else if (lock === seen)
          to("hand over", "idle", (s) => {
            s.line.shift();
            s.words[0] = this.procOf(first) | (s.line.length > 0 ? MORE : 0);
            s.answers[this.procOf(first)]?.push(`${first}:granted 0`);
          });
        else to("somebody was faster", mutant === "lost-race" ? "idle" : "load");
        break;
      }
      // A Semaphore: first say that somebody waits, then look for what is free.
      case "mark":
        for (const flag of [1, 2])
          to(`flag ${flag}`, mutant === "mark-last" ? "idle" : "scan", (s) => (s.flag = s.line.length > 0 ? flag : 0));
        break;
      case "scan": {
        const at = state.hubAt;
        if (first === undefined) to("nobody waits", "unmark");
        else if (at >= state.words.length) to("none is free", mutant === "mark-last" ? "mark" : "idle");
        else if (state.words[at] === 0)
          to("hand out", "scan", (s) => {
            s.line.shift();
            s.words[at] = this.procOf(first);
            s.answers[this.procOf(first)]?.push(`${first}:granted ${at}`);
          });
        else to("not this one", "scan", (s) => (s.hubAt = at + 1));
        break;
      }
      case "unmark":
        to("flag 0", "idle", (s) => (s.flag = 0));
        break;
    }
  }

  #read(s: State, p: number, message: Message): void {
    const { mutant } = this.setup;
    const task = Number(message.slice(1));
    const look = this.isLock ? "load" : mutant === "mark-last" ? "scan" : "mark";
    if (message[0] === "w") {
      s.line.push(task);
      s.hub = mutant === "queue-only" ? "idle" : look;
    } else if (message[0] === "c") {
      if (!s.line.includes(task)) return; // it was granted: the answer is on its way
      s.line = s.line.filter((other) => other !== task);
      s.answers[p]?.push(`${task}:cancelled`);
      if (!this.isLock) s.hub = look;
    } else if (message === "f") s.hub = look;
    else {
      if (mutant !== "waits-of-the-dead") s.line = s.line.filter((other) => this.procOf(other) !== p);
      s.hub = look;
      if (this.isLock) {
        if (ownerOf(s.words[0]!) === p) s.words[0] = FREED;
        else if (mutant === "no-rescan") s.hub = "idle";
      } else if (this.setup.world === "permits") s.words = s.words.map((word) => (word === p ? 0 : word));
    }
  }

  flawIn(state: State): string | undefined {
    const inside = state.tasks.flatMap((task, t) => (holding.has(task.at) ? [t] : []));
    if (this.setup.world === "signals") return undefined;
    if (inside.length > state.words.length) return "more hold it than there are permits";
    for (const t of inside) {
      const word = state.words[this.isLock ? 0 : state.tasks[t]!.i]!;
      if (ownerOf(word) !== this.procOf(t)) return "somebody holds it whom the word does not name";
    }
    return undefined;
  }

  /** Everybody who is alive is done. Where signals are given, as many as are given and not lost with a death. */
  isOver(state: State): boolean {
    if (this.setup.world !== "signals") return state.tasks.every(({ at }) => over.has(at));
    const givers = state.tasks.every(({ at }, t) => !this.isGiver(t) || over.has(at));
    const free = state.words.includes(0);
    const taken = state.tasks.every(({ at }, t) => this.isGiver(t) || over.has(at));
    return givers && (taken || !free);
  }

  keyOf({ words, flag, tasks, out, wire, answers, line, hub, hubSeen, hubAt, crashes }: State): string {
    const lists = [out, wire, answers].map((all) => all.map((list) => list.join(",")).join(";")).join("|");
    const each = tasks.map(({ at, turns, i, seen }) => `${at}${turns}.${i}.${seen}`).join(";");
    return `${words}|${flag}|${each}|${lists}|${line}|${hub}${hubSeen}.${hubAt}|${crashes}`;
  }
}
type Add = (what: string, change: (state: State) => void, byFault?: boolean) => void;

/** @returns whether it is as it should be. */
function isAsItShouldBe(setup: Setup): boolean {
  const { procs, crashes, turns, world, mutant } = setup;
  const name = `${mutant ?? "the protocol"} (${world}), ${procs} tasks, ${crashes} crashes, ${turns} turn${turns > 1 ? "s" : ""}`;
  return check(name, new Model(setup), mutant !== undefined);
}

const { values } = parseArgs({
  options: {
    procs: { type: "string" },
    crashes: { type: "string" },
    turns: { type: "string", default: "1" },
    world: { type: "string", default: "lock" },
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
  { procs: 2, crashes: 1, turns: 2, world: "lock" },
  { procs: 2, crashes: 1, turns: 1, world: "permits" },
  { procs: 2, crashes: 1, turns: 1, world: "signals" },
  { procs: 2, crashes: 1, turns: 2, world: "tasks" },
];
const large: Setup[] = [
  { procs: 3, crashes: 2, turns: 1, world: "lock" },
  { procs: 3, crashes: 1, turns: 1, world: "permits" },
  { procs: 3, crashes: 1, turns: 1, world: "tasks" },
  { procs: 3, crashes: 1, turns: 1, world: "signals" },
];
/** Those that need a second turn to do harm. */
const slow: ReadonlySet<Mutant> = new Set(["lost-race", "deaf-cancel", "waits-of-the-dead", "mark-last"]);
const broken = names.map(
  (mutant): Setup => ({ procs: 2, crashes: 1, turns: slow.has(mutant) ? 2 : 1, world: mutants[mutant], mutant }),
);
const one = (): Setup => ({
  procs: Number(values.procs),
  crashes: Number(values.crashes ?? 0),
  turns: Number(values.turns),
  world: worlds.find((name) => name === values.world) ?? "lock",
  mutant: names.find((name) => name === values.mutant),
});
const setups = values.procs === undefined ? [...safe, ...(values.quick ? [] : large), ...broken] : [one()];
const results = setups.map(isAsItShouldBe);
if (results.includes(false)) process.exitCode = 1;
