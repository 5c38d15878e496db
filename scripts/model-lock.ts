#!/usr/bin/env bun
/**
 * Checks the protocol of src/lock/lockfile.ts exhaustively: every interleaving of a few processes, each system call a step
 * of its own, each process killed at any step, waiting given up at any moment, commands that outlive a killed lanes.
 *
 *   exclusion    at no time are two processes (or commands they left behind) inside
 *   no deadlock  from every state that can be reached, everybody still alive can get the lock and be done
 *
 * And it checks itself: two mutants of the protocol, each without one of the steps that look superfluous, must be found out.
 *
 * A stopped process, a slow one and a suspended machine are interleavings. "An empty file is adopted after two seconds" is
 * modelled as "at any time", which allows more. Processes are alike, so states that differ only in who is who count once.
 */
import { parseArgs } from "node:util";

const usage = `Usage: scripts/model-lock.ts [--procs N --crashes N [--turns N] [--mutant NAME]]

Without options: the protocol with 3 and with 4 processes and 2 crashes (must be safe), then the mutants (must not).
  --procs N      processes (2 to 5)
  --crashes N    how many of them may be killed
  --turns N      how often each takes the lock (default 1)
  --mutant NAME  no-creator-check: the creator trusts its open, and does not check the inode after its flock
                 close-before-unlink: the release closes the file, then unlinks it
`;

const mutants = ["no-creator-check", "close-before-unlink"] as const;
type Mutant = (typeof mutants)[number];
interface Setup {
  readonly procs: number;
  readonly crashes: number;
  readonly turns: number;
  readonly mutant?: Mutant | undefined;
}

/** What a process does next. `inside` is the critical section, `orphan` a command whose lanes was killed, and holds on. */
const steps = [
  "create",
  "open",
  "look",
  "flock",
  "check",
  "judge",
  "write",
  "inside",
  "recheck",
  "bury",
  "unlink",
  "close",
  "orphan",
  "done",
  "dead",
] as const;
type Step = (typeof steps)[number];

interface Proc {
  readonly at: Step;
  /** The inode its descriptor is of; -1: none is open. */
  readonly inode: number;
  readonly created: boolean;
  readonly turns: number;
}
interface Inode {
  /** A process's record, by its index; or no record. */
  readonly content: number | "empty" | "tombstone";
  /** Who has the flock; -1: nobody. */
  readonly holder: number;
}
interface State {
  /** The inode the path names; -1: none. */
  readonly path: number;
  readonly inodes: readonly Inode[];
  readonly procs: readonly Proc[];
  readonly crashes: number;
}
type Next = readonly [what: string, state: State];

const nobody = -1;
const nothing = -1;

/** Everything that can happen in a state. */
function successors(state: State, mutant: Mutant | undefined): Next[] {
  return state.procs.flatMap((proc, me) => [...stepsOf(state, proc, me, mutant), ...deathsOf(state, proc, me)]);
}

