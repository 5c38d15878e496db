/** What a run makes of jobs and their ends: decided here, with jobs that are none and that end when a test says so. */
import { expect, test } from "bun:test";
import type { Attempt, OnEnd } from "../../../src/jobs/attempt.ts";
import type { JobSpec } from "../../../src/jobs/input/feed.ts";
import type { JobValues } from "../../../src/jobs/input/values.ts";
import type { RunOptions, RunParts } from "../../../src/jobs/plan.ts";
import { Refusal } from "../../../src/jobs/refusal.ts";
import type { JobResult } from "../../../src/jobs/result.ts";
import { JobRun } from "../../../src/jobs/run.ts";

/** A job that was started, and what was done to it. */
interface Fake {
  readonly job: JobSpec;
  readonly slot: number;
  /** `stop:REASON`, `kill`, `suspend`, `resume:MS`. */
  readonly told: string[];
  end(how?: Partial<Pick<JobResult, "code" | "signal" | "timedOut" | "stopped" | "failed" | "ms">>): void;
}

interface World {
  readonly run: JobRun;
  /** Those that run. */
  readonly running: Fake[];
  readonly delivered: string[];
  readonly events: string[];
  hurried: number;
  congested: boolean;
  /** What the next start comes to, instead of a job. */
  next: "short" | "refused" | "throws" | null;
}

const nothing = { written: { out: null, err: null }, received: 0, tail: Buffer.alloc(0) };
const standard: RunOptions = {
  ...{ slots: 2, tries: 1, timeout: null, halt: null, total: null },
  ...{ delayMs: 0, load: null, memfree: null },
};

/** A run of `count` jobs, begun. */
async function world(count: number, options: Partial<RunOptions> = {}, done: readonly number[] = []): Promise<World> {
  const made = { running: [] as Fake[], delivered: [] as string[], events: [] as string[] };
  const its = { ...made, hurried: 0, congested: false, next: null } as unknown as {
    -readonly [K in keyof World]: World[K];
  };
  const rows: JobValues[] = Array.from({ length: count }, (_, at) => [`${at + 1}`]);
  const parts: RunParts = {
    values: batches(rows),
    launcher: {
      compose: ({ values }) => ({ argv: ["job", ...values], text: `job ${values.join(" ")}` }),
      hurry: () => {
        its.hurried += 1;
      },
      start(job, slot, command, onEnd) {
        const { next } = its;
        its.next = null;
        if (next === "throws") throw new Error("the disk is gone");
        if (next === "short") return { kind: "short", code: "EAGAIN", error: new Error("EAGAIN") };
        if (next === "refused")
          return { kind: "refused", refusal: new Refusal(127, "run.refused.notFound", { command: "job" }) };
        return { kind: "running", attempt: fake(its.running, job, slot, command.text, onEnd) };
      },
    },
    delivery: {
      get congested() {
        return its.congested;
      },
      begun() {},
      deliver: ({ job }) => its.delivered.push(`${job.seq}`),
      skip: ({ seq }) => its.delivered.push(`skip ${seq}`),
      drop: ({ job }) => its.delivered.push(`drop ${job.seq}`),
      close: async () => {},
    },
    isDone: (seq) => done.includes(seq),
    sink: ({ type, ...event }) => its.events.push("seq" in event ? `${type} ${event.seq}` : type),
    onMoreFailures() {},
  };
  its.run = new JobRun({ ...standard, total: count, ...options }, parts);
  return its;
}

async function* batches(rows: JobValues[]): AsyncGenerator<JobValues[]> {
  if (rows.length > 0) yield rows;
}

function fake(running: Fake[], job: JobSpec, slot: number, command: string, onEnd: OnEnd): Attempt {
  const told: string[] = [];
  const attempt = {
    ...{ job, slot, command, pid: 1_000 + job.seq, capture: {}, elapsedMs: 10, isLeftAlone: true, isOver: false },
    group: { exists: false, running: false, release() {}, signal() {} },
    stop: (reason: string) => told.push(`stop:${reason}`),
    kill: () => told.push("kill"),
    suspend: () => told.push("suspend"),
    resume: (ms: number) => told.push(`resume:${ms}`),
  } as unknown as Attempt;
  const one: Fake = {
    ...{ job, slot, told },
    end(how = {}) {
      running.splice(running.indexOf(one), 1);
      const { code = 0, failed = code !== 0 } = how;
      onEnd(attempt, {
        ...{ job, command, signal: null, timedOut: false, stopped: false, startMs: 0, ms: 1, cpuMs: 1, maxRssKb: 1 },
        ...{ output: nothing, notice: null },
        ...how,
        ...{ code, failed },
      });
    },
  };
  running.push(one);
  return attempt;
}

