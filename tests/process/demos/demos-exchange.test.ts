/** `exchange`: every medium carries everything, at any size; what it says it measured fits what can be seen outside. */
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDemo } from "../../../src/demos/catalog.ts";
import { playDemo } from "../../../src/demos/play.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning, parentOf, signalProcess } from "../../support/processes/processes.ts";
import { abandoned, paramsOf, pidsOf, played } from "../../support/recordings/played.ts";
import { until } from "../../support/wait.ts";

withExecutableChildren();

interface Result {
  media: { name: string; ok: boolean; messagesPerSecond: number; mbPerSecond: number; small: Load; large: Load }[];
}
interface Load {
  messages: number;
  bytes: number;
  ms: number;
}
const names = ["ipc", "pipe", "file", "sqlite", "shared-memory"];

test.each([
  { messages: 1, size: 4, megabytes: 1 },
  { messages: 500, size: 100, megabytes: 4 },
  { messages: 300, size: 16_384, megabytes: 1 },
])("everything it promises holds with %j", async (params) => {
  const { document, outcome } = await played("exchange", params);
  expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
  const { media } = document.result as Result;
  expect(media.map(({ name }) => name)).toEqual(names);
  for (const { ok, messagesPerSecond, mbPerSecond, small, large } of media) {
    expect(ok).toBe(true);
    expect(small).toMatchObject({ messages: params.messages, bytes: params.size });
    expect(large).toMatchObject({ messages: params.megabytes, bytes: 2 ** 20 });
    expect(messagesPerSecond / (params.messages / (small.ms / 1e3))).toBeCloseTo(1, 1);
    expect(mbPerSecond / ((params.megabytes * 2 ** 20) / 1e6 / (large.ms / 1e3))).toBeCloseTo(1, 1);
  }
  const total = media.reduce((ms, { small, large }) => ms + small.ms + large.ms, 0);
  expect(total).toBeLessThan(document.elapsedMs);
  // Which is the fastest is what this machine had time for; where two are as good as each other, none is.
  expect([...names, undefined]).toContain(outcome.answer);
  expect(document.lanes.map(({ lane, exitCode }) => [lane, exitCode])).toEqual([
    ["P1", 0],
    ["P1.1", 0],
  ]);
});

test.if(process.platform === "linux")(
  "two processes, one the other's child, and it is they who move the data",
  async () => {
    const recording = new Recording();
    const parents: [number, number, number][] = [];
    let written = 0;
    const bytesOf = (pid: number) => Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
    recording.subscribe((event) => {
      if (event.type === "ready") parents.push([event.pid, event.ppid, parentOf(event.pid)]);
      if (event.type === "run" && event.lane === "P1" && isRunning(event.pid)) written = bytesOf(event.pid);
    });
    const { document } = await played("exchange", { messages: 10, megabytes: 4 }, recording);
    expect(document.ok).toBe(true);
    const [first, second] = parents.toSorted((a, b) => a[0] - b[0]);
    expect(first).toEqual([first?.[0] ?? 0, process.pid, process.pid]);
    expect(second?.[1]).toBe(first?.[0] ?? 0);
    expect(second?.[2]).toBe(first?.[0] ?? 0);
    // The kernel counts what a process has written: by the turn of the last medium, 4 MiB through each of the three before it.
    expect(written).toBeGreaterThan(3 * 4 * 2 ** 20);
  },
);

test("--dir keeps its files, and a second run starts afresh", async () => {
  const dir = mkdtempSync(join(tmpdir(), "exchange-"));
  try {
    for (let run = 0; run < 2; run++) {
      const params = await paramsOf("exchange", { messages: 20, size: 8, megabytes: 1 });
      const { document } = await playDemo(await loadDemo("exchange"), {
        params,
        dir,
        signal: new AbortController().signal,
      });
      expect(document.ok).toBe(true);
      expect(readdirSync(dir)).toEqual(expect.arrayContaining(["file-8", "pipe-8", "sqlite-8", "shared-memory-8"]));
      expect(statSync(join(dir, "file-8")).size).toBe(20 * (4 + 8) + 4);
      expect(statSync(join(dir, "pipe-8")).isFIFO()).toBe(true);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

/** The first time this medium is tried: the warm-up. */
const begun = (recording: Recording, name: string) =>
  recording.of("run").some(({ lane, text }) => lane === "P1" && text?.startsWith(`${name}: `));

test.each(names)("left in the middle of %s, it leaves nothing behind", async (name) => {
  const params = { messages: 100_000, megabytes: 1 };
  const { recording, left } = await abandoned("exchange", params, (seen) => begun(seen, name));
  expect(left).toEqual([]);
  expect(pidsOf(recording)).toHaveLength(2);
  await until("both have ended", () => !pidsOf(recording).some(isRunning), 1_000);
});

/** Plays, and kills the process of this lane when the medium is first tried. */
async function playedWithout(lane: string, name: string): Promise<string> {
  const recording = new Recording();
  const unsubscribe = recording.subscribe(() => {
    const pid = recording.of("ready").find((event) => event.lane === lane)?.pid;
    if (pid === undefined || !begun(recording, name)) return;
    unsubscribe();
    signalProcess(pid, "SIGKILL");
  });
  let message = "";
  try {
    await played("exchange", { messages: 100_000, size: 1_000, megabytes: 1 }, recording);
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  await until("both have ended", () => !pidsOf(recording).some(isRunning), 1_000);
  return message;
}

test.each(names)("a receiver that is killed during %s is one clear error", async (name) => {
  expect(await playedWithout("P1.1", name)).toMatch(/P1\.1 \(pid \d+\) ended with SIGKILL before its work was done/);
});

test("a sender that is killed is one clear error", async () => {
  expect(await playedWithout("P1", "file")).toMatch(/P1 \(pid \d+\) ended with SIGKILL before its work was done/);
});
