/** `race`, `mutex` and `crash`: what they say of data.json and its lock, held against the files and the record. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoName } from "../../../src/demos/catalog.ts";
import { loadDemo } from "../../../src/demos/catalog.ts";
import type { CrashResult } from "../../../src/demos/crash/report.ts";
import type { Params } from "../../../src/demos/define.ts";
import type { MutexResult } from "../../../src/demos/mutex/report.ts";
import { type Played, playDemo } from "../../../src/demos/play.ts";
import type { RaceResult } from "../../../src/demos/race/report.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { demoText } from "../../../src/show/text.ts";
import { withExecutableChildren } from "../../support/processes/executable-children.ts";
import { isRunning } from "../../support/processes/processes.ts";
import { abandoned, paramsOf, pidsOf } from "../../support/recordings/played.ts";

withExecutableChildren();

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-sharing-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const countIn = (file: string): unknown => JSON.parse(readFileSync(file, "utf8")).count;

/** Plays a demo in `dir`, where its files stay. */
async function playedIn(
  name: DemoName,
  params: Params,
  { recording = new Recording(), signal = new AbortController().signal } = {},
): Promise<Played> {
  return playDemo(await loadDemo(name), { params: await paramsOf(name, params), dir, recording, signal });
}

function resultOf<R>({ document, outcome }: Played): R {
  expect(outcome.checks.filter((check) => !check.ok)).toEqual([]);
  expect(document.ok).toBe(true);
  return document.result as R;
}

describe("race", () => {
  test("natural: what is lost is what the file lacks, and the example is in the record", async () => {
    const play = await playedIn("race", { rounds: 60, gap: 4 });
    const result = resultOf<RaceResult>(play);
    expect(result).toMatchObject({ mode: "natural", expected: 240, leftReadable: true });
    expect(result.actual).toBe(countIn(join(dir, "data.json")) as number);
    expect(result.lost).toBe(240 - result.actual);
    expect(result.lost).toBeGreaterThan(0);
    expect(play.outcome.answer).toBe("less");

    const { reads, writes } = result.example ?? { reads: [], writes: [] };
    const events = play.recording.events();
    for (const access of [...reads, ...writes]) expect(events).toContainEqual(expect.objectContaining(access));
    expect(reads[0]?.pid).toBe(writes[0]?.pid);
    expect(reads[1]?.pid).toBe(writes[1]?.pid);
    expect(reads[0]?.pid).not.toBe(reads[1]?.pid);
    expect(writes[1]?.t).toBeGreaterThanOrEqual(writes[0]?.t ?? NaN);
    expect(writes.map(({ value }) => value)).toEqual(reads.map(({ value }) => value + 1));
  });

  test.each([
    [2, 5, 0],
    [4, 20, 1],
    [12, 2, 0],
  ])("staged, %i processes, %i rounds: of every round one update survives", async (procs, rounds, gap) => {
    const result = resultOf<RaceResult>(await playedIn("race", { procs, rounds, gap, mode: "staged" }));
    expect(result).toMatchObject({ expected: procs * rounds, actual: rounds, lost: rounds * (procs - 1) });
    const { reads, writes } = result.example ?? { reads: [], writes: [] };
    expect(reads[0]?.value).toBe(reads[1]?.value as number);
    expect(writes[0]?.value).toBe(writes[1]?.value as number);
  });

  test.each(["natural", "staged"])("one process loses nothing (%s)", async (mode) => {
    const play = await playedIn("race", { procs: 1, rounds: 50, gap: 0, mode });
    expect(resultOf<RaceResult>(play)).toMatchObject({ lost: 0, example: null });
    expect(play.outcome.answer).toBe("all");
    const text = demoText(play, { columns: 100, ascii: true, color: false });
    expect(text).toContain("Why: One process alone loses nothing");
    expect(play.outcome.suggestion).toEqual({ procs: 4 });
  });

  test.each([
    [4, 15, 1, "natural"],
    [4, 8, 0, "staged"],
    [1, 10, 0, "staged"],
    [8, 2, 0, "natural"],
  ])(
    "under the lock, %i processes, %i rounds, %i ms, %s: nothing is lost, and it says so",
    async (procs, rounds, gap, mode) => {
      const play = await playedIn("race", { procs, rounds, gap, mode, lock: "on" });
      const expected = procs * rounds;
      const result = resultOf<RaceResult>(play);
      expect(result).toMatchObject({ mode, expected, actual: expected, lost: 0, maxHolders: 1, example: null });
      expect(play.document.params).toMatchObject({ lock: "on" });
      expect(play.recording.of("hold")).toHaveLength(expected);
      expect(play.outcome.answer).toBe("all");
      expect(play.outcome.why).toBe(procs === 1 ? "demo.race.why.alone" : "demo.race.why.locked");
      expect(play.outcome.command).toContain("lanes lock");
      expect(readdirSync(dir)).toEqual(["data.json"]);
    },
  );

  test("a loss leads to the lock, and the lock to more processes", async () => {
    const lossy = await playedIn("race", { procs: 3, rounds: 2, gap: 0, mode: "staged" });
    expect(lossy.outcome.suggestion).toEqual({ lock: "on" });
    const locked = await playedIn("race", { procs: 3, rounds: 2, gap: 0, lock: "on" });
    expect(locked.outcome.suggestion).toEqual({ procs: 6 });
  });

  test("without a pause, whether or not something is lost, it says what is", async () => {
    const play = await playedIn("race", { procs: 8, rounds: 300, gap: 0 });
    const { lost, example } = resultOf<RaceResult>(play);
    expect(example !== null).toBe(lost > 0);
    if (lost === 0) expect(play.outcome.suggestion).toEqual({ rounds: 3_000 });
  });

  test("a file left unreadable is counted, read again, and written anew in the end", async () => {
    const recording = new Recording();
    recording.subscribe(({ type, lane }) => {
      if (type === "write" && lane === "main") writeFileSync(join(dir, "data.json"), '{"count":');
    });
    const play = await playedIn("race", { procs: 2, rounds: 20, gap: 2 }, { recording });
    const { unreadable, leftReadable } = resultOf<RaceResult>(play);
    expect(leftReadable).toBe(true);
    expect(unreadable).toBe(recording.of("read").filter(({ value }) => value === null).length);
    expect(unreadable).toBeGreaterThan(1);
    expect(recording.of("write")).toHaveLength(1 + 2 * 20);
  });
});

