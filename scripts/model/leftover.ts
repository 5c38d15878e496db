#!/usr/bin/env bun
/**
 * Checks that a released lock leaves no file behind, exhaustively: every interleaving of one that releases it to whoever stands at the
 * lock, and of those in line, each of whom may give up at any moment. Exclusion is lock.ts's business: here whoever has the
 * flock has the lock.
 *
 *   nothing stays   when nobody wants the lock any more there is no file
 *
 * And it checks itself: mutants of src/lock/leftover.ts, each without one of its steps, must be found out.
 */
import { run } from "./command.ts";
import { check, type Next, type Protocol } from "./explore.ts";

const usage = `Usage: scripts/model/leftover.ts [--waiters N] [--mutant NAME]

Without options: the protocol (must be safe), then the mutants (must not).
  --waiters N    who waits for the lock (2 to 3)
  --mutant NAME  in-line: who gives up looks for what was left to it, and then leaves the line
                 no-second-look: who has left the file to a waiter does not look whether that is still there
                 early-look: it looks before it lets go
`;
const mutants = { "in-line": "line", "no-second-look": "line", "early-look": "line" } as const;
type Mutant = keyof typeof mutants;

/** What a process does next. */
type Step =
  | "waits"
  | "leaves, inside"
  | "inside"
  | "writes"
  | "lets go"
  | "leaves"
  | "looks at the line"
  | "looks at the file"
  | "tries"
  | "unlinks"
  | "frees"
  | "done";

interface Proc {
  readonly at: Step;
  /** It has a place in the line; and stands at the lock. */
  readonly inLine: boolean;
  readonly isFirst: boolean;
  /** Somebody stood there when it looked. */
  readonly expected: boolean;
}
interface State {
  readonly file: "none" | "owner" | "released";
  /** Who has the flock; -1: nobody. */
  readonly flock: number;
  readonly procs: readonly Proc[];
}

/** Everything that can happen next. */
function* after(state: State, mutant: Mutant | undefined): Generator<Next<State>> {
  const expected = state.procs.some(({ isFirst }) => isFirst);
  for (const [p, proc] of state.procs.entries()) {
    const next = (at: Step, proc_: Partial<Proc> = {}, rest: Partial<State> = {}): State => ({
      ...state,
      ...rest,
      procs: state.procs.map((each, i) => (i === p ? { ...each, ...proc_, at } : each)),
    });
    const away = { inLine: false, isFirst: false };
    const free = state.flock === -1;
    switch (proc.at) {
      case "waits":
        if (!proc.isFirst && !state.procs.some(({ inLine }, i) => inLine && i < p))
          yield [`${p} stands at the lock`, next("waits", { isFirst: true }), false];
        if (proc.isFirst && free) yield [`${p} has it`, next("leaves, inside", {}, { flock: p, file: "owner" }), false];
        yield [`${p} gives up`, next(mutant === "in-line" ? "looks at the file" : "leaves"), true];
        break;
      case "leaves, inside":
        yield [`${p} leaves the line`, next("inside", away), false];
        break;
      case "inside":
        yield [`${p} looks whether it is awaited`, next("writes", { expected }), false];
        break;
      case "writes": {
        const early = mutant === "early-look" && proc.expected;
        const file = proc.expected ? "released" : "none";
        yield [`${p} writes`, next(early ? "looks at the line" : "lets go", {}, { file }), false];
        break;
      }
      case "lets go": {
        const looks = proc.expected && mutant === undefined;
        yield [`${p} lets go`, next(looks ? "looks at the line" : "done", {}, { flock: -1 }), false];
        break;
      }
      case "leaves":
        yield [`${p} leaves the line`, next(mutant === "in-line" ? "done" : "looks at the line", away), false];
        break;
      case "looks at the line": {
        const [busy, idle]: [Step, Step] = state.flock === p ? ["lets go", "unlinks"] : ["done", "looks at the file"];
        yield [`${p} looks at the line`, next(expected ? busy : idle), false];
        break;
      }
      case "looks at the file":
        yield [`${p} looks at the file`, next(state.file === "released" ? "tries" : over(proc)), false];
        break;
      case "tries": {
        const took = free && state.file !== "none";
        if (took) yield [`${p} takes it`, next("unlinks", {}, { flock: p }), false];
        else yield [`${p} does not get it`, next(over(proc)), false];
        break;
      }
      case "unlinks":
        yield [`${p} unlinks it`, next("frees", {}, { file: "none" }), false];
        break;
      case "frees":
        yield [`${p} lets go of what it has removed`, next(over(proc), {}, { flock: -1 }), false];
        break;
    }
  }
}

/** Only the mutant that looks too early is in line yet. */
const over = ({ inLine }: Proc): Step => (inLine ? "leaves" : "done");

function protocol(waiters: number, mutant: Mutant | undefined): Protocol<State> {
  const isOver = ({ procs }: State) => procs.every(({ at }) => at === "done");
  const waiter: Proc = { at: "waits", inLine: true, isFirst: false, expected: false };
  return {
    start: () => ({
      file: "owner",
      flock: waiters,
      procs: [...Array<Proc>(waiters).fill(waiter), { at: "inside", inLine: false, isFirst: false, expected: false }],
    }),
    successors: (state) => [...after(state, mutant)],
    flawIn: (state) => (isOver(state) && state.file !== "none" ? "a file is left" : undefined),
    isOver,
    stuck: "somebody waits for ever",
    keyOf: (state) => JSON.stringify(state),
  };
}

process.exitCode = run({
  usage,
  worlds: ["line"],
  mutants,
  count: { option: "waiters", from: 2, to: 3 },
  check: (name, _world, mutant, waiters) => check(name, protocol(waiters, mutant), mutant !== undefined),
});
