/**
 * What the pool makes of its workers, with workers that are no processes (tests/process/pool.test.ts has real ones): every item is
 * answered for once, whoever dies, hangs, fails or never gets ready.
 */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type ItemSource, LineSource, MapPool, type MapPoolOptions, type ResultSink } from "../../../src/pool/index.ts";
import { nowMs } from "../../../src/recording/clock.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";
import type { ItemFailure, WorkerNews } from "../../../src/recording/results/map-result.ts";
import { type Deed, type FakeOptions, FakeWorker } from "../../support/fake-worker.ts";
import { until } from "../../support/wait.ts";

const defaults: MapPoolOptions = {
  ...{ module: "/none.ts", exportName: "default", init: null, jobs: 2, input: "lines", output: "jsonl" },
  ...{ integers: "fail", tsconfig: null, ordered: true, chunk: null, timeoutMs: null, retries: null },
  ...{ onError: "report", recycle: null, maxRssBytes: null },
};

class Kept implements ResultSink {
  text = "";
  full = false;
  closed = false;
  onChange: () => void = () => {};
  readonly write = (bytes: Uint8Array): void => {
    this.text += Buffer.from(bytes).toString();
  };
  async drained(): Promise<void> {}
  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }
}

const linesOf = (items: readonly string[]): ItemSource =>
  new LineSource(new Blob([items.map((item) => `${item}\n`).join("")]).stream());
const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));
const well = (line: string): Deed => ({ result: line });

type Begins = FakeOptions["begins"];

/** A pool of such workers. @param begins how the nth worker of all begins. */
function poolOf(
  options: Partial<MapPoolOptions>,
  items: readonly string[],
  does: FakeOptions["does"] = well,
  begins: (nth: number) => Begins = () => undefined,
) {
  const kept = new Kept();
  const [failures, news, events, workers] = [
    [] as ItemFailure[],
    [] as WorkerNews[],
    [] as LaneEvent<"map">[],
    [] as FakeWorker[],
  ];
  const listener = {
    failed: (failure: ItemFailure) => void failures.push(failure),
    said: () => {},
    worker: (one: WorkerNews) => void news.push(one),
  };
  const timeline = { originMs: nowMs(), sink: (event: LaneEvent<"map">) => void events.push(event) };
  const pool: MapPool = new MapPool(
    { ...defaults, ...options },
    linesOf(items),
    kept,
    listener,
    timeline,
    undefined,
    (task, heard, control) => {
      const how = begins(workers.length);
      const worker = new FakeWorker(task, heard, { control, does, ...(how === undefined ? {} : { begins: how }) });
      workers.push(worker);
      return worker;
    },
  );
  return { pool, kept, failures, news, events, workers };
}

