/** What demo `queue` concludes from its record, and that each of its checks can fail. */
import { expect, test } from "bun:test";
import { queueChecks, queueRecord, queueResult } from "../../../src/demos/queue/report.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";

/** `P1 put P1.1`, one a line, 10 ms apart. */
function recordOf(lines: readonly string[]) {
  const events = lines.map((line, i): LaneEvent => {
    const [lane = "", what = "", item = ""] = line.split(" ");
    const moves: Record<string, Happening> = {
      run: { type: "run" },
      wait: { type: "wait", on: "queue" },
      put: { type: "write", value: 1, put: item },
      took: { type: "write", value: 0, took: item },
      "-": { type: "say", text: "" },
    };
    return { ...(moves[what] as Happening), t: i * 10, lane, pid: 1, ppid: 0 };
  });
  return queueRecord(events, { producers: ["P1"], consumers: ["P2", "P3"] });
}

const right = [
  "P1 run",
  "P1 put P1.1", // 10
  "P1 run",
  "P1 put P1.2", // 30
  "P1 run",
  "P1 wait", // 50
  "P2 run",
  "P2 took P1.1", // 70
  "P1 put P1.3",
  "P2 run",
  "P2 took P1.2", // 100
  "P3 run",
  "P3 took P1.3",
];
const failed = (lines: readonly string[], { items = 3, capacity = 2, left = 0 } = {}) => {
  const record = recordOf(lines);
  return queueChecks(record, queueResult(record, left), { items, capacity })
    .filter(({ ok }) => !ok)
    .map(({ label }) => label.replace("demo.queue.check.", ""));
};
const without = (wanted: string) => right.filter((line) => line !== wanted);

test("what was put and taken, how many were in it, and who waited", () => {
  expect(queueResult(recordOf(right), 0)).toEqual({
    put: 3,
    taken: 3,
    left: 0,
    mostInQueue: 2,
    producersWaitedMs: 30,
    consumersWaitedMs: 0,
    spanMs: 120,
  });
});

test("a consumer that waits for the producers to start, or for the queue to be closed, does not wait for slow producers", () => {
  const early = ["P2 run", "P2 wait", "P2 -", "P2 -", ...right.slice(0, 7), "P3 run", "P3 wait", ...right.slice(7)];
  const late = [...early, "P2 run", "P2 wait", "P2 -"];
  const { producersWaitedMs, consumersWaitedMs } = queueResult(recordOf(late), 0);
  // P2 waits from the first put (40) until it takes (130), P3 until the last put (140).
  expect({ producersWaitedMs, consumersWaitedMs }).toEqual({ producersWaitedMs: 50, consumersWaitedMs: 90 + 20 });
});

test("exactly once: an item that is missing, left, or taken twice", () => {
  expect(failed(right)).toEqual([]);
  expect(failed(without("P3 took P1.3"))).toContain("once");
  expect(failed([...right, "P2 run", "P2 took P1.3"])).toContain("once");
  expect(failed(right, { left: 1 })).toEqual(["once"]);
  expect(failed(right, { items: 4 })).toEqual(["once"]);
});

test("in order: by one consumer, and by several", () => {
  const swapped = right.map((line) =>
    line === "P2 took P1.1" ? "P2 took P1.2" : line === "P2 took P1.2" ? "P2 took P1.1" : line,
  );
  expect(failed(swapped)).toEqual(["order"]);
  const byTwo = right.map((line) =>
    line === "P3 took P1.3" ? "P3 took P1.2" : line === "P2 took P1.2" ? "P2 took P1.3" : line,
  );
  expect(failed(byTwo)).toEqual(["order"]);
  // Taken at the same time: whichever was recorded first, the order is possible.
  expect(failed([...right.slice(0, 9), "P2 run", "P3 run", "P3 took P1.3", "P2 took P1.2"])).toEqual([]);
});

test("capacity: more in it for certain than it holds", () => {
  expect(failed(right, { capacity: 1 })).toEqual(["capacity"]);
});
