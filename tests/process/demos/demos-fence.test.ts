/** `fence`: what it says of its leases and counts, held against its database, the kernel and the record. */
import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDemo } from "../../../src/demos/catalog.ts";
import type { FenceResult } from "../../../src/demos/fence/report.ts";
import { playDemo } from "../../../src/demos/play.ts";
import { kernelView } from "../../../src/os/process/process-table.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { isRunning, signalProcess } from "../../support/processes/processes.ts";
import { abandoned, expectReadable, paramsOf, pidsOf, played } from "../../support/recordings/played.ts";
import { until } from "../../support/wait.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-fence-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("with the lease alone the late write overwrites, with its number it is refused; twice in one folder", async () => {
  for (let play = 1; play <= 2; play++) {
    const recording = new Recording();
    const stood: (boolean | undefined)[] = [];
    recording.subscribe(({ type, pid }) => type === "stopped" && stood.push(kernelView(pid)?.stopped));
    const signal = new AbortController().signal;
    const params = await paramsOf("fence", { lease: 60, work: 5 });
    const outcome = await playDemo(await loadDemo("fence"), { params, dir, recording, signal });
    expectReadable(outcome);
    expect(outcome.outcome.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(outcome.outcome.answer).toBe("overwrites");
    expect(stood).toEqual([true, true]);
    const result = outcome.document.result as FenceResult;
    expect(result).toMatchObject({
      farm: null,
      expected: 2,
      alone: { numbers: [1, 2], late: "written", actual: 1, lost: 1, maxHolders: 2 },
      fenced: { numbers: [1, 2, 3], late: "rejected", actual: 2, lost: 0, maxHolders: 2, example: null },
    });
    expect(result.refusal).toContain("fence <= 1");
    // Of the overwritten one both had read 0, and both wrote 1.
    expect(result.alone.example?.reads.map(({ value }) => value)).toEqual([0, 0]);
    expect(result.alone.example?.writes.map(({ lane, value }) => [lane, value])).toEqual([
      ["P2", 1],
      ["P1", 1],
    ]);

    expect(readdirSync(dir)).toEqual(["fence.db"]);
    using database = new Database(join(dir, "fence.db"), { readonly: true });
    expect(database.query("select name, fence, value from count order by name").values()).toEqual([
      ["alone", 0, 1],
      ["fenced", 3, 2],
    ]);
    expect(database.query("select name, fence, holder, until from lease order by name").values()).toEqual([
      ["alone", 2, null, 0],
      ["fenced", 3, null, 0],
    ]);
  }
});

test("left while one is stopped, it leaves nothing behind, the stopped one neither", async () => {
  const { recording, left } = await abandoned("fence", {}, (seen) => seen.of("stopped").length > 0);
  await until("all to have ended", () => !pidsOf(recording).some(isRunning));
  expect(left).toEqual([]);
});

test("one that is killed while it is stopped is named", async () => {
  const recording = new Recording();
  recording.subscribe(({ type, pid }) => type === "stopped" && signalProcess(pid, "SIGKILL"));
  await expect(played("fence", { lease: 50, work: 0 }, recording)).rejects.toThrow(/^P1 \(pid \d+\) .*SIGKILL/);
  await until("all to have ended", () => !pidsOf(recording).some(isRunning));
});