describe("results", () => {
  test("are those of the items, in their order, whatever the chunks and however many workers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.integer({ min: 1, max: 9 })),
        async (count, jobs, chunk) => {
          const { pool, kept, workers } = poolOf({ jobs, chunk }, numbers(count));
          const summary = await pool.run();
          expect(kept.lines).toEqual(numbers(count));
          expect(summary).toMatchObject({
            ending: "done",
            ok: count,
            failed: 0,
            crashes: 0,
            notDone: [],
            taken: count,
          });
          expect(summary.lanes.reduce((sum, { items }) => sum + items, 0)).toBe(count);
          expect(workers.length).toBeLessThanOrEqual(Math.max(1, jobs));
          expect(workers.every(({ ended }) => ended)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a reader who takes no more is waited for: nothing is handed out meanwhile", async () => {
    const { pool, kept } = poolOf({ jobs: 1, chunk: 1 }, numbers(50), (line) => {
      if (line === "5") kept.full = true;
      return well(line);
    });
    const running = pool.run();
    await until("what is under way to end", () => kept.full && pool.progress.busy === 0);
    const held = kept.lines.length;
    expect(held).toBeLessThan(50);
    kept.full = false;
    kept.onChange();
    expect((await running).ending).toBe("done");
    expect(kept.lines).toEqual(numbers(50));
  });

  test("a reader who is gone ends it", async () => {
    const { pool, kept } = poolOf({ jobs: 2, chunk: 1 }, numbers(1_000));
    const running = pool.run();
    await until("a result", () => kept.lines.length > 0);
    kept.closed = true;
    kept.onChange();
    expect((await running).ending).toBe("closed");
    expect(kept.lines.length).toBeLessThan(1_000);
  });
});

describe("items that fail", () => {
  const odd = (line: string): Deed => (Number(line) % 2 === 1 ? { error: `no ${line}` } : well(line));

  test("are told, and the others are done", async () => {
    const { pool, kept, failures } = poolOf({ chunk: 4 }, numbers(20), odd);
    expect(await pool.run()).toMatchObject({ ending: "done", ok: 10, failed: 10 });
    expect(kept.lines).toEqual(numbers(20).filter((n) => Number(n) % 2 === 0));
    expect(failures.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
      numbers(20)
        .map(Number)
        .filter((n) => n % 2 === 1),
    );
  });

  test("are tried again as often as was asked for", async () => {
    const tries = new Map<string, number>();
    const { pool, kept } = poolOf({ chunk: 3, retries: 2 }, numbers(9), (line, attempt) => {
      tries.set(line, attempt);
      return line === "4" && attempt < 3 ? { error: "not yet" } : well(line);
    });
    expect(await pool.run()).toMatchObject({ ending: "done", ok: 9, failed: 0, retried: 2 });
    expect(kept.lines).toEqual(numbers(9));
    expect(tries.get("4")).toBe(3);
  });

  test("end the run where that was asked for: what is before it is printed, nothing after it", async () => {
    const { pool, kept } = poolOf({ chunk: 2, onError: "stop" }, numbers(40), (line) =>
      line === "11" ? { error: "no" } : well(line),
    );
    expect((await pool.run()).ending).toBe("stopped");
    expect(kept.lines).toEqual(numbers(11));
  });
});

describe("workers", () => {
  test("one that dies of an item costs that item alone, whatever else it had", async () => {
    const { pool, kept, failures, workers } = poolOf({ chunk: 5 }, numbers(30), (line) =>
      line === "7" ? { dies: "SIGSEGV" } : well(line),
    );
    const summary = await pool.run();
    expect(summary).toMatchObject({ ending: "done", ok: 29, failed: 1 });
    expect(summary.crashes).toBeGreaterThan(0);
    expect(kept.lines).toEqual(numbers(30).filter((n) => n !== "7"));
    expect(failures.map(({ index }) => index)).toEqual([7]);
    expect(workers.length).toBeGreaterThan(2);
  });

  test("one that user code ends (process.exit) is told by its own words", async () => {
    const { pool, failures } = poolOf({ chunk: 2, jobs: 1 }, numbers(6), (line) =>
      line === "3" ? { quits: "exit code 3" } : well(line),
    );
    expect(await pool.run()).toMatchObject({ ok: 5, failed: 1 });
    expect(JSON.stringify(failures)).toContain("exit code 3");
  });

  test("one that hangs at an item past its time is killed for it, alone, and the others go on", async () => {
    const { pool, kept, failures, workers } = poolOf({ chunk: 2, timeoutMs: 20, retries: 0 }, numbers(12), (line) =>
      line === "5" ? "hangs" : well(line),
    );
    expect(await pool.run()).toMatchObject({ ending: "done", ok: 11, failed: 1 });
    expect(kept.lines).toEqual(numbers(12).filter((n) => n !== "5"));
    expect(failures.map(({ index }) => index)).toEqual([5]);
    expect(workers.filter(({ signals }) => signals.includes("SIGKILL")).length).toBe(1);
  });

  test("one that stood still with everything else (Ctrl-Z) is given the time back", async () => {
    const { pool, workers } = poolOf({ chunk: 1, jobs: 1, timeoutMs: 300, retries: 0 }, ["x"], () => "hangs");
    const running = pool.run();
    await until("the item to begin", () => pool.progress.busy === 1);
    pool.suspend();
    pool.resume(60_000);
    await Bun.sleep(500); // its time and grace are over long since
    expect(workers[0]?.signals).toEqual(["SIGSTOP", "SIGCONT"]);
    pool.stop(0);
    expect((await running).ending).toBe("interrupted");
  });

  test("each is replaced after so many items", async () => {
    const { pool, kept, workers } = poolOf({ chunk: 2, jobs: 2, recycle: 4 }, numbers(24));
    expect((await pool.run()).ok).toBe(24);
    expect(kept.lines).toEqual(numbers(24));
    expect(workers.length).toBeGreaterThanOrEqual(6);
  });

  test("one that dies before it is ready is replaced", async () => {
    const { pool, kept } = poolOf({ chunk: 2, jobs: 1 }, numbers(6), well, (nth) => (nth === 0 ? "dies" : undefined));
    expect((await pool.run()).ending).toBe("done");
    expect(kept.lines).toEqual(numbers(6));
  });

  test("none that can begin: it cannot even begin, and says why", async () => {
    const broken = { reason: "load", detail: "no such export" };
    const { pool } = poolOf({}, numbers(6), well, () => ({ broken }));
    const ended = await pool.run().then(
      () => null,
      (error: Error) => error,
    );
    expect(ended).toBeInstanceOf(Error);
  });
});

describe("stopping", () => {
  test("items under way have their time, what is done is printed, what was not done is named", async () => {
    const { pool, kept, workers } = poolOf({ chunk: 4, jobs: 2 }, numbers(400), (line) =>
      Number(line) >= 20 ? "hangs" : well(line),
    );
    const running = pool.run();
    await until("all to hang", () => workers.length === 2 && kept.lines.length >= 20);
    pool.stop(20);
    const summary = await running;
    expect(summary.ending).toBe("interrupted");
    expect(kept.lines).toEqual(numbers(20));
    const notDone = summary.notDone.reduce((sum, [from, to]) => sum + to - from, 0);
    expect(notDone + summary.ok).toBe(summary.taken);
    expect(workers.every(({ signals }) => signals.includes("SIGTERM") && signals.includes("SIGKILL"))).toBe(true);
  });
});
