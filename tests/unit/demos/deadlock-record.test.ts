import { expect, test } from "bun:test";
import { lockRecord } from "../../../src/demos/deadlock/record.ts";
import type { Happening, LaneEvent } from "../../../src/recording/event.ts";

const locks = ["a.lock", "b.lock"];

/** `P1 hold a.lock`, one a line, a ms apart. */
function recordOf(...lines: readonly string[]) {
  const events = lines.map((line, i): LaneEvent => {
    const [lane = "", type = "", on = ""] = line.split(" ");
    return { ...({ type, on } as Happening), t: i, lane, pid: 1, ppid: 0 };
  });
  return lockRecord(events, locks);
}

test("a wait that ends with the lock was not in vain, one that ends with a run was", () => {
  const { waits, gaveUp, second, maxHolders } = recordOf(
    "P1 hold a.lock", // 0
    "P2 hold b.lock",
    "P1 wait b.lock",
    "P2 wait a.lock", // 3
    "P1 run",
    "P1 release a.lock",
    "P2 hold a.lock", // 6
    "P2 release a.lock",
    "P2 release b.lock",
  );
  expect(waits.map(({ lane, fromMs, toMs }) => [lane, fromMs, toMs])).toEqual([
    ["P2", 3, 6],
    ["P1", 2, 4],
  ]);
  expect(gaveUp).toEqual([{ lane: "P1", fromMs: 2, toMs: 4 }]);
  expect(second).toEqual([{ lane: "P2", fromMs: 6, toMs: 7 }]);
  expect(maxHolders).toBe(1);
});

test("a wait that never ended was in vain; two holders of one lock are two", () => {
  const { gaveUp, second, maxHolders } = recordOf(
    "P1 hold a.lock",
    "P2 wait a.lock",
    "P3 hold a.lock",
    "P3 hold b.lock",
  );
  expect(gaveUp).toEqual([{ lane: "P2", fromMs: 1, toMs: Number.POSITIVE_INFINITY }]);
  expect(second.map(({ lane }) => lane)).toEqual(["P3"]);
  expect(maxHolders).toBe(2);
});