describe("mutex", () => {
  test.each([
    [1, 10, 0],
    [4, 25, 1],
    [16, 2, 1],
  ])("%i processes, %i rounds: nothing lost, one holder, each waited its turn", async (procs, rounds, gap) => {
    const play = await playedIn("mutex", { procs, rounds, gap, samples: 2 });
    const result = resultOf<MutexResult>(play);
    const expected = procs * rounds;
    expect(result).toMatchObject({ expected, actual: expected, lost: 0, maxHolders: 1 });
    expect(result.costRatios).toHaveLength(2);
    expect(result.lockedMs).toBeGreaterThan(expected * gap);
    expect(countIn(join(dir, "data.json"))).toBe(expected);
    expect(readdirSync(dir)).toEqual(["data.json"]);

    const sums = play.outcome.pictures.find((picture) => picture.kind === "table");
    expect(sums?.columns[0]).toEqual({ key: "demo.mutex.column.process", params: { runs: 2 } });
    expect(sums?.rows.map(([, times]) => times)).toEqual(Array(procs).fill(`${2 * rounds}`));

    const lines = demoText(play, { columns: 80, ascii: true, color: false }).split("\n");
    const chart = lines.findIndex((line) => /^without the lock +\d/.test(line));
    const end = lines.findIndex((line) => /^with the lock +\d/.test(line));
    expect(lines.slice(chart + 1, end)).not.toBeEmpty();
    expect(lines.slice(chart + 1, end).filter((line) => line.includes("#"))).toEqual([]); // nobody holds without it

    // The record, read another way: between each hold and its release there is one read and one write, by the holder, and
    // the counts written under the lock go up by one.
    const locked = play.recording.events().filter(({ type, lane }) => lane !== "main" && underLock.has(type));
    let holder: string | undefined;
    let count = 0;
    const written: number[] = [];
    for (const event of locked) {
      if (event.type === "hold") {
        expect(holder).toBeUndefined();
        holder = event.lane;
      } else if (event.type === "release") {
        expect(holder).toBe(event.lane);
        holder = undefined;
      } else if (event.type === "write" && holder === event.lane) {
        count = event.value === 1 ? 1 : count + 1;
        written.push(count);
        expect(event.value).toBe(count);
      }
    }
    expect(written).toHaveLength(2 * expected);
  });

  test("the lock file names a holder that lives, and never anybody else", async () => {
    const recording = new Recording();
    const owners = new Set<number>();
    recording.subscribe((event) => {
      if (event.type !== "hold") return;
      try {
        const owner = JSON.parse(readFileSync(join(dir, "data.json.lock"), "utf8"));
        if (owner.pid !== undefined) owners.add(owner.pid);
      } catch {} // released already, or just being written
    });
    const { document } = await playedIn("mutex", { rounds: 30, samples: 1, gap: 5 }, { recording });
    expect(owners.size).toBeGreaterThan(0);
    const pids = document.lanes.map(({ pid }) => pid);
    for (const owner of owners) expect(pids).toContain(owner);
  });
});

