/** `forkbomb` and `zombie`: what they say of their processes, held against /proc while those live. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { ForkbombResult } from "../../../src/demos/forkbomb/report.ts";
import type { OversubscribeResult } from "../../../src/demos/oversubscribe/report.ts";
import type { Played } from "../../../src/demos/play.ts";
import type { ZombieResult } from "../../../src/demos/zombie/report.ts";
import { usableCores } from "../../../src/os/cores.ts";
import { vitalsOf } from "../../../src/os/process/process-table.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning, parentOf, signalProcess } from "../../support/processes/processes.ts";
import { abandoned, pidsOf, played } from "../../support/recordings/played.ts";
import { until } from "../../support/wait.ts";

withExecutableChildren();

const resultOf = <R>({ document, outcome }: Played): R => {
  expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
  expect(document.ok).toBe(true);
  return document.result as R;
};

/** A status field of a process as /proc has it now. */
const field = (pid: number, name: string) =>
  new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];

describe("forkbomb", () => {
  test.each([
    [2, 2, [1, 2], "depth"],
    [2, 4, [1, 2, 4, 8], "depth"],
    [3, 5, [1, 3, 9, 27], "total"], // 121 are not allowed, whatever the depth
  ] as const)("%i children each, %i generations: %p, and nobody is left", async (children, generations, sizes, by) => {
    const recording = new Recording();
    const last = sizes.at(-1) ?? 0;
    let parents: Map<number, number> | undefined;
    recording.subscribe(() => {
      if (parents !== undefined || recording.of("refused").length < last) return;
      parents = new Map(pidsOf(recording).map((pid) => [pid, parentOf(pid)]));
    });
    const play = await played("forkbomb", { children, generations, work: 0 }, recording);
    const result = resultOf<ForkbombResult>(play);
    expect(result.sizes).toEqual([...sizes]);
    expect(result.refused).toMatchObject({ count: last, by });
    expect(result.aliveAtOnce).toBe(result.processes);
    expect(result.left).toBe(0);
    expect(play.outcome.answer).toBe(sizes.length > 2 ? "multiply" : undefined);
    // While they lived, the kernel named the same parents.
    expect(new Map(result.tree.map(({ pid, ppid }) => [pid, ppid]))).toEqual(parents ?? new Map());
    expect(pidsOf(recording).filter(isRunning)).toEqual([]);
    expect(play.document.lanes).toHaveLength(result.processes);
    if (by === "depth") expect(result.refused.error).toContain(`limit ${generations}`);
  });

  test("a process of the tree that is killed from outside ends it at once, and fails its check", async () => {
    const recording = new Recording();
    let victim: number | undefined;
    recording.subscribe(({ type, lane, pid }) => {
      if (victim !== undefined || type !== "ready" || lane !== "P1.2") return;
      victim = pid;
      signalProcess(pid, "SIGKILL");
    });
    const { document } = await played("forkbomb", { work: 100 }, recording);
    expect(victim).toBeGreaterThan(1);
    expect(document.ok).toBe(false);
    expect(document.elapsedMs).toBeLessThan(15_000); // the longest it lets a tree grow is 20 s
    expect(recording.of("exit").filter(({ pid }) => pid === victim)).toHaveLength(1);
    // The victim's own children are nobody's to wait for: the kernel ends them when it has ended.
    await until("all have ended", () => !pidsOf(recording).some(isRunning), 1_000);
  });

  test("left while it grows, it leaves nothing behind", async () => {
    const { recording, left } = await abandoned(
      "forkbomb",
      { children: 3, generations: 5, work: 200 },
      (seen) => seen.of("spawn").length >= 4,
    );
    expect(pidsOf(recording).length).toBeGreaterThan(3);
    await until("all have ended", () => !pidsOf(recording).some(isRunning), 1_000);
    expect(left).toEqual([]);
  });
});

