/**
 * Why an order goes wrong, read from its steps: somebody worked with what another changed meanwhile. The steps are told which
 * they are; whether it was that is for a person to judge.
 */
import type { Explanation } from "../recording/results/explore-result.ts";
import type { Step } from "./control/messages.ts";
import type { Move } from "./schedule/order.ts";

const ENOENT = -2;

type Between = Extract<Explanation, { readonly between: number }>;

const laneName = (lane: number) => `P${lane}`;

/** @param steps in the order in which they were done. @param shared the files that matter. */
export function explain(steps: readonly Step[], shared: ReadonlySet<string>, moves: readonly Move[]): Explanation {
  const all = [...shared].flatMap((file) => {
    const own = steps.map((step, at) => ({ step, at: at + 1 })).filter(({ step }) => step.file === file);
    return [lostUpdate(file, own), tornRead(file, own), checkThenAct(file, own)].filter((one) => one !== undefined);
  });
  const order = ["lostUpdate", "checkThenAct", "tornRead"];
  const best = all.toSorted((a, b) => order.indexOf(a.is) - order.indexOf(b.is))[0];
  if (best !== undefined) return best;
  return moved(steps, moves) ?? { is: "standard" };
}

interface Placed {
  readonly step: Step;
  readonly at: number;
}

/** What changes the content: to empty it is the beginning of that. */
const writes = ({ step }: Placed) =>
  (step.call === "write" || step.call === "truncate" || step.how === "empties" || step.call === "rename") &&
  (step.result ?? 0) >= 0;
const puts = ({ step }: Placed) => (step.call === "write" || step.call === "rename") && (step.result ?? 0) > -1;
const reads = ({ step }: Placed) => step.call === "read" && (step.result ?? 0) > 0;

/** One reads, another writes, the first one writes what it made of the old. */
function lostUpdate(file: string, own: readonly Placed[]): Between | undefined {
  for (const last of own.filter(puts)) {
    const { lane } = last.step;
    const first = own.findLast((one) => one.at < last.at && one.step.lane === lane && reads(one));
    if (first === undefined) continue;
    const between = own.find((one) => one.at > first.at && one.at < last.at && one.step.lane !== lane && puts(one));
    if (between !== undefined) return found("lostUpdate", file, first, between, last);
  }
  return undefined;
}

/** One begins to write, another reads, the first one goes on writing. */
function tornRead(file: string, own: readonly Placed[]): Between | undefined {
  for (const first of own.filter(writes)) {
    const { lane } = first.step;
    const last = own.find((one) => one.at > first.at && one.step.lane === lane && writes(one));
    if (last === undefined) continue;
    const between = own.find(
      (one) => one.at > first.at && one.at < last.at && one.step.lane !== lane && one.step.call === "read",
    );
    if (between !== undefined) return found("tornRead", file, first, between, last);
  }
  return undefined;
}

/** One sees that something is not there, another makes it, the first one acts as if it were not there. */
function checkThenAct(file: string, own: readonly Placed[]): Between | undefined {
  for (const first of own.filter(
    ({ step }) => (step.call === "stat" || step.call === "open") && step.result === ENOENT,
  )) {
    const { lane } = first.step;
    const makes = ({ step }: Placed) => step.changes && step.call !== "unlink" && (step.result ?? 0) >= 0;
    const last = own.find((one) => one.at > first.at && makes(one) && one.step.lane === lane);
    if (last === undefined) continue;
    const between = own.find((one) => one.at > first.at && one.at < last.at && one.step.lane !== lane && makes(one));
    if (between !== undefined) return found("checkThenAct", file, first, between, last);
  }
  return undefined;
}

function found(is: Between["is"], file: string, first: Placed, between: Placed, last: Placed): Between {
  return {
    is,
    file,
    one: laneName(first.step.lane),
    first: first.at,
    last: last.at,
    other: laneName(between.step.lane),
    between: between.at,
  };
}

/** No pattern that is known: where the order leaves the standard one. */
function moved(steps: readonly Step[], moves: readonly Move[]): Explanation | undefined {
  const move = moves[0];
  if (move === undefined) return undefined;
  const at = steps.findIndex(({ lane, step }) => lane === move.lane && step === move.step);
  const step = steps[at];
  const { call = "exit", file = "" } = step ?? {};
  return { is: "order", lane: laneName(move.lane), step: at + 1, to: laneName(move.to), call, file };
}
