#!/usr/bin/env bun
/**
 * Checks the protocol of src/lock/lockfile.ts exhaustively: every interleaving of a few processes, each system call a step
 * of its own, each process killed at any step, waiting given up at any moment, commands that outlive a killed lanes (and may
 * have closed what they inherited), processes of several pid namespaces and users, a reboot after which the machine has
 * another name, lock files that are not lanes' own, or were made by somebody else for lanes to use.
 *
 *   exclusion    at no time are two processes (or commands they left behind) inside, nor one beside whoever made a foreign file
 *   hands off    what is foreign is never written, what somebody else made never removed, nor what one may only read written
 *   no deadlock  from every state that can be reached, everybody still alive can get the lock (or be told why not) and be done
 *
 * And it checks itself: mutants of the protocol, each without one of the steps that look superfluous (or with one that looks
 * prudent), must be found out.
 *
 * A stopped process, a slow one and a suspended machine are interleavings. "An empty file is adopted after two seconds" is
 * modelled as "at any time", which allows more. Processes are alike, so states that differ only in who is who count once.
 *
 * Longer than most files: it is one protocol, and each step is read against all the others.
 */
import { parseArgs } from "node:util";
import { check, type Protocol } from "./explore.ts";

const usage = `Usage: scripts/model/lock.ts [--procs N --crashes N [--turns N] [--world NAME] [--mutant NAME]]

Without options: the protocol in every world (must be safe), then the mutants (must not).
  --procs N      processes (2 to 5)
  --crashes N    how many of them may be killed
  --turns N      how often each takes the lock (default 1)
  --world NAME   plain: one machine, one user (default)
                 commands: a command may close the lock it inherited
                 containers: every other process is in another pid namespace
                 reboot: every other process comes after a reboot, to a machine of another name
                 strangers: somebody else makes a file of his own at the path, and removes it some day
                 made: the file was there before lanes, empty
                 users: every other process is of another user, who may only read the first one's files
  --mutant NAME  no-creator-check: the creator trusts its open, and does not check the inode after its flock
                 close-before-unlink: the release closes the file, then unlinks it
                 asks-the-pid: the flock is no proof, the owner named has to be known dead, too
                 no-command-check: a command that is seen to live is not asked for
                 adopts-foreign: what is foreign and unlocked is taken
                 forgets-who-made-it: that the file was there before is lost with the first holder
                 writes-readonly: takes what it could only open for reading
`;

/** Each with the world it must be found out in. */
const mutants = {
  "no-creator-check": "plain",
  "close-before-unlink": "plain",
  "asks-the-pid": "containers",
  "no-command-check": "commands",
  "adopts-foreign": "strangers",
  "forgets-who-made-it": "made",
  "writes-readonly": "users",
} as const;
type Mutant = keyof typeof mutants;
const worlds = ["plain", "commands", "containers", "reboot", "strangers", "made", "users"] as const;
type World = (typeof worlds)[number];
/** Worlds in which all processes are alike. */
const alike: ReadonlySet<World> = new Set<World>(["plain", "commands", "strangers", "made"]);
interface Setup {
  readonly procs: number;
  readonly crashes: number;
  readonly turns: number;
  readonly world: World;
  readonly mutant?: Mutant | undefined;
}

/**
 * What a process does next. `inside` is the critical section, `orphan` a command whose lanes was killed, and holds on, `loose`
 * one that has closed what it inherited; `refused` was told that the file is not its to write; `off` comes after the reboot.
 */
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
  "loose",
  "refused",
  "off",
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
  /** Its pid namespace, its user, the boot it lives in: whichever the world tells apart. */
  readonly kind: 0 | 1;
}
interface Inode {
  /** A process's record, by its index; or no record. */
  readonly content: number | "empty" | "tombstone" | "foreign";
  /** Who has the flock; -1: nobody. */
  readonly holder: number;
  /** The kind of process that made it. */
  readonly by: 0 | 1;
  /** Whether somebody else made it, in truth and by the record or tombstone in it. */
  readonly made: boolean;
  readonly saysMade: boolean;
}
interface State {
  /** The inode the path names; -1: none. */
  readonly path: number;
  readonly inodes: readonly Inode[];
  readonly procs: readonly Proc[];
  readonly crashes: number;
  readonly reboots: number;
  /** Where somebody else is who makes a file of his own at the path, and thereby is inside. */
  readonly stranger: "coming" | "inside" | "gone";
  /** Somebody touched what is not his. */
  readonly touched: boolean;
}
type Next = readonly [what: string, state: State];
/** The world, and what is wrong with the protocol in it. */
type Rules = Pick<Setup, "world" | "mutant">;

const nobody = -1;
const nothing = -1;

/** Everything that can happen in a state. */
function successors(state: State, rules: Rules): Next[] {
  return [
    ...state.procs.flatMap((proc, me) => [...stepsOf(state, proc, me, rules), ...deathsOf(state, proc, me)]),
    ...strangersSteps(state),
    ...reboot(state),
  ];
}

