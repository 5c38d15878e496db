import { afterEach, expect, test } from "bun:test";
import fc from "fast-check";
import type { Picture } from "../../../src/demos/define.ts";
import { setLanguage } from "../../../src/i18n/index.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";
import { Histories } from "../../../src/recording/history.ts";
import { lanesFrame } from "../../../src/show/lanes-frame.ts";
import { draw } from "../../../src/show/pictures/index.ts";

afterEach(() => setLanguage("en"));

const events: LaneEvent[] = ["P1", "P2"].flatMap((lane, i) => [
  { t: i, lane, pid: 5000 + i, ppid: 4999, type: "spawn" } as const,
  { t: 10 + i, lane, pid: 5000 + i, ppid: 4999, type: "run" } as const,
  { t: 90 + i, lane, pid: 5000 + i, ppid: 4999, type: "exit", code: 0, signal: null } as const,
]);
const histories = Histories.of(events, true);

const label = fc.constantFrom("P1", "ipc", "shared-memory", "共享内存", "进程，等待锁");
const value = fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.double({ min: 0, max: 1e6, noNaN: true }));
const picture: fc.Arbitrary<Picture> = fc.oneof(
  fc.record({
    kind: fc.constant("bars" as const),
    unit: fc.constantFrom("", "ms", "MB/s"),
    rows: fc.array(fc.record({ label, value }), { maxLength: 6 }),
  }),
  fc.record({
    kind: fc.constant("curve" as const),
    xLabel: label,
    yLabel: label,
    points: fc.array(fc.record({ x: fc.integer({ min: 1, max: 64 }), y: value, ideal: value }), { maxLength: 6 }),
  }),
  fc.constant({
    kind: "timelines" as const,
    parts: [
      { title: "一起", fromMs: 0, toMs: 60 },
      { title: "apart", fromMs: 10, toMs: 95 },
    ],
  }),
  fc.record({
    kind: fc.constant("table" as const),
    columns: fc.constant(["who", "值", "what"]),
    rows: fc.array(
      fc
        .tuple(label, value.map(String), fc.constantFrom("overwrites 5", "它读了旧值，然后被覆盖"))
        .map((row) => [...row]),
      { maxLength: 4 },
    ),
  }),
);

test("no picture is wider than it may be, at any width, in either alphabet", async () => {
  for (const language of ["en", "zh"] as const) {
    setLanguage(language);
    fc.assert(
      fc.property(
        picture,
        fc.integer({ min: 40, max: 120 }),
        fc.boolean(),
        fc.boolean(),
        (drawn, columns, ascii, color) => {
          for (const line of draw(drawn, histories, { columns, ascii, color })) {
            expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
            if (!color) expect(line).not.toContain("\x1b");
          }
        },
      ),
    );
  }
});

test("bars are as long as their values, and what is more than nothing shows", () => {
  const rows = [
    { label: "a", value: 100 },
    { label: "b", value: 50 },
    { label: "c", value: 0.01 },
    { label: "d", value: 0 },
  ];
  const lines = draw({ kind: "bars", unit: "ms", rows }, histories, { columns: 80, ascii: true, color: false });
  expect(lines.map((line) => line.split("#").length - 1)).toEqual([50, 25, 1, 0]);
});

test("a curve shows each point at its height, over the ideal line", () => {
  const points = [1, 2, 3].map((x) => ({ x, y: x, ideal: x * 2 }));
  const lines = draw({ kind: "curve", xLabel: "procs", yLabel: "speedup", points }, histories, {
    columns: 60,
    ascii: true,
    color: false,
  });
  const rowsWithPoint = lines.slice(1, 10).flatMap((line, row) => (line.includes("O") ? [row] : []));
  expect(rowsWithPoint).toHaveLength(3);
  expect(lines[1]?.trimEnd().endsWith(".")).toBe(true);
  expect(lines.join("\n")).toContain("O measured   . ideal");
});

test("timelines share one axis: the longer part has the longer lanes", () => {
  const parts = [
    { title: "half", fromMs: 0, toMs: 50 },
    { title: "whole", fromMs: 0, toMs: 100 },
  ];
  const lines = draw({ kind: "timelines", parts }, histories, { columns: 60, ascii: true, color: false });
  const lengths = lines.filter((line) => line.startsWith("P1")).map((line) => line.trimEnd().length);
  expect(lengths[0]).toBeLessThan((lengths[1] ?? 0) * 0.65);
});

test("a frame of the live view fits the screen whatever its size", async () => {
  const many = Histories.of(
    [1, 2, 3, 4, 5].flatMap((n) =>
      events.map((event) => ({ ...event, lane: `${event.lane}.${n}`, pid: event.pid + n * 10 })),
    ),
    true,
  );
  const demo = { name: "race", params: [], shared: { label: "data.json count", expected: () => 400 } } as const;
  for (const language of ["en", "zh"] as const) {
    setLanguage(language);
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 130 }),
        fc.integer({ min: 3, max: 40 }),
        fc.boolean(),
        (columns, rows, ascii) => {
          const lines = lanesFrame({ demo, params: {} }, many, 50, { columns, ascii, color: true }, rows);
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  }
});