/** Lets what was promised happen. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const seqs = ({ running }: World) => running.map(({ job }) => job.seq);

test("as many as there are slots, in the order of the input; each end lets the next begin, in the slot that came free", async () => {
  const its = await world(4);
  const ended = its.run.execute();
  await turn();
  expect(seqs(its)).toEqual([1, 2]);
  its.running[0]?.end();
  expect(seqs(its)).toEqual([2, 3]);
  expect(its.running.map(({ slot }) => slot)).toEqual([2, 1]);
  while (its.running.length > 0) its.running[0]?.end();
  await ended;
  expect(its.delivered).toEqual(["1", "2", "3", "4"]);
  expect(its.run.summary(null)).toMatchObject({ jobs: 4, ok: 4, failed: 0, notStarted: 0 });
  expect(its.run.total).toBe(4);
});

test("no values: it is over at once", async () => {
  const its = await world(0);
  await its.run.execute();
  expect(its.run.summary(null)).toMatchObject({ jobs: 0, notStarted: 0 });
});

test("what fails is tried again before anything new, as often as it may be, and only its last end is passed on", async () => {
  const its = await world(2, { slots: 1, tries: 3 });
  const ended = its.run.execute();
  await turn();
  its.running[0]?.end({ code: 1 });
  expect(its.running.map(({ job }) => [job.seq, job.attempt])).toEqual([[1, 2]]);
  its.running[0]?.end({ code: 1 });
  its.running[0]?.end({ code: 1 });
  expect(seqs(its)).toEqual([2]);
  its.running[0]?.end();
  await ended;
  expect(its.delivered).toEqual(["drop 1", "drop 1", "1", "2"]);
  expect(its.run.summary(null)).toMatchObject({ jobs: 2, ok: 1, failed: 1, retried: 2 });
});

test("what was put off for want of memory is run again, and no try is charged for it", async () => {
  const its = await world(1, { tries: 1 });
  const ended = its.run.execute();
  await turn();
  its.running[0]?.end({ stopped: true, code: null, failed: true });
  expect(its.running.map(({ job }) => job.attempt)).toEqual([1]);
  its.running[0]?.end();
  await ended;
  expect(its.run.summary(null)).toMatchObject({ ok: 1, failed: 0, retried: 0, stopped: 0 });
});

test("what an earlier run has done is left out, and counts as nothing else", async () => {
  const its = await world(3, { slots: 1 }, [1, 3]);
  const ended = its.run.execute();
  await turn();
  expect(seqs(its)).toEqual([2]);
  its.running[0]?.end();
  await ended;
  expect(its.delivered).toEqual(["skip 1", "2", "skip 3"]);
  expect(its.run.summary(null)).toMatchObject({ jobs: 1, skipped: 2 });
});

test("what can never be started has failed, and the next one begins", async () => {
  const its = await world(2, { slots: 1 });
  its.next = "refused";
  const ended = its.run.execute();
  await turn();
  expect(seqs(its)).toEqual([2]);
  its.running[0]?.end();
  await ended;
  const summary = its.run.summary(null);
  expect(summary).toMatchObject({ ok: 1, failed: 1 });
  expect(summary.failures).toMatchObject([{ seq: 1, code: 127, stderr: "job: command not found" }]);
});

test("what cannot be started for now waits for one that ends, and is not lost", async () => {
  const its = await world(3);
  const ended = its.run.execute();
  await turn();
  its.next = "short";
  its.running[0]?.end();
  expect(seqs(its)).toEqual([2]);
  its.running[0]?.end();
  expect(seqs(its)).toEqual([3]);
  its.running[0]?.end();
  await ended;
  expect(its.delivered).toEqual(["1", "2", "3"]);
});

test("how many there will be is told while nobody knows, and known once all values are read", async () => {
  const its = await world(3, { slots: 1, total: null });
  expect(its.run.total).toBeNull();
  its.run.lookAhead(Promise.resolve(7));
  const ended = its.run.execute();
  await turn();
  expect(its.run.total).toBe(3);
  its.run.drain();
  its.running[0]?.end();
  await ended;
  expect(its.run.summary(null)).toMatchObject({ jobs: 1, notStarted: 2 });
});

test("--halt soon: no more are started after so many failures, and what runs may end", async () => {
  const its = await world(5, { halt: { when: "soon", what: "fail", limit: { count: 1 } } as RunOptions["halt"] });
  const ended = its.run.execute();
  await turn();
  its.running[0]?.end({ code: 3 });
  expect(seqs(its)).toEqual([2]);
  expect(its.running[0]?.told).toEqual([]);
  its.running[0]?.end();
  await ended;
  expect([its.run.stopReason, its.run.haltCode]).toEqual(["halt", 3]);
  expect(its.run.summary(null)).toMatchObject({ ok: 1, failed: 1, notStarted: 3 });
});

test("--halt now: what runs is stopped, is not passed on, and is not taken for done", async () => {
  const its = await world(5, { halt: { when: "now", what: "fail", limit: { count: 1 } } as RunOptions["halt"] });
  const ended = its.run.execute();
  await turn();
  its.running[0]?.end({ code: 1 });
  expect(its.running[0]?.told).toEqual(["stop:stop"]);
  its.running[0]?.end({ stopped: true, code: null, signal: "SIGTERM", failed: true });
  await ended;
  expect(its.delivered).toEqual(["1", "drop 2"]);
  expect(its.run.summary(null)).toMatchObject({ failed: 1, stopped: 1, notStarted: 3 });
  expect(its.events.filter((event) => event === "stop")).toHaveLength(1);
});

test("a signal stops what runs, starts no more, waits for nobody who reads; a later reason changes nothing", async () => {
  const its = await world(3);
  const ended = its.run.execute();
  await turn();
  its.run.stop("signal");
  expect(its.running.map(({ told }) => told)).toEqual([["stop:stop"], ["stop:stop"]]);
  expect(its.hurried).toBe(1);
  its.run.drain();
  its.run.jobs.kill();
  expect(its.running[0]?.told.at(-1)).toBe("kill");
  for (const one of [...its.running]) one.end({ stopped: true, code: null, failed: true });
  await ended;
  expect(its.run.stopReason).toBe("signal");
  expect(its.run.summary("SIGINT")).toMatchObject({ stopped: 2, notStarted: 1, signal: "SIGINT" });
});

test("drained: what runs ends by itself, and nothing is begun", async () => {
  const its = await world(3, { slots: 1 });
  const ended = its.run.execute();
  await turn();
  its.run.drain();
  expect(its.running[0]?.told).toEqual([]);
  its.running[0]?.end();
  await ended;
  expect(its.run.summary(null)).toMatchObject({ ok: 1, notStarted: 2 });
});

test("a mistake of lanes' own at a start ends the run with it, and what runs is stopped", async () => {
  const its = await world(3, { slots: 1 });
  const ended = its.run.execute().catch((error: Error) => error.message);
  await turn();
  its.next = "throws";
  its.running[0]?.end();
  expect(await ended).toBe("the disk is gone");
  expect(its.run.stopReason).toBe("error");
});

test("while whoever reads is far behind no job begins; the end of one does not change that", async () => {
  const its = await world(3, { slots: 1 });
  const ended = its.run.execute();
  await turn();
  its.congested = true;
  its.running[0]?.end();
  expect(seqs(its)).toEqual([]);
  its.congested = false;
  its.run.pump();
  while (its.running.length > 0) its.running[0]?.end();
  await ended;
  expect(its.delivered).toEqual(["1", "2", "3"]);
});

test("suspended, all stand still; resumed, none is charged for the time", async () => {
  const its = await world(2);
  const ended = its.run.execute();
  await turn();
  its.run.jobs.suspend();
  its.run.jobs.resume(70);
  expect(its.running.map(({ told }) => told)).toEqual([
    ["suspend", "resume:70"],
    ["suspend", "resume:70"],
  ]);
  expect(its.run.jobs.list().map(({ lane, command }) => [lane, command])).toEqual([
    ["P1", "job 1"],
    ["P2", "job 2"],
  ]);
  its.run.jobs.expire(5);
  expect(its.running[0]?.told.at(-1)).toBe("stop:timeout");
  its.run.jobs.putOffYoungest();
  expect(its.running.map(({ told }) => told.at(-1))).toEqual(["stop:timeout", "stop:memory"]);
  while (its.running.length > 0) its.running[0]?.end({ code: 1 });
  await ended;
});
