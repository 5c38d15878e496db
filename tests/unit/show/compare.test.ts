import { afterEach, expect, test } from "bun:test";
import { summarize } from "../../../src/compare/statistics.ts";
import { setLanguage } from "../../../src/i18n/index.ts";
import { comparisonSections, comparisonText, warningLines } from "../../../src/show/compare.ts";
import { progressLines } from "../../../src/show/compare-progress.ts";
import { measureName, measureText } from "../../../src/show/measured.ts";
import { comparisonOf } from "../../support/recordings/comparison.ts";

const style = { columns: 80, ascii: false, color: false };
afterEach(() => setLanguage("en"));

test("two kinds of runs: on one axis, in numbers with their errors, and what the facts said", () => {
  const text = comparisonText(comparisonOf([100, 110], [400, 420]), style, { brief: false });
  expect(text).toMatch(/^Who overwrote my update\? \(race\) +2 runs each$/m);
  expect(text).toMatch(/^procs 2 {3}rounds 50 {3}gap 2 ms {3}mode natural$/m); // and no lock: it is what differs
  expect(text).toMatch(/^A {2}lock off +100 ms\nP1 .*\nP2 .*\nB {2}lock on +400 ms\nP1 .*\nP2 .*\n +0s /m);
  expect(text).toMatch(/^elapsed time +105\.0 ± 7\.1 ms +410 ± 14 ms +3\.90 ± 0\.30$/m);
  expect(text).toMatch(/^updates lost +74 ± 0 +0 ± 0 +0 ± 0$/m);
  expect(text).not.toMatch(/^(updates made|CPU time)/m); // the same in every run
  expect(text).toContain("Measured: B (lock on) takes 3.90 ± 0.30 times as long as A (lock off)");
  expect(text).toContain("✓ all checks of the demo held (4 runs)");
  expect(text).toMatch(/^updates lost +74 +0$/m);
  expect(text).toMatch(/^Why A: Adding one[\s\S]*^Why B: Whoever holds the lock/m);
});

test("the lanes of the shorter run end where its time ends on the axis of both", () => {
  const lines = comparisonText(comparisonOf([100, 110], [400, 420]), style, { brief: false }).split("\n");
  const strips = lines.filter((line) => /^P[12] /.test(line)).map((line) => line.length);
  expect(strips).toHaveLength(4);
  expect(strips[0]! * 3).toBeLessThan(strips[2]!);
});

test("the slower one is named, and times that overlap are not told apart", () => {
  const verdict = (a: number[], b: number[]) =>
    /^Measured: (.*(?:\n.*)?)$/m.exec(comparisonText(comparisonOf(a, b), style, { brief: true }))?.[1] ?? "";
  expect(verdict([400, 420], [100, 110])).toStartWith("A (lock off) takes 3.90 ± 0.30 times");
  expect(verdict([100, 110], [105, 112])).toContain("cannot be told apart");
  expect(verdict([100], [200])).toStartWith("B (lock on) takes 2 times"); // one run each: no error is known
});

test("one kind of runs: mean, σ, range, and no timeline", () => {
  const text = comparisonText(comparisonOf([1_000, 1_100, 1_200]), style, { brief: false });
  expect(text).toMatch(/\(race\) +3 runs$/m);
  expect(text).toMatch(/^elapsed time +1\.10 ± 0\.10 s +1\.00 s – 1\.20 s$/m);
  expect(text).not.toMatch(/^P1|Why|Measured/m);
});

test("whatever the width and the language, no line is wider, and the numbers are there", () => {
  for (const language of ["en", "zh"] as const) {
    setLanguage(language);
    for (const columns of [40, 60, 80, 120]) {
      for (const comparison of [comparisonOf([100, 110], [400, 420]), comparisonOf([100, 110])]) {
        const text = comparisonText(comparison, { ...style, columns }, { brief: false });
        for (const line of text.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(text).toContain("105.0 ± 7.1 ms");
        expect(text).not.toMatch(/undefined|NaN|\{\w/);
      }
    }
  }
});

test("in ASCII nothing but ASCII is drawn", () => {
  const text = comparisonText(comparisonOf([100, 110], [400, 420]), { ...style, ascii: true }, { brief: false });
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  expect(text).toMatch(/^elapsed time +105\.0 \+- 7\.1 ms/m);
});

test("a check that failed is named, with the runs it failed in", () => {
  const { series, ...rest } = comparisonOf([100, 110], [400, 420]);
  const [a, b] = series;
  const failed = new Map([["demo.race.check.all", 1] as const]);
  const text = comparisonText({ ...rest, series: [a, { ...b!, failed }] }, style, { brief: true });
  expect(text).toContain("✗ B: every process made every one of its updates (not in 1 of 2 runs)");
  expect(text).not.toContain("✓");
});

test("as many lanes as there is room for, and how many more there are", () => {
  const [, timelines] = comparisonSections(comparisonOf([100, 110], [400, 420]), style, 1);
  expect(timelines?.filter((line) => /^P\d/.test(line))).toHaveLength(2);
  expect(timelines?.filter((line) => line.includes("1 more lane"))).toHaveLength(2);
});

test("warnings say what it was, and of which kind of runs", () => {
  expect(warningLines(comparisonOf([100, 110], [400, 420], 0.31))[0]).toContain("others used 31 % of its CPU time");
  expect(warningLines(comparisonOf([100, 110], [100, 900]))[0]).toStartWith("B: the runs differ much: σ is 113 %");
  expect(warningLines(comparisonOf([100, 101, 99, 100, 98, 900]))[0]).toStartWith("run 6 took a quite different time");
  expect(warningLines(comparisonOf([100, 110], [400, 420]))).toEqual([]);
});

test("numbers carry two digits of their error, and the unit of their size", () => {
  const text = (name: string, ...values: number[]) => measureText(name, summarize(values));
  expect(text("elapsedMs", 248, 252, 250)).toBe("250.0 ± 2.0 ms");
  expect(text("elapsedMs", 1_240, 1_280)).toBe("1.260 ± 0.028 s");
  expect(text("elapsedMs", 250)).toBe("250 ms");
  expect(text("lost", 5, 5)).toBe("5 ± 0");
  expect(text("messagesPerSecond", 400_000, 420_000)).toBe("410,000 ± 14,142");
  expect(measureName("ipc.mbPerSecond")).toBe("ipc: MB/s");
  expect(measureName("somethingNew")).toBe("somethingNew");
});

test("progress: which run it is, and the mean so far", () => {
  const { demo, series, changed } = comparisonOf([100, 110], [400, 420]);
  const variants = series.map(({ params }) => params);
  const lines = (runs: number | undefined, ...times: number[][]) =>
    progressLines(
      {
        demo,
        variants,
        changed,
        progress: { runs, times: times.map((ms) => (ms.length > 0 ? summarize(ms) : undefined)) },
      },
      style,
    );
  const [head, a, b] = lines(3, [100, 110], [400]);
  expect(head).toMatch(/^race {3}procs 2 .*run 4 of 6$/);
  expect(a).toBe("A  lock off   105.0 ± 7.1 ms");
  expect(b).toBe("B  lock on    400 ms");
  expect(lines(undefined, [], [])[0]).toEndWith("run 1");
  expect(lines(1, [1], [1])[0]).toEndWith("run 2 of 2");
});
