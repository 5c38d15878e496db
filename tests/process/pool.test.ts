/** The pool with real workers: killed, hanging, replaced, relieved of their work, and a reader who does not read. */

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ArgumentSource,
  type ItemSource,
  LineSource,
  MapPool,
  type MapPoolOptions,
  type ResultSink,
} from "../../src/pool/index.ts";
import { nowMs } from "../../src/recording/clock.ts";
import type { LaneEvent } from "../../src/recording/event.ts";
import type { ItemFailure, MapSummary } from "../../src/recording/results/map-result.ts";
import { isRunning, signalProcess } from "../support/processes/processes.ts";
import { root } from "../support/root.ts";
import { until } from "../support/wait.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-pool-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Keeps what it is given; a test says when it is full. */
class Kept implements ResultSink {
  readonly #parts: Uint8Array[] = [];
  full = false;
  closed = false;
  onChange: () => void = () => {};
  readonly write = (bytes: Uint8Array): void => void this.#parts.push(bytes);
  async drained(): Promise<void> {}

  get lines(): string[] {
    const text = Buffer.concat(this.#parts).toString().trimEnd();
    return text === "" ? [] : text.split("\n");
  }
}

interface Answer {
  readonly item: number;
  readonly pid: number;
  readonly attempt: number;
}

interface Ran {
  readonly summary: MapSummary;
  readonly answers: readonly Answer[];
  readonly failures: readonly ItemFailure[];
  readonly events: readonly LaneEvent<"map">[];
}

const defaults: MapPoolOptions = {
  module: join(root, "tests/fixtures/pool-jobs.ts"),
  exportName: "quick",
  init: null,
  jobs: 2,
  input: "lines",
  output: "jsonl",
  ordered: true,
  chunk: null,
  timeoutMs: null,
  retries: null,
  integers: "fail",
  tsconfig: null,
  onError: "report",
  recycle: null,
  maxRssBytes: null,
};

const pools: { readonly pool: MapPool; readonly events: LaneEvent<"map">[] }[] = [];
afterEach(async () => {
  // Whatever a test did to them: when they have ended, no worker is left.
  for (const { pool, events } of pools.splice(0)) {
    pool.stop(0);
    const pids = [...new Set(events.map(({ pid }) => pid))];
    await until("every worker has ended", () => !pids.some(isRunning), 2_000);
  }
});

/** A pool that is not running yet, and what it does. */
function poolOf(options: Partial<MapPoolOptions>, source: ItemSource, onEvent = (_: LaneEvent<"map">) => {}) {
  const kept = new Kept();
  const failures: ItemFailure[] = [];
  const events: LaneEvent<"map">[] = [];
  const sink = (event: LaneEvent<"map">) => {
    events.push(event);
    onEvent(event);
  };
  const listener = { failed: (failure: ItemFailure) => void failures.push(failure), said: () => {}, worker: () => {} };
  // Arguments travel as JSON; lines are items as they stand.
  const input = source instanceof ArgumentSource ? "jsonl" : "lines";
  const pool = new MapPool({ ...defaults, input, ...options }, source, kept, listener, { originMs: nowMs(), sink });
  pools.push({ pool, events });
  return { pool, kept, failures, events };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i));

/** Runs a pool over these items to its end. */
async function ran(
  options: Partial<MapPoolOptions>,
  items: readonly string[],
  onEvent?: (event: LaneEvent<"map">) => void,
) {
  const { pool, kept, failures, events } = poolOf(options, new ArgumentSource(items, false), onEvent);
  const summary = await pool.run();
  const answers = kept.lines.map((line) => JSON.parse(line) as Answer);
  return { summary, answers, failures, events } satisfies Ran;
}

const itemsOf = ({ answers }: Ran) => answers.map(({ item }) => item);
const all = (count: number) => Array.from({ length: count }, (_, i) => i);
const others = (count: number, missing: number) => all(count).filter((item) => item !== missing);
const of = <T extends LaneEvent<"map">["type"]>(events: readonly LaneEvent<"map">[], type: T) =>
  events.filter((event): event is Extract<LaneEvent<"map">, { type: T }> => event.type === type);

/** Does something once, at the first event that `when` says. */
function once(when: (event: LaneEvent<"map">) => boolean, act: (event: LaneEvent<"map">) => void) {
  let done = false;
  return (event: LaneEvent<"map">) => {
    if (done || !when(event)) return;
    done = true;
    act(event);
  };
}

