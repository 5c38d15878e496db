/** `subclass` and `isolation`: what the parent and its children each hold, from real processes. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Recording } from "../../../src/recording/recording.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning } from "../../support/processes/processes.ts";
import { abandoned, pidsOf, played } from "../../support/recordings/played.ts";

withExecutableChildren();

describe.each(["subclass", "isolation"] as const)("%s", (name) => {
  test.each([1, 12])("with %i processes everything it promises holds", async (procs) => {
    const { document, outcome } = await played(name, { procs, work: 0 });
    expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
    expect(document.ok).toBe(true);
    expect(document.lanes).toHaveLength(procs);
    expect(new Set(document.lanes.map((lane) => lane.pid)).size).toBe(procs);
    expect(document.lanes.map((lane) => lane.ppid)).toEqual(Array(procs).fill(process.pid));
  });

  test.if(process.platform === "linux")("its pids are the kernel's", async () => {
    const recording = new Recording();
    const commands: string[] = [];
    recording.subscribe((event) => {
      if (event.type === "ready") commands.push(readFileSync(`/proc/${event.pid}/cmdline`, "latin1"));
    });
    await played(name, { procs: 2, work: 200 }, recording);
    expect(commands).toHaveLength(2);
    for (const command of commands) expect(command).toContain("--lanes-worker");
  });

  test("left in the middle, it leaves nothing behind", async () => {
    const { recording, left } = await abandoned(name, { work: 10_000 }, (seen) => seen.of("ready").length === 3);
    const pids = pidsOf(recording);
    expect(pids).toHaveLength(3);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(left).toEqual([]);
  });

  test("as many rounds as it allows", async () => {
    const { document } = await played(name, { procs: 1, rounds: 1_000_000, work: 0 });
    expect(document.ok).toBe(true);
  });
});

test("subclass: state travels there and not back", async () => {
  const { document, outcome } = await played("subclass", { procs: 2, rounds: 5, work: 0 });
  expect(document.result).toMatchObject({
    instances: [
      { name: "P1", set: 100, received: 100, left: 105, kept: 100 },
      { name: "P2", set: 200, received: 200, left: 205, kept: 200 },
    ],
  });
  expect((document.result as { spawnMs: number }).spawnMs).toBeGreaterThan(0);
  expect(outcome.answer).toBe("stays");
});

test("isolation: each process has its own", async () => {
  const { document, outcome } = await played("isolation", { procs: 3, rounds: 7, work: 0 });
  expect(document.result).toEqual({ parentValue: 0, childValues: [7, 14, 21] });
  expect(outcome.answer).toBe("unchanged");
});