/** He does not take what is there; what he made stays when lanes processes come, whatever becomes of them. */
function strangersSteps(state: State): Next[] {
  const { path, inodes, stranger } = state;
  if (stranger === "coming" && path === nothing) {
    const his: Inode = { content: "foreign", holder: nobody, by: 0, made: true, saysMade: false };
    return [
      ["a stranger's file", { ...state, path: inodes.length, inodes: [...inodes, his], stranger: "inside" as const }],
    ];
  }
  // (That nobody else removes his file, nor writes it, is the property `touched`.)
  if (stranger === "inside")
    return [["the stranger removes it", { ...state, path: nothing, stranger: "gone" as const }]];
  return [];
}

/** Everything that runs is gone, locks too; files stay. */
function reboot(state: State): Next[] {
  if (state.reboots === 0) return [];
  const procs = state.procs.map((proc): Proc => {
    if (proc.at === "off") return { ...proc, at: "create" };
    return proc.at === "done" ? proc : { ...proc, at: "dead", inode: nothing, created: false };
  });
  const inodes = state.inodes.map((inode) => ({ ...inode, holder: nobody }));
  return [["reboot", { ...state, procs, inodes, reboots: state.reboots - 1 }]];
}

function stepsOf(state: State, proc: Proc, me: number, { world, mutant }: Rules): Next[] {
  const { path, inodes } = state;
  const inode = inodes[proc.inode];
  const go = (at: Step, more: Partial<Proc> = {}) => changed(state, me, { at, ...more });
  const held = (holder: number) => withInode(state, proc.inode, { holder });
  /** Lets go of everything and starts over; also: gives up, and comes again later. */
  const again = () => closed(state, me, "create");
  const isWritable = world !== "users" || inode?.by === proc.kind;
  const mayAdopt = () => {
    const content = inode?.content;
    if (content === "foreign") return mutant === "adopts-foreign";
    if (typeof content !== "number") return true;
    const owner = state.procs[content];
    const isVisible = world === "users" || owner?.kind === proc.kind;
    if (mutant === "asks-the-pid") return isVisible && owner?.at === "dead";
    return mutant === "no-command-check" || !isVisible || owner?.at !== "loose";
  };
  switch (proc.at) {
    case "create":
      if (path !== nothing) return [["create: it exists", go("open")]];
      return [
        [
          "create",
          changed(
            {
              ...state,
              path: inodes.length,
              inodes: [
                ...inodes,
                {
                  content: "empty",
                  holder: nobody,
                  by: world === "users" ? proc.kind : 0,
                  made: false,
                  saysMade: false,
                },
              ],
            },
            me,
            { at: "flock", inode: inodes.length, created: true },
          ),
        ],
      ];
    case "open":
      if (path === nothing) return [["open: it is gone", go("create")]];
      return [["open", go("look", { inode: path, created: false })]];
    case "look": {
      if (inode?.content === "foreign" && mutant !== "adopts-foreign")
        return [["look: foreign, let it alone", again()]];
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
    case "judge": {
      if (!mayAdopt()) return [["judge: not to be had", again()]];
      // `lanes lock break` goes the same way, and removes it with the flock in hand. (What somebody made it removes by his wish.)
      const broken: Next[] = world === "made" ? [] : [["judge: nobody's, break it", go("unlink")]];
      if (isWritable || mutant === "writes-readonly") return [["judge: nobody's", go("write")], ...broken];
      return [["judge: nobody's, and not ours to write", closed(state, me, "refused")]];
    }
    case "write": {
      const found = inode?.content === "empty" && !proc.created;
      const saysMade = found || (inode?.saysMade === true && mutant !== "forgets-who-made-it");
      const touched = state.touched || inode?.content === "foreign" || !isWritable;
      const written = withInode({ ...state, touched }, proc.inode, { content: me, saysMade });
      return [["write the record", changed(written, me, { at: "inside" })]];
    }
    case "inside":
      return [["leave", go("recheck")]];
    case "recheck":
      return path === proc.inode ? [["recheck", go("bury")]] : [["recheck: another inode", go("close")]];
    case "bury": {
      const buried = withInode(state, proc.inode, { content: "tombstone" });
      if (mutant === "close-before-unlink") return [["bury and close", closed(buried, me, "unlink")]];
      const kept: Next = ["bury and keep the file", changed(buried, me, { at: "close" })];
      return inode?.saysMade ? [kept] : [["do not bury", go("unlink")], kept];
    }
    case "unlink": {
      const gone = { ...state, path: nothing, touched: state.touched || inodes[path]?.made === true };
      return [
        ["unlink", mutant === "close-before-unlink" ? finished(gone, me, proc) : changed(gone, me, { at: "close" })],
      ];
    }
    case "close":
      return [["close", finished(closed(state, me, "create"), me, proc)]];
    case "orphan": {
      const next: Next[] = [["the command ends", closed(state, me, "dead")]];
      if (world === "commands") next.push(["the command closes what it inherited", closed(state, me, "loose")]);
      return next;
    }
    case "loose":
      return [["the command ends", closed(state, me, "dead")]];
    case "refused":
    case "off":
    case "done":
    case "dead":
      return [];
  }
}

const ended: ReadonlySet<Step> = new Set(["dead", "done", "refused", "off"]);

/** kill -9, anywhere. Inside, the command may have inherited the lock and go on. */
function deathsOf(state: State, proc: Proc, me: number): Next[] {
  if (state.crashes === 0 || ended.has(proc.at) || proc.at === "orphan" || proc.at === "loose") return [];
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
  const rank = (proc: Proc) => ((steps.indexOf(proc.at) * 2 + Number(proc.created)) * 8 + proc.turns) * 2 + proc.kind;
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
    const { content, holder, ...rest } = state.inodes[old]!;
    return {
      ...rest,
      content: typeof content === "number" ? procOf(content) : content,
      holder: holder === nobody ? nobody : procOf(holder),
    };
  });
  return { ...state, path, inodes, procs };
}

