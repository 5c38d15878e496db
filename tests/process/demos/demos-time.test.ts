/** `concurrency` and `speedup`: what is measured, held against the kernel's times of the same processes. */
import { describe, expect, test } from "bun:test";
import { sum } from "../../../src/demos/analysis/numbers.ts";
import type { ConcurrencyResult } from "../../../src/demos/concurrency/demo.ts";
import type { Played } from "../../../src/demos/play.ts";
import type { SpeedupResult } from "../../../src/demos/speedup/report.ts";
import { message } from "../../../src/i18n/index.ts";
import { usableCores } from "../../../src/os/cores.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning } from "../../support/processes/processes.ts";
import { abandoned, pidsOf, played } from "../../support/recordings/played.ts";

withExecutableChildren();

const resultOf = <R>({ document, outcome }: Played): R => {
  expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
  expect(document.ok).toBe(true);
  return document.result as R;
};

describe("concurrency", () => {
  test.each([
    [1, 50],
    [4, 30],
    [8, 20],
  ])("of %i processes: one after another the sum, together the longest", async (procs, wait) => {
    const { document, outcome } = await played("concurrency", { procs, wait });
    const result = resultOf<ConcurrencyResult>({ document, outcome } as Played);
    const waits = Array.from({ length: procs }, (_, i) => wait * (i + 1));
    expect(result.sumMs).toBeGreaterThan(sum(waits) - procs);
    expect(result.sequentialMs).toBeGreaterThanOrEqual(result.sumMs);
    expect(result.longestMs).toBeGreaterThan(wait * procs - 1);
    expect(result.concurrentMs).toBeGreaterThanOrEqual(result.longestMs);
    if (procs > 1) expect(result.atOnce.concurrent).toBeGreaterThan(1);

    const [first, second] = [document.lanes.slice(0, procs), document.lanes.slice(procs)];
    expect([first.length, second.length]).toEqual([procs, procs]);
    for (const [i, lane] of first.slice(1).entries())
      expect(lane.startMs).toBeGreaterThanOrEqual(first[i]?.endMs ?? NaN);
    const firstEnd = Math.min(...second.map((lane) => lane.endMs ?? NaN));
    for (const lane of second) expect(lane.startMs).toBeLessThan(firstEnd);
  });

  test("one process is not said to wait beside others", async () => {
    const { outcome } = await played("concurrency", { procs: 1, wait: 20 });
    expect(outcome.checks.map(({ label }) => label)).not.toContain("demo.concurrency.check.atOnce");
    expect(outcome.answer).toBeUndefined();
    expect(message("demo.concurrency.watch", { procs: 1 })).not.toContain("together");
  });

  test("the prediction's answer is the nearer of the two", async () => {
    const { document, outcome } = await played("concurrency", { procs: 3, wait: 50 });
    const { concurrentMs, longestMs, sumMs } = document.result as ConcurrencyResult;
    expect(outcome.answer).toBe(concurrentMs - longestMs < sumMs - concurrentMs ? "longest" : "sum");
  });
});

describe("speedup", () => {
  test.each([1, 2, 5])("up to %i processes: the same answer, and times that fit together", async (procs) => {
    const play = await played("speedup", { procs, cpu: 60, samples: 2 });
    const result = resultOf<SpeedupResult>(play);
    expect(result.points.map((point) => point.procs)).toEqual(Array.from({ length: procs }, (_, i) => i + 1));
    const oneMs = result.points[0]?.ms ?? NaN;
    for (const { procs, ms, speedup, efficiency, runsMs } of result.points) {
      expect(runsMs).toHaveLength(2);
      expect(ms).toBe(Math.min(...runsMs));
      expect(speedup).toBeCloseTo(oneMs / ms, 2);
      expect(efficiency).toBeCloseTo(speedup / procs, 2);
    }
    expect(result.asyncMs).toBeGreaterThan(0);
    expect(result.cores).toBe(usableCores());
    if (procs === 1) expect(result.serialShare).toBeNull();
    else expect(result.serialShare).toBeWithin(0, 1.000_001);
  });

  test("the work was done: the kernel counted its CPU time", async () => {
    const play = await played("speedup", { procs: 2, cpu: 100, samples: 1 });
    const { points, asyncMs } = resultOf<SpeedupResult>(play);
    // Whatever else ran, a process cannot have computed longer than its share took, nor less than the fastest clock allows.
    const cpuMs = sum(play.document.lanes.map((lane) => lane.cpuMs ?? NaN));
    expect(cpuMs).toBeGreaterThan(60);
    expect(points.every(({ ms }) => ms > 5) && asyncMs > 10).toBe(true);
  });

  test("while other programs keep the cores busy it says so, and reads no law from the times", async () => {
    const busy = ["sh", "-c", "i=0; while [ $i -lt 50000000 ]; do i=$((i + 1)); done"]; // ends by itself, if need be
    const others = Array.from({ length: 3 * usableCores() }, () => Bun.spawn(busy));
    try {
      const play = await played("speedup", { procs: 2, cpu: 60, samples: 1 });
      expect(resultOf<SpeedupResult>(play).disturbed).toBe(true);
      const labels = play.outcome.facts.map(({ label }) => label);
      expect(labels).toContain("demo.speedup.fact.coreShare");
      expect(labels).not.toContain("demo.speedup.fact.serial");
      expect(play.outcome.why).toBe("demo.speedup.why.disturbed");
      // `cpu` is time of a core, whoever else has it in between.
      const cpuMs = sum(play.document.lanes.map((lane) => lane.cpuMs ?? NaN));
      expect(cpuMs).toBeWithin(120, 1_000);
    } finally {
      for (const other of others) other.kill("SIGKILL");
      await Promise.all(others.map((other) => other.exited));
    }
  });

  test("as many processes as it allows", async () => {
    const { document } = await played("speedup", { procs: 64, cpu: 20, samples: 1 });
    expect(document.ok).toBe(true);
    expect(document.lanes).toHaveLength(64);
  }, 120_000);
});

test.each([
  ["concurrency", { wait: 2_000 }, "wait"],
  ["speedup", { cpu: 10_000 }, "run"],
] as const)("%s, left in the middle, leaves nothing behind", async (name, params, type) => {
  const { recording, left } = await abandoned(name, params, (seen) =>
    seen.of(type).some(({ lane }) => lane !== "main"),
  );
  expect(pidsOf(recording).length).toBeGreaterThan(0);
  expect(pidsOf(recording).filter(isRunning)).toEqual([]);
  expect(left).toEqual([]);
});
