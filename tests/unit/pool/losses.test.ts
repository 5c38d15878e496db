/** What a pool does about workers that die or cannot begin: decided here, with workers and a clock that are none. */
import { beforeEach, describe, expect, test } from "bun:test";
import { LanesError } from "../../../src/errors.ts";
import { Chunk } from "../../../src/pool/items/chunk.ts";
import type { Lane } from "../../../src/pool/lane.ts";
import { Losses, type Parts, START_FAILURES } from "../../../src/pool/losses.ts";
import type { ItemFailure, WorkerNews } from "../../../src/recording/results/map-result.ts";
import { tell } from "../../../src/thrown.ts";

interface World {
  readonly losses: Losses;
  readonly crew: { paused: boolean; lanes: Lane[] };
  readonly failures: ItemFailure[];
  readonly news: WorkerNews[];
  readonly again: Chunk[];
  readonly records: { readonly index: number; readonly bytes: string | null }[];
  readonly pauses: number[];
  readonly fatal: Error[];
  /** The item of slot 0 that a worker was at; and how many it had begun. */
  at: { running: number | null; begun: number };
  /** Ends the pause. */
  wait(): void;
}

let world: World;
beforeEach(() => {
  world = makeWorld();
});

function makeWorld(options: Partial<Parts["options"]> = {}): World {
  const timers: (() => void)[] = [];
  const made = {
    crew: { paused: false, lanes: [] as Lane[], emit() {}, takeBack: () => [] },
    ...{ failures: [], news: [], again: [], records: [], pauses: [], fatal: [] },
    at: { running: null as number | null, begun: 0 },
    wait: () => timers.splice(0).forEach((then) => void then()),
  };
  const its = made as unknown as World;
  const parts: Parts = {
    options: {
      ...{ module: "/m.ts", retries: null, onError: "record", ordered: true, input: "lines" },
      ...{ timeoutMs: null, maxRssBytes: null },
      ...options,
    },
    source: { close() {}, nameOf: (text) => text },
    listener: {
      failed: (failure) => its.failures.push(failure),
      said() {},
      worker: (news) => its.news.push(news),
    },
    tally: { retried: 0, failed: 0, crashes: 0 },
    crew: made.crew,
    control: {
      running: () => (its.at.running === null ? null : { slot: 0, item: its.at.running, beganMs: 0 }),
      begun: (_worker, slot) => (slot === 0 ? its.at.begun : 0),
    },
    queue: { limit: 0, add: (chunks) => its.again.push(...chunks.filter((chunk) => chunk !== null)) },
    reorder: {
      limit: Number.POSITIVE_INFINITY,
      add: (index, _count, bytes) =>
        its.records.push({ index, bytes: bytes === null ? null : Buffer.from(bytes).toString() }),
    },
    fatal: (error) => its.fatal.push(error),
    later: (ms, then) => {
      its.pauses.push(ms);
      timers.push(then);
    },
  };
  return Object.assign(made, { losses: new Losses(parts) }) as unknown as World;
}

function lane(is: Partial<Lane> = {}): Lane {
  const made = {
    ...{ name: "P1", index: 0, phase: "load", ready: false, ended: true, retiring: false, excused: false },
    ...{ quit: null, killed: null, exitCode: 1, signal: null, ending: "exit code 1" },
    chunks: [null, null] as (Chunk | null)[],
    broken: null as LanesError | null,
    kill() {},
    free(slot: number) {
      made.chunks[slot] = null;
    },
    cannotBegin(error: LanesError) {
      made.broken = error;
    },
    ...(is as object),
  };
  return made as unknown as Lane;
}
/** One that has five items, `a` to `e`, numbers 10 to 14. */
const busy = (is: Partial<Lane> = {}) =>
  lane({ ready: true, chunks: [Chunk.of(10, 5, Buffer.from("a\nb\nc\nd\ne")), null], ...is });
const broken = { reason: "init", name: "setup", detail: "Error: too many connections" } as const;
/** A worker that starts, cannot begin, and ends. */
function failStart(is: Partial<Lane> = {}): void {
  const one = lane(is);
  world.losses.broken(one, broken);
  world.losses.ended(one, false);
}