function stepsOf(state: State, proc: Proc, me: number, mutant: Mutant | undefined): Next[] {
  const { path, inodes } = state;
  const inode = inodes[proc.inode];
  const go = (at: Step, more: Partial<Proc> = {}) => changed(state, me, { at, ...more });
  const held = (holder: number) => withInode(state, proc.inode, { holder });
  /** Lets go of everything and starts over; also: gives up, and comes again later. */
  const again = () => closed(state, me, "create");
  const mayAdopt = () => {
    const content = inode?.content;
    if (content === "empty" || content === "tombstone") return true;
    return typeof content === "number" && state.procs[content]?.at === "dead";
  };
  switch (proc.at) {
    case "create":
      if (path !== nothing) return [["create: it exists", go("open")]];
      return [
        [
          "create",
          changed({ ...state, path: inodes.length, inodes: [...inodes, { content: "empty", holder: nobody }] }, me, {
            at: "flock",
            inode: inodes.length,
            created: true,
          }),
        ],
      ];
    case "open":
      if (path === nothing) return [["open: it is gone", go("create")]];
      return [["open", go("look", { inode: path, created: false })]];
    case "look": {
      // Before the two seconds are over an empty file is let alone, after them it is not.
      const next: Next[] = [["look", go("flock")]];
      if (inode?.content === "empty") next.push(["look: empty, let it alone", again()]);
      return next;
    }
    case "flock": {
      const next: Next[] = [["give up", again()]];
      if (inode?.holder === nobody) {
        const unchecked = proc.created && mutant === "no-creator-check";
        next.push(["flock", changed(held(me), me, { at: unchecked ? "write" : "check" })]);
      }
      return next;
    }
    case "check":
      return path === proc.inode ? [["check: same inode", go("judge")]] : [["check: another inode", again()]];
    case "judge":
      return mayAdopt() ? [["judge: nobody's", go("write")]] : [["judge: its owner lives", again()]];
    case "write":
      return [["write the record", changed(withInode(state, proc.inode, { content: me }), me, { at: "inside" })]];
    case "inside":
      return [["leave", go("recheck")]];
    case "recheck":
      return path === proc.inode ? [["recheck", go("bury")]] : [["recheck: another inode", go("close")]];
    case "bury": {
      const buried = withInode(state, proc.inode, { content: "tombstone" });
      if (mutant === "close-before-unlink") return [["bury and close", closed(buried, me, "unlink")]];
      return [
        ["do not bury", go("unlink")],
        ["bury and keep the file", changed(buried, me, { at: "close" })],
      ];
    }
    case "unlink": {
      const gone = { ...state, path: nothing };
      return [
        ["unlink", mutant === "close-before-unlink" ? finished(gone, me, proc) : changed(gone, me, { at: "close" })],
      ];
    }
    case "close":
      return [["close", finished(closed(state, me, "create"), me, proc)]];
    case "orphan":
      return [["the command ends", closed(state, me, "dead")]];
    case "done":
    case "dead":
      return [];
  }
}

/** kill -9, anywhere. Inside, the command may have inherited the lock and go on. */
function deathsOf(state: State, proc: Proc, me: number): Next[] {
  if (state.crashes === 0 || proc.at === "dead" || proc.at === "done" || proc.at === "orphan") return [];
  const after = { ...state, crashes: state.crashes - 1 };
  const deaths: Next[] = [["is killed", closed(after, me, "dead")]];
  if (proc.at === "inside") deaths.push(["is killed, its command goes on", changed(after, me, { at: "orphan" })]);
  return deaths;
}

const changed = (state: State, me: number, change: Partial<Proc>): State => ({
  ...state,
  procs: state.procs.map((proc, index) => (index === me ? { ...proc, ...change } : proc)),
});
const withInode = (state: State, at: number, change: Partial<Inode>): State => ({
  ...state,
  inodes: state.inodes.map((inode, index) => (index === at ? { ...inode, ...change } : inode)),
});
/** Closing the descriptor frees the flock. */
function closed(state: State, me: number, at: Step): State {
  const inodes = state.inodes.map((inode) => (inode.holder === me ? { ...inode, holder: nobody } : inode));
  return changed({ ...state, inodes }, me, { at, inode: nothing, created: false });
}
const finished = (state: State, me: number, proc: Proc): State =>
  changed(state, me, proc.turns > 1 ? { at: "create", turns: proc.turns - 1 } : { at: "done", turns: 0 });

/** The same state with processes sorted and inodes numbered by who refers to them first; those nobody can reach are dropped. */
function canonical(state: State): State {
  const rank = (proc: Proc) => (steps.indexOf(proc.at) * 2 + Number(proc.created)) * 8 + proc.turns;
  const order = state.procs.map((_, index) => index).sort((a, b) => rank(state.procs[a]!) - rank(state.procs[b]!));
  const procOf = (old: number) => order.indexOf(old);
  const kept: number[] = [];
  const number = (old: number) => {
    if (old === nothing) return nothing;
    if (!kept.includes(old)) kept.push(old);
    return kept.indexOf(old);
  };
  const path = number(state.path);
  const procs = order.map((old) => ({ ...state.procs[old]!, inode: number(state.procs[old]!.inode) }));
  const inodes = kept.map((old) => {
    const { content, holder } = state.inodes[old]!;
    return {
      content: typeof content === "number" ? procOf(content) : content,
      holder: holder === nobody ? nobody : procOf(holder),
    };
  });
  return { path, inodes, procs, crashes: state.crashes };
}

