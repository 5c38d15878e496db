/** The lanes of a trace as text: what was waited for most, whole at 80 columns, and a legend of every mark. */
import { expect, test } from "bun:test";
import type { TracedLane, TracedStretch } from "../../../src/recording/trace-lanes.ts";
import { traceLines } from "../../../src/show/trace/trace-lanes.ts";
import { mostWaited } from "../../../src/show/trace/trace-waits.ts";

const waits = (fromMs: number, toMs: number, by: number, on = "/tmp/a/data.lock"): TracedStretch => ({
  state: "waits",
  waits: { why: "lock", on, by },
  fromMs,
  toMs,
  cpuMs: 0,
});

function laneOf(stretches: readonly TracedStretch[]): TracedLane {
  return {
    ...{ lane: "P2", parentLane: "P1", pid: 12_345, command: "python3 worker.py --fast", failed: false },
    ...{ startMs: 0, endMs: 5_000, code: 0, signal: null, stretches },
  } as unknown as TracedLane;
}

const names = (pid: number) => `P${pid}`;

test("waits for one lock are one, whoever had it; who had it is said where that was always the same", () => {
  const of = (...stretches: TracedStretch[]) => mostWaited(laneOf(stretches), 5_000);
  expect(of(waits(0, 1_000, 3), waits(1_000, 2_500, 4))).toMatchObject({ ms: 2_500, waits: { by: 0 } });
  expect(of(waits(0, 1_000, 3), waits(2_000, 3_000, 3), waits(3_000, 3_500, 4, "b"))).toMatchObject({
    ms: 2_000,
    waits: { by: 3, on: "/tmp/a/data.lock" },
  });
  expect(of(waits(0, 100, 3))).toBeNull();
});

test("at 80 columns it is not cut, and every mark is explained", () => {
  const starts: TracedStretch = { state: "starts", waits: undefined, fromMs: 0, toMs: 1_000, cpuMs: 0 };
  const lane = laneOf([starts, waits(1_000, 3_000, 3), waits(3_000, 5_000, 4)]);
  const view = { lanes: [lane], others: { count: 0, failed: 0, pieces: [] }, nowMs: 5_000 };
  for (const ascii of [false, true]) {
    const text = traceLines(view, names, { columns: 80, ascii, color: false }, 20).join("\n");
    expect(text).toContain("4.00 s for the lock data.lock");
    expect(text).toContain(ascii ? ": starts" : "┄ starts");
    for (const line of text.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(80);
  }
});