describe("a worker that cannot begin", () => {
  test("is the end of it if none ever could", () => {
    failStart();
    expect(world.fatal[0]).toBeInstanceOf(LanesError);
    expect(world.losses.begun).toBe(false);
    expect(world.pauses).toEqual([]);
  });

  test("later: another is tried after a pause, twice as long each time, and the reason is told once", () => {
    world.losses.ready();
    for (let i = 0; i < 4; i++) {
      failStart();
      expect(world.crew.paused).toBe(true);
      world.wait();
      expect(world.crew.paused).toBe(false);
    }
    expect(world.pauses).toEqual([50, 100, 200, 400]);
    expect(world.fatal).toEqual([]);
    expect(world.news.map(({ is }) => is)).toEqual(["start"]);
    world.losses.ready();
    failStart();
    expect(world.pauses.at(-1)).toBe(50);
  });

  test("with others at the same time: that is one failure", () => {
    world.losses.ready();
    for (let i = 0; i < 20; i++) failStart();
    expect(world.pauses).toEqual([50]);
    expect(world.fatal).toEqual([]);
  });

  test("is given up after so many, if no other works", () => {
    world.losses.ready();
    for (let i = 0; i < START_FAILURES; i++) {
      expect(world.fatal).toEqual([]);
      failStart();
      world.wait();
    }
    expect(String(world.fatal[0])).toContain("too many connections");
    expect(Math.max(...world.pauses)).toBe(2_000);
  });

  test("is not given up while another works", () => {
    world.losses.ready();
    world.crew.lanes.push(lane({ ready: true }));
    for (let i = 0; i < 3 * START_FAILURES; i++) {
      failStart();
      world.wait();
    }
    expect(world.fatal).toEqual([]);
  });

  test("so too when the system refuses a process, and when it takes too long", () => {
    world.losses.ready();
    world.losses.refused(new Error("EAGAIN"), "P1");
    expect(world.pauses).toEqual([50]);
    world.wait();
    const killed: string[] = [];
    const late = lane({ kill: (signal) => void killed.push(signal) });
    world.losses.late(late, 5_000);
    expect(killed).toEqual(["SIGKILL"]);
    world.losses.ended(late, false);
    expect(world.pauses).toEqual([50, 100]);
    const first = makeWorld();
    first.losses.late(lane(), 5_000);
    expect(String(first.fatal[0])).toContain("5 s");
  });

  test("because the executable was replaced: there is no use in trying again", () => {
    world.losses.ready();
    world.losses.broken(lane(), { reason: "build", detail: "other" });
    expect(world.fatal.length).toBe(1);
  });
});

describe("a worker that ends at an item", () => {
  const error = tell(new TypeError("nobody caught me"));

  test("of an error that nobody caught: that item fails, once; the others run again", () => {
    world.at = { running: 2, begun: 3 };
    world.losses.ended(busy({ quit: { kind: "uncaught", detail: "", error } }), false);
    expect(world.failures.map(({ index, attempts }) => [index, attempts])).toEqual([[12, 1]]);
    expect(world.failures[0]?.error).toMatchObject({
      kind: "uncaught",
      name: "TypeError",
      message: "nobody caught me",
    });
    expect(world.again.map(({ first, count }) => [first, count])).toEqual([
      [10, 2],
      [13, 2],
    ]);
    expect(JSON.parse(world.records[0]?.bytes ?? "")).toMatchObject({ index: 12, item: "c", attempts: 1 });
  });

  test("of an error that nobody caught, with --retries: it is tried again, and why is told", () => {
    world = makeWorld({ retries: 1 });
    world.at = { running: 0, begun: 1 };
    world.losses.ended(busy({ quit: { kind: "uncaught", detail: "TypeError: nobody caught me", error } }), false);
    expect(world.failures).toEqual([]);
    expect(world.news).toEqual([{ is: "again", lane: "P1", index: 10, detail: "TypeError: nobody caught me" }]);
  });

  test("of a signal: that item runs again by itself, and how it died is told", () => {
    world.at = { running: 2, begun: 3 };
    world.losses.ended(busy({ signal: "SIGKILL", ending: "SIGKILL" } as Partial<Lane>), false);
    expect(world.failures).toEqual([]);
    expect(world.news).toEqual([{ is: "again", lane: "P1", index: 12, detail: "SIGKILL" }]);
    expect(world.again.map(({ first, count }) => [first, count])).toContainEqual([12, 1]);
  });

  test("just behind it: the last one begun is the suspect, else the same items might be sent for ever", () => {
    world.at = { running: null, begun: 2 };
    for (let i = 0; i < 3; i++) {
      const chunk = Chunk.of(11, 1, Buffer.from("b"), { attempts: i, crashes: i });
      world.at = { running: null, begun: 1 };
      world.losses.ended(busy({ chunks: [chunk, null] }), false);
    }
    expect(world.failures.map(({ index, attempts }) => [index, attempts])).toEqual([[11, 3]]);
  });

  test("at none, of an error that nobody caught: it is told all the same", () => {
    world.losses.ended(lane({ ready: true, quit: { kind: "uncaught", detail: "Error: late", error } }), false);
    expect(world.news).toEqual([{ is: "idle", lane: "P1", detail: "Error: late" }]);
  });

  test("while everything is being stopped: nobody's fault, and not done", () => {
    world.at = { running: 2, begun: 3 };
    world.losses.ended(busy(), true);
    expect(world.failures).toEqual([]);
    expect(world.records).toEqual([]);
  });
});
