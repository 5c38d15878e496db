/** What demo `barrier` concludes from its record, and that each of its checks can fail. */
import { expect, test } from "bun:test";
import { barrierChecks, barrierRecord, barrierResult, doneText, phaseText } from "../../../src/demos/barrier/report.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";

type Line = readonly [ms: number, lane: string, what: number | "wait" | "run" | "done"];

const recordOf = (lines: readonly Line[]) =>
  barrierRecord(
    lines
      .toSorted(([a], [b]) => a - b)
      .map(([t, lane, what]): LaneEvent => {
        const happening: Happening =
          what === "wait"
            ? { type: "wait", on: "barrier" }
            : what === "run"
              ? { type: "run" }
              : { type: "run", text: what === "done" ? doneText : phaseText(what) };
        return { ...happening, t, lane, pid: 1, ppid: 0 };
      }),
  );

/** Two processes, three phases on their own: P2 is slow in the first one. */
const free: Line[] = [
  [0, "P1", 1],
  [0, "P2", 1],
  [10, "P1", 2],
  [20, "P1", 3],
  [30, "P1", "done"],
  [30, "P2", 2],
  [40, "P2", 3],
  [50, "P2", "done"],
];
/** The same with the barrier. */
const together: Line[] = [
  [100, "P1", 1],
  [100, "P2", 1],
  [110, "P1", "wait"],
  [130, "P2", "wait"],
  [131, "P1", "run"],
  [131.5, "P1", 2],
  [132, "P2", "run"],
  [132, "P2", 2],
  [141, "P1", "wait"],
  [142, "P2", "wait"],
  [143, "P1", "run"],
  [143, "P2", "run"],
  [143, "P1", "done"],
  [143, "P2", "done"],
];
const failed = (lines: readonly Line[], rounds = 2) =>
  barrierChecks(recordOf(lines), { procs: 2, rounds })
    .filter(({ ok }) => !ok)
    .map(({ label }) => label.replace("demo.barrier.check.", ""));
const moved = (from: Line, to: Line) => together.map((line) => (line.join() === from.join() ? to : line));

test("how far one was ahead, and what the barrier cost", () => {
  const { phases, ...result } = barrierResult(recordOf([...free, ...together]));
  expect(result).toEqual({
    aheadFree: 2,
    aheadTogether: 1,
    freeMs: 50,
    togetherMs: 43,
    slowdown: 0.86,
    waitedMs: 21 + 2 + 2 + 1,
  });
  expect(phases).toEqual([
    { firstMs: 10, lastMs: 30, passedMs: 31 },
    { firstMs: 41, lastMs: 42, passedMs: 43 },
  ]);
});

test("each check fails on a record that breaks its promise", () => {
  expect(failed([...free, ...together])).toEqual([]);
  expect(failed([...free, ...moved([131, "P1", "run"], [129.9, "P1", "run"])])).toEqual(["nobodyEarly"]);
  // Two phases further than the other one.
  expect(failed([...free, ...together, [131.6, "P1", 3]])).toEqual(["inStep"]);
  expect(failed([...free, ...together], 3)).toEqual(["all"]);
  const absent = together.filter(([ms, lane]) => lane === "P1" || ms < 140);
  expect(failed([...free, ...absent])).toEqual(["all"]);
});