function keyOf(state: State): string {
  const codes = [state.path + 1, state.crashes];
  for (const { at, inode, created, turns } of state.procs)
    codes.push(steps.indexOf(at), inode + 1, Number(created), turns);
  for (const { content, holder } of state.inodes)
    codes.push(content === "empty" ? 60 : content === "tombstone" ? 61 : content, holder + 1);
  return String.fromCharCode(...codes);
}

const isInside = ({ at }: Proc) => at === "inside" || at === "orphan";
const isOver = (state: State) => state.procs.every(({ at }) => at === "done" || at === "dead");

interface Verdict {
  readonly states: number;
  /** What is wrong, and the steps that lead there; undefined: nothing. */
  readonly flaw?: { readonly what: string; readonly trace: readonly string[] };
}

/** Explores everything, breadth first: a trace that is found is a shortest one. */
function explore({ procs, crashes, turns, mutant }: Setup): Verdict {
  const start = canonical({
    path: nothing,
    inodes: [],
    procs: Array.from({ length: procs }, () => ({ at: "create", inode: nothing, created: false, turns })),
    crashes,
  });
  const states: State[] = [start];
  const numbers = new Map([[keyOf(start), 0]]);
  const cameFrom: (readonly [number, string] | undefined)[] = [undefined];
  const comesFrom: number[][] = [[]];
  const traceTo = (number: number): string[] => {
    const from = cameFrom[number];
    return from === undefined ? [] : [...traceTo(from[0]), from[1]];
  };
  for (let number = 0; number < states.length; number++) {
    const state = states[number]!;
    if (state.procs.filter(isInside).length > 1)
      return { states: states.length, flaw: { what: "two are inside", trace: traceTo(number) } };
    for (const [what, reached] of successors(state, mutant)) {
      const next = canonical(reached);
      const key = keyOf(next);
      let known = numbers.get(key);
      if (known === undefined) {
        known = states.length;
        numbers.set(key, known);
        states.push(next);
        cameFrom.push([number, what]);
        comesFrom.push([]);
      }
      comesFrom[known]!.push(number);
    }
  }
  const stuck = firstStuck(states, comesFrom);
  if (stuck < 0) return { states: states.length };
  return { states: states.length, flaw: { what: "somebody can never get the lock", trace: traceTo(stuck) } };
}

/** The first state from which not everybody can be done any more; -1: none. */
function firstStuck(states: readonly State[], comesFrom: readonly number[][]): number {
  const good = states.map(isOver);
  const queue = [...good.keys()].filter((number) => good[number]);
  for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
    for (const before of comesFrom[number]!) {
      if (good[before]) continue;
      good[before] = true;
      queue.push(before);
    }
  }
  return good.indexOf(false);
}

/** Checks one setup and says what came of it. @returns whether it is as it should be. */
function check(setup: Setup): boolean {
  const started = performance.now();
  const { states, flaw } = explore(setup);
  const { procs, crashes, turns, mutant } = setup;
  const name = `${mutant ?? "the protocol"}, ${procs} processes, ${crashes} crashes, ${turns} turn${turns > 1 ? "s" : ""}`;
  const seconds = ((performance.now() - started) / 1e3).toFixed(1);
  console.log(`${name}: ${flaw ? `FLAW, ${flaw.what}` : "safe"} (${states} states, ${seconds} s)`);
  if (flaw && mutant === undefined) console.log(flaw.trace.map((line, index) => `  ${index + 1}. ${line}`).join("\n"));
  return (flaw !== undefined) === (mutant !== undefined);
}

const { values } = parseArgs({
  options: {
    procs: { type: "string" },
    crashes: { type: "string" },
    turns: { type: "string", default: "1" },
    mutant: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const setups: Setup[] =
  values.procs === undefined
    ? [
        { procs: 3, crashes: 2, turns: 1 },
        { procs: 3, crashes: 2, turns: 2 },
        { procs: 4, crashes: 2, turns: 1 },
        ...mutants.map((mutant) => ({ procs: 3, crashes: 0, turns: 1, mutant })),
      ]
    : [
        {
          procs: Number(values.procs),
          crashes: Number(values.crashes ?? 0),
          turns: Number(values.turns),
          mutant: mutants.find((name) => name === values.mutant),
        },
      ];
const results = setups.map(check);
if (results.includes(false)) process.exitCode = 1;
