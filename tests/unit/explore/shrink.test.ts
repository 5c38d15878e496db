/** The fewest moves that still end in the same, with runs that are made up. */
import { describe, expect, test } from "bun:test";
import type { Step } from "../../../src/explore/control/messages.ts";
import type { Move } from "../../../src/explore/schedule/order.ts";
import { shrink, singleMoves } from "../../../src/explore/shrink.ts";

const move = (step: number): Move => ({ lane: 2, step, to: 3 });
const steps = (moves: readonly Move[]) => moves.map(({ step }) => step);

/** Shrinks `from`, where a run goes wrong if `wrong` says so of its moves. */
async function shrunk(
  from: readonly number[],
  wrong: (steps: readonly number[]) => boolean,
  singles: readonly Move[] = [],
) {
  let runs = 0;
  const again = async (moves: readonly Move[]) => {
    runs++;
    return wrong(steps(moves)) ? { moves } : undefined;
  };
  const best = await shrink({ moves: from.map(move) }, again, singles);
  return { steps: steps(best.moves), runs };
}

describe("shrink", () => {
  const many = Array.from({ length: 64 }, (_, at) => at + 1);

  test("leaves what it takes, and nothing else", async () => {
    const needed = [7, 40];
    const { steps: left, runs } = await shrunk(many, (has) => needed.every((step) => has.includes(step)));
    expect(left).toEqual(needed);
    expect(runs).toBeLessThan(100);
  });

  test("nothing is left where the standard order goes wrong, too: in one run", async () => {
    expect(await shrunk(many, () => true)).toEqual({ steps: [], runs: 1 });
  });

  test("another single move may do what two did", async () => {
    const wrong = (has: readonly number[]) =>
      (has.includes(7) && has.includes(40)) || (has.length === 1 && has[0] === 99);
    expect((await shrunk([7, 40], wrong, [move(98), move(99)])).steps).toEqual([99]);
  });

  test("comes to an end where nothing can be taken away", async () => {
    const { steps: left, runs } = await shrunk(many, (has) => has.length === 64);
    expect(left).toHaveLength(64);
    expect(runs).toBeLessThanOrEqual(175);
  });
});

test("singleMoves: before each change of what is shared, everybody else", () => {
  const step = (lane: number, number: number, file: string, changes: boolean): Step => ({
    lane,
    step: number,
    call: changes ? "write" : "read",
    file,
    changes,
  });
  const all = [step(1, 1, "f", true), step(2, 1, "f", false), step(2, 2, "f", true), step(3, 1, "own", true)];
  expect(singleMoves(all, new Set(["f"]))).toEqual([{ lane: 2, step: 2, to: 1 }]);
});