describe("results", () => {
  test("come in the items' order, whoever is done first, each once, from workers that are children of this one", async () => {
    const run = await ran({ exportName: "backwards", jobs: 4, chunk: 3 }, numbers(40));
    expect(itemsOf(run)).toEqual(all(40));
    expect(run.summary).toMatchObject({ ending: "done", items: 40, ok: 40, failed: 0, crashes: 0, notDone: [] });
    expect(new Set(of(run.events, "ready").map(({ ppid }) => ppid))).toEqual(new Set([process.pid]));
    const spawned = new Set(of(run.events, "spawn").map(({ pid }) => pid));
    expect(run.answers.every(({ pid }) => spawned.has(pid))).toBe(true);
  });

  test("unordered: a late one holds nobody up", async () => {
    const gate = join(dir, "gate");
    const { pool, kept } = poolOf(
      { exportName: "gated", ordered: false, chunk: 1 },
      new ArgumentSource([`0 ${gate}`, ...numbers(20).slice(1)], false),
    );
    const running = pool.run();
    await until("all others are there", () => kept.lines.length === 19);
    writeFileSync(gate, "");
    await running;
    expect(kept.lines.map((line) => (JSON.parse(line) as Answer).item).at(-1)).toBe(0);
  });
});

describe("a worker killed with kill -9", () => {
  test("while it works: nothing is lost, nothing doubled, and another process takes its place", async () => {
    const gate = join(dir, "gate");
    const items = numbers(200).map((item) => (item === "60" ? `60 ${gate}` : item));
    let victim = 0;
    const kill = once(
      ({ type }) => type === "chunk",
      ({ pid }) => {
        victim = pid;
        signalProcess(pid, "SIGKILL");
        writeFileSync(gate, "");
      },
    );
    const run = await ran({ exportName: "gated", chunk: 10 }, items, kill);
    expect(itemsOf(run)).toEqual(all(200));
    expect(run.summary).toMatchObject({ ending: "done", ok: 200, failed: 0, crashes: 1 });
    const exits = of(run.events, "exit").filter(({ signal }) => signal === "SIGKILL");
    expect(exits.map(({ pid }) => pid)).toEqual([victim]);
    const { lane } = exits[0] as LaneEvent<"map">;
    expect(run.answers.filter(({ pid }) => pid === victim).length).toBeLessThan(200);
    // Either the place was filled again, or the other one did the rest.
    const later = of(run.events, "spawn").filter((event) => event.lane === lane && event.pid !== victim);
    expect(later.length).toBe((run.summary.lanes.find((tally) => tally.lane === lane)?.started ?? 0) - 1);
  });

  test("by the item itself, every time: only that one fails, after its tries, and the others come out", async () => {
    const run = await ran({ exportName: "deadly", chunk: 5 }, numbers(20));
    expect(itemsOf(run)).toEqual(others(20, 3));
    expect(run.failures.map(({ index, attempts, error }) => [index, attempts, error.kind])).toEqual([[3, 3, "crash"]]);
    expect(run.failures[0]?.error.message).toContain("SIGKILL");
    expect(run.summary).toMatchObject({ ok: 19, failed: 1, retried: 2, crashes: 3 });
    expect(of(run.events, "retry").map(({ index }) => index)).toEqual([3, 3]);
  });
});

describe("an item that never ends", () => {
  test("and computes: its worker alone is killed when its time is up; nobody else's item is touched", async () => {
    const run = await ran({ exportName: "spinning", chunk: 4, timeoutMs: 600 }, numbers(16));
    expect(itemsOf(run)).toEqual(others(16, 3));
    expect(run.answers.every(({ attempt }) => attempt === 1)).toBe(true);
    expect(run.failures.map(({ index, error }) => [index, error.kind])).toEqual([[3, "timeout"]]);
    expect(of(run.events, "exit").filter(({ signal }) => signal === "SIGKILL")).toHaveLength(1);
    expect(run.summary.crashes).toBe(0); // it did not die of itself
  });

  test("and waits: it is told that its time is up, and its worker goes on", async () => {
    const file = join(dir, "told");
    const items = numbers(16).map((item) => (item === "3" ? `3 ${file}` : item));
    const run = await ran({ exportName: "patient", chunk: 4, timeoutMs: 600 }, items);
    expect(itemsOf(run)).toEqual(others(16, 3));
    expect(run.failures.map(({ index }) => index)).toEqual([3]);
    expect(existsSync(file)).toBe(true);
    expect(of(run.events, "exit").filter(({ signal }) => signal !== null)).toEqual([]);
  });
});