describe("zombie", () => {
  test("the kernel says Z as long as the demo does, and the pid is free again afterwards", async () => {
    const recording = new Recording();
    const seen: { state: string | undefined; parent: number; memory: string | undefined }[] = [];
    recording.subscribe(({ type, pid }) => {
      if (type !== "zombie") return;
      seen.push({ state: field(pid, "State"), parent: parentOf(pid), memory: field(pid, "VmRSS") });
    });
    const result = resultOf<ZombieResult>(await played("zombie", { work: 20 }, recording));
    expect(seen).toEqual([
      { state: "Z", parent: result.parentPid, memory: undefined },
      { state: "Z", parent: result.orphaned.before, memory: undefined },
    ]);
    expect(result.looks.exited).toMatchObject({ state: "Z", ppid: result.parentPid, rssKb: 0, exitCode: 7 });
    expect(result.looks.killed).toEqual(result.looks.exited);
    expect(result.looks.collected).toBeNull();
    expect(result.exitCode).toBe(7);
    expect(result.zombieMs).toBeGreaterThan(40 - 1);
    const exit = recording.of("exit").find(({ pid }) => pid === result.pid);
    expect(exit).toMatchObject({ lane: "P1.1", code: 7, signal: null });
    expect(pidsOf(recording).filter(isRunning)).toEqual([]);
  });

  test("a parent that is killed from outside before it is stopped: the error names it", async () => {
    const recording = new Recording();
    recording.subscribe(({ type, lane, pid }) => {
      if (type === "join" && lane === "P1") signalProcess(pid, "SIGKILL");
    });
    await expect(played("zombie", { work: 200 }, recording)).rejects.toThrow(/^P1 \(pid \d+\) .*SIGKILL/);
    await until("all have ended", () => !pidsOf(recording).some(isRunning), 1_000);
  });

  test.each(["stopped", "zombie"] as const)("left after the first %s, it leaves nothing behind", async (type) => {
    const { recording, left } = await abandoned("zombie", { work: 100 }, (seen) =>
      seen.of(type).some(({ lane }) => lane !== "main"),
    );
    await until("all have ended", () => !pidsOf(recording).some(isRunning), 1_000);
    expect(left).toEqual([]);
  });

  test("what is said of a process that runs, and of none", () => {
    const own = vitalsOf(process.pid);
    expect(own?.ppid).toBe(process.ppid);
    expect(own?.state).toMatch(/^[RSD]$/);
    expect(own?.rssKb).toBeGreaterThan(1_000);
    expect(own?.exitCode).toBeNull();
    expect(vitalsOf(2 ** 30)).toBeNull();
  });

  test("a process killed by a signal has no exit code", async () => {
    const parent = Bun.spawn(["sh", "-c", "sleep 600 & echo $!; exec sleep 600"], { stdout: "pipe" });
    const { value } = await parent.stdout.getReader().read();
    const pid = Number(new TextDecoder().decode(value));
    // A shell might still collect it; what has become of the shell asks nobody.
    await until("the parent is sleep", () =>
      /^Name:\s+sleep$/m.test(readFileSync(`/proc/${parent.pid}/status`, "utf8")),
    );
    process.kill(pid, "SIGKILL");
    await until("it is a zombie", () => vitalsOf(pid)?.state === "Z");
    expect(vitalsOf(pid)).toEqual({ ppid: parent.pid, state: "Z", rssKb: 0, exitCode: null });
    parent.kill("SIGKILL");
    await parent.exited;
  });
});

describe("oversubscribe", () => {
  test("counts, times and memory fit together", async () => {
    const cores = usableCores();
    const procs = cores * 4;
    const play = await played("oversubscribe", { procs, cpu: 100, samples: 1 });
    const result = resultOf<OversubscribeResult>(play);
    expect(result.cores).toBe(cores);
    expect(result.atOnce).toBeGreaterThan(cores);
    expect(result.points.at(-1)?.procs).toBe(procs);
    for (const [i, point] of result.points.entries()) {
      expect(point.slowest).toBeWithin(0, 1.000_001);
      expect(point.involuntary).toBeGreaterThanOrEqual(0);
      // Each process takes memory of its own.
      if (i > 0) expect(point.memoryMb).toBeGreaterThan(result.points[i - 1]?.memoryMb ?? 0);
    }
    expect(result.points[0]?.slowest).toBe(1);
    // Four to a core: nobody can have had one all the time.
    expect(result.points.at(-1)?.coreShare).toBeLessThan(0.9);
    expect(play.document.lanes).toHaveLength(procs);
    // While others use the cores it says that, and gives no verdict.
    if (result.disturbed) expect(play.outcome.answer).toBeUndefined();
    else expect(["sooner", "same", "later"]).toContain(play.outcome.answer ?? "");
  });

  test("left in the middle, it leaves nothing behind", async () => {
    const { recording, left } = await abandoned("oversubscribe", { cpu: 10_000 }, (seen) =>
      seen.of("wait").some(({ lane }) => lane !== "main"),
    );
    expect(pidsOf(recording).filter(isRunning)).toEqual([]);
    expect(left).toEqual([]);
  });
});
