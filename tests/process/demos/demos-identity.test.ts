/** `identity`: three generations and an adoption, checked against /proc while the processes live. */

import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Recording } from "../../../src/recording/recording.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning, parentOf } from "../../support/processes/processes.ts";
import { abandoned, pidsOf, played } from "../../support/recordings/played.ts";
import { root } from "../../support/root.ts";
import { until } from "../../support/wait.ts";

withExecutableChildren();

interface Result {
  tree: { lane: string; pid: number; ppid: number; generation: number }[];
  reparented: { pid: number; before: number; after: number; adopter: string };
}

test.each([1, 2, 32])("with %i grandchildren everything it promises holds", async (procs) => {
  const { document, outcome } = await played("identity", { procs, work: 0 });
  expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
  const { tree, reparented } = document.result as Result;
  expect(tree.map(({ generation }) => generation)).toEqual([0, 1, ...Array(procs).fill(2)]);
  const [main, middle, grandchild] = tree;
  expect(main).toMatchObject({ lane: "main", pid: process.pid, ppid: process.ppid });
  expect(middle).toMatchObject({ lane: "P1", ppid: process.pid });
  expect(reparented).toMatchObject({ pid: grandchild?.pid ?? 0, before: middle?.pid ?? 0 });
  expect(reparented.adopter).toBe(readFileSync(`/proc/${reparented.after}/comm`, "utf8").trim());
  expect(outcome.answer).toBe("adopted");
  expect(document.lanes).toHaveLength(1 + procs);
  expect(document.lanes.filter(({ pid }) => isRunning(pid))).toEqual([]);
  for (const lane of document.lanes) expect(lane.endMs).toBeGreaterThan(lane.startMs);
});

test("what it records is what /proc says at that moment", async () => {
  const recording = new Recording();
  const seen: [string, number, number][] = [];
  recording.subscribe((event) => {
    if (event.type === "say" || event.type === "adopted") seen.push([event.type, event.ppid, parentOf(event.pid)]);
  });
  await played("identity", { procs: 2, work: 0 }, recording);
  expect(seen.filter(([type]) => type === "adopted")).toHaveLength(2);
  for (const [, recorded, kernel] of seen) expect(recorded).toBe(kernel);
});

describe("left in the middle, it leaves nothing behind", () => {
  const gone = async (recording: Recording, left: string[], generations: number) => {
    expect(left).toEqual([]);
    expect(pidsOf(recording)).toHaveLength(generations);
    await until("all have ended", () => !pidsOf(recording).some(isRunning), 1_000);
  };

  test("before P1 exits", async () => {
    const { recording, left } = await abandoned("identity", { work: 10_000 }, (seen) => seen.of("say").length === 3);
    await gone(recording, left, 3);
  });

  test("while its children are orphans", async () => {
    const adopted = (seen: Recording) => seen.of("adopted").length === 2;
    const { recording, left } = await abandoned("identity", { work: 500 }, adopted);
    await gone(recording, left, 3);
  });
});

test.each(["say", "adopted"])(
  "kill -9 of lanes after the grandchildren's first %s: all gone in a second",
  async (type) => {
    const program = join(root, "tests/fixtures/play-identity.ts");
    const TMPDIR = mkdtempSync(join(tmpdir(), "identity-")); // kill -9 leaves the demo's folder: here it is the test's
    const env = { ...process.env, TMPDIR };
    const lanes = Bun.spawn([process.execPath, program, type], { env, stdio: ["ignore", "pipe", "inherit"] });
    const chunk = await lanes.stdout.getReader().read();
    const pids = JSON.parse(new TextDecoder().decode(chunk.value)) as number[];
    expect(pids.filter(isRunning).length).toBe(type === "say" ? 3 : 2);
    lanes.kill("SIGKILL");
    await lanes.exited;
    await until("all have ended", () => !pids.some(isRunning), 1_000);
    rmSync(TMPDIR, { recursive: true });
  },
);