const underLock: ReadonlySet<string> = new Set(["hold", "release", "read", "write"]);

describe("crash", () => {
  test.each([
    [2, 0],
    [4, 50],
    [8, 0],
  ])("%i processes: the next one holds the lock, and data.json is whole", async (procs, work) => {
    const recording = new Recording();
    const holderWhenNextHeld: boolean[] = [];
    recording.subscribe((event) => {
      const first = recording.of("hold")[0];
      if (event.type === "hold" && first !== undefined && event.pid !== first.pid)
        holderWhenNextHeld.push(isRunning(first.pid));
    });
    const play = await playedIn("crash", { procs, work }, { recording });
    const result = resultOf<CrashResult>(play);
    const [first, ...others] = play.document.lanes;
    expect(first).toMatchObject({ pid: result.killedPid, exitCode: null, signal: "SIGKILL" });
    expect(others.map(({ exitCode }) => exitCode)).toEqual(others.map(() => 0));
    expect(others.map(({ pid }) => pid)).toContain(result.nextPid);
    expect(recording.of("hold").map(({ pid }) => pid)).toHaveLength(procs);
    expect(recording.of("hold")[1]?.pid).toBe(result.nextPid);
    expect(holderWhenNextHeld).toEqual(others.map(() => false));
    expect(result).toMatchObject({ intact: true, actual: procs - 1, maxHolders: 1, owner: { pid: result.killedPid } });
    expect(result.recoveryMs).toBeGreaterThan(0);
    expect(countIn(join(dir, "data.json"))).toBe(procs - 1);
    expect(readdirSync(dir)).toEqual(["data.json"]);
  });

  test("whoever waits for the lock or to be killed uses no CPU", async () => {
    const { document } = await playedIn("crash", { procs: 3, work: 700 });
    // Each waited or slept for at least 700 ms; one that polls takes as much CPU as the machine gives.
    for (const { cpuMs } of document.lanes) expect(cpuMs).toBeLessThan(350);
  });
});

const inside = (seen: Recording) => seen.of("hold").length > 0 || seen.of("write").some(({ lane }) => lane !== "main");

test.each([
  ["race", { rounds: 10_000 }],
  ["race", { rounds: 10_000, mode: "staged" }],
  ["mutex", { rounds: 10_000 }],
  ["crash", { work: 10_000 }],
] as const)("%s, left in the middle, leaves nothing behind: %o", async (name, params) => {
  const { recording, left } = await abandoned(name, params, inside);
  expect(pidsOf(recording).length).toBeGreaterThan(0);
  expect(pidsOf(recording).filter(isRunning)).toEqual([]);
  expect(left.filter((name) => !/^lanes-\d+$/.test(name))).toEqual([]); // but for the lock's turnstiles
});

test.each([
  ["mutex", { rounds: 20, samples: 50 }],
  ["race", { rounds: 2_000, lock: "on" }],
  ["crash", { work: 10_000 }],
] as const)("%s, left while somebody holds the lock, leaves no lock in --dir", async (name, params) => {
  const recording = new Recording();
  const leaving = new AbortController();
  recording.subscribe((event) => {
    if (event.type === "hold") leaving.abort(new Error("left"));
  });
  const left = await playedIn(name, params, { recording, signal: leaving.signal }).catch(
    (error: Error) => error.message,
  );
  expect(left).toBe("left");
  expect(readdirSync(dir)).toEqual(["data.json"]);
});