test("recycle: no process does more items than it may, and each place is filled again", async () => {
  const run = await ran({ recycle: 7, chunk: 3 }, numbers(60));
  expect(itemsOf(run)).toEqual(all(60));
  const done = new Map<number, number>();
  for (const { pid } of run.answers) done.set(pid, (done.get(pid) ?? 0) + 1);
  expect(Math.max(...done.values())).toBeLessThanOrEqual(7);
  expect(done.size).toBeGreaterThanOrEqual(Math.ceil(60 / 7));
  expect(run.summary.crashes).toBe(0);
  expect(of(run.events, "exit").every(({ code }) => code === 0)).toBe(true);
});

test("what a stuck worker was given and has not begun is done by another one meanwhile", async () => {
  const gate = join(dir, "gate");
  const items = [`0 ${gate}`, ...numbers(100).slice(1)];
  const { pool, kept } = poolOf({ exportName: "gated", chunk: 50, ordered: false }, new ArgumentSource(items, false));
  const running = pool.run();
  await until("everything but the stuck item is done", () => kept.lines.length === 99);
  writeFileSync(gate, "");
  const summary = await running;
  const answers = kept.lines.map((line) => JSON.parse(line) as Answer);
  const stuck = answers.find(({ item }) => item === 0);
  const sameChunk = answers.filter(({ item }) => item > 0 && item < 50);
  expect(sameChunk.map(({ pid }) => pid)).not.toContain(stuck?.pid ?? 0);
  expect(summary).toMatchObject({ ok: 100, retried: 0, crashes: 0 });
});

describe("memory stays bounded", () => {
  /** Lines without end; counts what was read of them. */
  function endless() {
    let line = 0;
    const block = () =>
      numbers(1_000)
        .map(() => `${line++}\n`)
        .join("");
    const stream = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(new TextEncoder().encode(block())) },
      { highWaterMark: 0 },
    );
    return { source: new LineSource(stream), read: () => line };
  }

  test("with a reader who does not read: no more is taken than is in the workers' hands; then it goes on", async () => {
    const { source, read } = endless();
    const { pool, kept } = poolOf({ chunk: 10, jobs: 2 }, source);
    const running = pool.run();
    await until("results flow", () => kept.lines.length > 500);
    kept.full = true;
    const takenWhenFull = source.taken;
    await until(
      "the workers have done what they had",
      () => pool.progress.busy === 0 && kept.lines.length === source.taken,
    );
    // Two workers, two chunks of ten each at most, were under way.
    expect(source.taken - takenWhenFull).toBeLessThanOrEqual(40);
    expect(read() - source.taken).toBeLessThanOrEqual(1_000); // and of the input no more than a block is held
    const takenFull = source.taken;
    await Bun.sleep(50); // nothing may happen now: there is no condition to wait for
    expect(source.taken).toBe(takenFull);

    kept.full = false;
    kept.onChange();
    await until("it goes on", () => kept.lines.length > takenFull + 500);
    pool.stop(0);
    expect((await running).ending).toBe("interrupted");
    const items = kept.lines.map((line) => (JSON.parse(line) as Answer).item);
    expect(items).toEqual(items.toSorted((a, b) => a - b));
    expect(new Set(items).size).toBe(items.length);
  });

  test("with a first item that never comes: so many results wait for it, and no more are made", async () => {
    const gate = join(dir, "gate");
    const first = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`0 ${gate}\n`)),
      pull: (controller) => controller.enqueue(new TextEncoder().encode("1\n".repeat(1_000))),
    });
    const source = new LineSource(first);
    const { pool, kept } = poolOf({ exportName: "gated", chunk: 1, jobs: 2 }, source);
    const running = pool.run();
    await until("the window is full", () => source.taken > 20_000 && pool.progress.busy === 1, 60_000);
    const taken = source.taken;
    expect(taken).toBeLessThan(20_000 + 10); // the window, and what was under way
    expect(kept.lines).toEqual([]);
    writeFileSync(gate, "");
    await until("it goes on", () => kept.lines.length > taken);
    pool.stop(0);
    await running;
  });
});

test("stop: what is done is printed, what is not done is named, nobody is left", async () => {
  const gate = join(dir, "gate");
  const items = [...numbers(5), `5 ${gate}`, ...numbers(12).slice(6)];
  const { pool, kept } = poolOf({ exportName: "gated", chunk: 1, jobs: 1 }, new ArgumentSource(items, false));
  const running = pool.run();
  await until("five are done", () => kept.lines.length === 5);
  pool.stop(100);
  const summary = await running;
  expect(summary.ending).toBe("interrupted");
  expect(kept.lines).toHaveLength(5);
  expect(summary.ok).toBe(5);
  expect(summary.notDone[0]?.[0]).toBe(5);
});
