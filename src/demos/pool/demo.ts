/**
 * Demo `pool`: what it costs to give a process something to do. The same tiny task as a process of its own each time, as a
 * message to a warm worker each time, and thousands to a message. Then a worker is killed in the middle of it all.
 */
import { ArgumentSource, MapPool, type MapPoolOptions, type ResultSink } from "../../pool/index.ts";
import { defineTarget, Process } from "../../process/index.ts";
import { nowMs } from "../../recording/clock.ts";
import type { LaneEvent } from "../../recording/event.ts";
import type { MapSummary } from "../../recording/results/map-result.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { type PoolResult, perTask, poolPictures } from "./report.ts";

// show
/** The task: so small that what it takes is all in handing it out. */
export const square = (x: string) => Number(x) ** 2;
const asProcess = defineTarget("pool#square", square);

/** A process for each task, so many at once. */
async function oneProcessEach(stage: Stage, tasks: number, procs: number) {
  const worker = async (lane: number) => {
    for (let x = lane; x < tasks; x += procs) {
      const onLane = { ...stage.lane(), name: `P${lane + 1}` };
      const child = stage.add(new Process({ target: asProcess, args: [String(x)], ...onLane })).start();
      await stage.or(child.join());
      if (child.result !== x ** 2) throw child.error ?? new Error(`wrong: ${x}`);
    }
  };
  await Promise.all(Array.from({ length: procs }, (_, lane) => worker(lane)));
}

/** Warm workers: each loads the function once and is then sent tasks, `chunk` to a message (null: as many as pay). */
function onWarmWorkers(
  stage: Stage,
  tasks: number,
  procs: number,
  chunk: number | null,
  onEvent = (_: LaneEvent<"map">) => {},
) {
  return pooled(stage, "square", tasks, { jobs: procs, chunk }, onEvent);
}
// end

/** The task of the part in which a worker is killed: long enough for a moment in the middle. */
export const slowSquare = (x: string) => {
  let hash = 0;
  for (let i = 0; i < 20_000; i++) hash = Math.imul(hash ^ i, 16777619);
  return hash === 1 ? -1 : Number(x) ** 2;
};

/** Results kept, to be compared with what they should be. */
class KeptResults implements ResultSink {
  readonly #parts: Uint8Array[] = [];
  readonly full = false;
  readonly closed = false;
  onChange: () => void = () => {};
  readonly write = (bytes: Uint8Array): void => void this.#parts.push(bytes);
  async drained(): Promise<void> {}