function keyOf(state: State): string {
  const { path, crashes, reboots, stranger, touched } = state;
  const codes = [path + 1, crashes, reboots, ["coming", "inside", "gone"].indexOf(stranger), Number(touched)];
  for (const { at, inode, created, turns, kind } of state.procs)
    codes.push(steps.indexOf(at), inode + 1, Number(created) * 2 + kind, turns);
  for (const { content, holder, by, made, saysMade } of state.inodes)
    codes.push(
      typeof content === "number" ? content : 60 + ["empty", "tombstone", "foreign"].indexOf(content),
      holder + 1,
      by * 4 + Number(made) * 2 + Number(saysMade),
    );
  return String.fromCharCode(...codes);
}

const isInside = ({ at }: Proc) => at === "inside" || at === "orphan" || at === "loose";
const isOver = ({ procs, stranger }: State) => procs.every(({ at }) => ended.has(at)) && stranger !== "inside";

/** What is wrong with a state by itself. */
function flawIn(state: State): string | undefined {
  const inside = state.procs.filter(isInside).length + Number(state.stranger === "inside");
  if (inside > 1) return "two are inside";
  return state.touched ? "somebody touched what is not his" : undefined;
}

function protocolOf({ procs, crashes, turns, ...rules }: Setup): Protocol<State> {
  const { world } = rules;
  const premade: Inode = { content: "empty", holder: nobody, by: 0, made: true, saysMade: false };
  const start: State = {
    path: world === "made" ? 0 : nothing,
    inodes: world === "made" ? [premade] : [],
    procs: Array.from({ length: procs }, (_, index): Proc => {
      const kind = index % 2 === 0 || alike.has(world) ? 0 : 1;
      return { at: world === "reboot" && kind === 1 ? "off" : "create", inode: nothing, created: false, turns, kind };
    }),
    crashes,
    reboots: world === "reboot" ? 1 : 0,
    stranger: world === "strangers" ? "coming" : "gone",
    touched: false,
  };
  return {
    start: () => canonical(start),
    // Whoever is killed is done, too: a death counts as a way on.
    successors: (state) => successors(state, rules).map(([what, next]) => [what, canonical(next), false]),
    flawIn,
    isOver,
    stuck: "somebody can never get the lock",
    keyOf,
  };
}

/** @returns whether it is as it should be. */
function isAsItShouldBe(setup: Setup): boolean {
  const { procs, crashes, turns, world, mutant } = setup;
  const name = `${mutant ?? "the protocol"} (${world}), ${procs} processes, ${crashes} crashes, ${turns} turn${turns > 1 ? "s" : ""}`;
  return check(name, protocolOf(setup), mutant !== undefined);
}

const { values } = parseArgs({
  options: {
    procs: { type: "string" },
    crashes: { type: "string" },
    turns: { type: "string", default: "1" },
    world: { type: "string", default: "plain" },
    mutant: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const names = Object.keys(mutants) as Mutant[];
const setups: Setup[] =
  values.procs === undefined
    ? [
        { procs: 3, crashes: 2, turns: 1, world: "plain" },
        { procs: 3, crashes: 1, turns: 2, world: "plain" },
        { procs: 4, crashes: 2, turns: 1, world: "plain" },
        { procs: 3, crashes: 2, turns: 1, world: "commands" },
        { procs: 3, crashes: 2, turns: 1, world: "containers" },
        { procs: 4, crashes: 1, turns: 1, world: "reboot" },
        { procs: 3, crashes: 1, turns: 1, world: "strangers" },
        { procs: 3, crashes: 2, turns: 1, world: "made" },
        { procs: 3, crashes: 1, turns: 1, world: "users" },
        ...names.map((mutant) => ({ procs: 3, crashes: 1, turns: 1, world: mutants[mutant], mutant })),
      ]
    : [
        {
          procs: Number(values.procs),
          crashes: Number(values.crashes ?? 0),
          turns: Number(values.turns),
          world: worlds.find((name) => name === values.world) ?? "plain",
          mutant: names.find((name) => name === values.mutant),
        },
      ];
const results = setups.map(isAsItShouldBe);
if (results.includes(false)) process.exitCode = 1;