  get lines(): string[] {
    return Buffer.concat(this.#parts).toString().trimEnd().split("\n");
  }
}

interface PlayedMap {
  readonly lines: readonly string[];
  readonly summary: MapSummary;
  /** From when the first worker was ready to the last answer, ms. */
  readonly ms: number;
}

/** Runs a pool of this module's functions on the stage. */
async function pooled(
  stage: Stage,
  exportName: string,
  tasks: number,
  options: Pick<MapPoolOptions, "jobs" | "chunk">,
  onEvent: (event: LaneEvent<"map">) => void,
): Promise<PlayedMap> {
  const kept = new KeptResults();
  let readyMs = 0;
  let endMs = 0;
  const sink = (event: LaneEvent<"map">) => {
    if (event.type === "ready" && readyMs === 0) readyMs = nowMs();
    if (event.type === "chunk") endMs = nowMs();
    record(stage, event);
    onEvent(event);
  };
  const pool = new MapPool(
    { ...defaults, ...options, module: "pool", exportName },
    new ArgumentSource(
      Array.from({ length: tasks }, (_, x) => String(x)),
      false,
    ),
    kept,
    { failed: () => {}, said: () => {}, worker: () => {} },
    { originMs: stage.recording.originMs, sink },
  );
  const stop = () => pool.stop(0);
  stage.signal.addEventListener("abort", stop, { once: true });
  try {
    stage.recording.emit({ type: "wait", on: "message" });
    const summary = await pool.run();
    stage.recording.emit({ type: "run" });
    stage.signal.throwIfAborted();
    return { lines: kept.lines, summary, ms: endMs - readyMs };
  } finally {
    stage.signal.removeEventListener("abort", stop);
  }
}

const defaults = {
  init: null,
  input: "jsonl",
  output: "jsonl",
  ordered: true,
  timeoutMs: null,
  retries: null,
  integers: "fail",
  tsconfig: null,
  onError: "report",
  recycle: null,
  maxRssBytes: null,
} as const;

/** What a recording of a demo knows of a pool: its workers' lives, and what was tried again. */
function record(stage: Stage, event: LaneEvent<"map">): void {
  const lane = `P${Number(event.lane.slice(1)) + stage.number("procs")}`; // below those of the single processes
  const { t, pid, ppid } = event;
  if (event.type === "spawn" || event.type === "exit") stage.recording.sink({ ...event, lane });
  else if (event.type === "ready") {
    stage.recording.sink({ ...event, lane });
    stage.recording.sink({ type: "run", t, lane, pid, ppid });
  }
}

function answerOf(times: number): string {
  if (times < 30) return "ten";
  return times < 1000 ? "hundred" : "more";
}

export const demo: Demo<PoolResult> = {
  name: "pool",
  params: [
    { kind: "number", name: "procs", min: 1, max: 64, default: 2 },
    { kind: "number", name: "tasks", min: 1, max: 1_000, default: 20 },
  ],
  prediction: { choices: ["ten", "hundred", "more"] },
  code: codeOf("pool"),
  command: "lanes map --new job.ts && seq 100000 | lanes map job.ts | tail -1",
  measures: ({ ways }) => Object.fromEntries(ways.map(({ name, usPerTask }) => [`${name}.usPerTask`, usPerTask])),
  async play(stage) {
    const procs = stage.number("procs");
    const tasks = stage.number("tasks");
    const many = tasks * 500;
    const startMs = nowMs();
    await oneProcessEach(stage, tasks, procs);
    const processes = { ways: "process", tasks, ms: nowMs() - startMs } as const;
    const oneByOne = await onWarmWorkers(stage, many, procs, 1);
    const chunks = await onWarmWorkers(stage, many, procs, null);
    let victim = 0;
    let answered = 0;
    const kill = (event: LaneEvent<"map">) => {
      if (event.type !== "chunk") return;
      answered += event.count;
      if (victim !== 0 || answered < many / 8) return;
      victim = event.pid;
      process.kill(victim, "SIGKILL");
    };
    const killed = await pooled(stage, "slowSquare", many, { jobs: procs, chunk: null }, kill);
    const expected = Array.from({ length: many }, (_, x) => String(x ** 2));
    const right = ({ lines }: PlayedMap) => lines.length === many && lines.every((line, x) => line === expected[x]);
    const ways = [
      processes,
      { ways: "oneByOne", tasks: many, ms: oneByOne.ms },
      { ways: "chunks", tasks: many, ms: chunks.ms },
    ] as const;
    const result: PoolResult = {
      ways: ways.map(({ ways: name, ...way }) => ({ name, ...way, usPerTask: perTask(way) })),
      messages: { oneByOne: oneByOne.summary.chunks, chunks: chunks.summary.chunks },
      killed: {
        pid: victim,
        tasks: many,
        results: killed.lines.length,
        workersDied: killed.summary.crashes,
        triedAgain: killed.summary.retried,
      },
    };
    return {
      result,
      facts: [
        { label: "demo.pool.fact.process", value: `${(perTask(processes) / 1e3).toPrecision(3)} ms` },
        { label: "demo.pool.fact.oneByOne", value: `${perTask(ways[1]).toPrecision(3)} µs` },
        { label: "demo.pool.fact.chunks", value: `${perTask(ways[2]).toPrecision(3)} µs` },
        { label: "demo.pool.fact.killed", value: `pid ${victim}, ${killed.lines.length}/${many}` },
      ],
      checks: [
        { label: "demo.pool.check.same", ok: right(oneByOne) && right(chunks) },
        { label: "demo.pool.check.killed", ok: right(killed) && killed.summary.crashes === 1 && victim !== 0 },
        { label: "demo.pool.check.cheaper", ok: perTask(ways[1]) < perTask(processes) },
      ],
      pictures: poolPictures(result),
      answer: answerOf(perTask(processes) / perTask(ways[1])),
      suggestion: { tasks: Math.min(tasks * 2, 1_000) },
    };
  },
};
