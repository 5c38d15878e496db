/** What a trace comes to, of processes that were not there. */
import { expect, test } from "bun:test";
import { TraceLanes } from "../../../src/recording/trace-lanes.ts";
import { Facts } from "../../../src/trace/facts.ts";
import { Processes } from "../../../src/trace/processes.ts";
import { ProcessorLoad } from "../../../src/trace/processor-load.ts";
import type { Traced } from "../../../src/trace/traced.ts";

const traced = {} as Traced;

test("the parts of the time in which nobody, one, and two ran", () => {
  const load = new ProcessorLoad();
  load.onProcessor(traced, 0, 100, 100); // one, all of the time
  load.onProcessor(traced, 50, 100, 50); // and another in the second half
  const { idleShare, serialShare } = load.finish(200);
  expect(idleShare).toBeCloseTo(0.5);
  expect(serialShare).toBeCloseTo(0.25);
  expect(load.cpuMs).toBe(150);
});

test("waits are counted by their reason, and the longest is named", () => {
  const facts = new Facts();
  const processes = new Processes([facts]);
  const root = processes.begin(1, 0, 0);
  const child = processes.begin(2, 1, 10);
  processes.waits(root, { why: "child", on: "", by: 2 }, 20);
  processes.waits(child, { why: "lock", on: "/a.lock", by: 9 }, 30);
  processes.runs(child, 80);
  processes.take({ is: "end", t: 100, pid: 2, code: 1, signal: null, cpuMs: 5 });
  processes.take({ is: "end", t: 120, pid: 1, code: 0, signal: null, cpuMs: 5 });
  const result = facts.summary(processes, {
    command: ["x"],
    exitCode: 0,
    signal: null,
    wallMs: 120,
    sampledBecause: null,
    unprivileged: [],
  });
  expect(result.waitedMs).toEqual({ child: 100, lock: 50 });
  expect(result.longestWait).toEqual({ why: "lock", on: "/a.lock", by: 9, pid: 2, ms: 50 });
  expect(result).toMatchObject({ processes: 2, mostAtOnce: 2, cpuMs: 10, failures: 1, orphans: 0 });
  expect(result.failed).toEqual([{ pid: 2, command: "", exitCode: 1, signal: null }]);
  expect(result.verdict?.because).toBe("lockedBy");
});

test("threads of processes that have ended are not counted, be they zombies for a while or adopted by another", () => {
  const facts = new Facts();
  const processes = new Processes([facts]);
  processes.begin(1, 0, 0);
  for (let pid = 2; pid < 10; pid++) {
    const child = processes.begin(pid, 1, pid);
    processes.take({ is: "end", t: pid, pid, code: 0, signal: null, cpuMs: 1 });
    processes.stays(child, pid);
    processes.adopt(child, 7, pid);
    processes.used(child, 2, pid, pid);
    processes.gone(child, pid);
  }
  const ending = { command: ["x"], exitCode: 0, signal: null, wallMs: 20, sampledBecause: null, unprivileged: [] };
  const result = facts.summary(processes, ending);
  expect(result).toMatchObject({ mostAtOnce: 2, mostThreads: 2, zombies: 8, orphans: 8 });
});

test("a pid that the kernel uses again is another process", () => {
  const lanes = new TraceLanes();
  const processes = new Processes([{ onEvent: (event) => lanes.add(event) }]);
  processes.begin(1, 0, 0);
  processes.begin(2, 1, 1);
  processes.take({ is: "end", t: 2, pid: 2, code: 0, signal: null, cpuMs: 0 });
  processes.begin(2, 1, 3);
  expect(lanes.list(4).map(({ lane, pid }) => [lane, pid])).toEqual([
    ["P1", 1],
    ["P2", 2],
    ["P3", 2],
  ]);
});

test("of very many processes the failed and the long ones are kept, and the others counted", () => {
  const lanes = new TraceLanes();
  const processes = new Processes([{ onEvent: (event) => lanes.add(event) }]);
  processes.begin(1, 0, 0);
  for (let i = 0; i < 20_000; i++) {
    const [pid, t] = [i + 2, i];
    processes.begin(pid, 1, t);
    const long = i === 5 ? 500 : 0.5;
    processes.take({ is: "end", t: t + long, pid, code: i % 1000 === 7 ? 1 : 0, signal: null, cpuMs: 0.1 });
    const ended = processes.live.get(pid);
    if (ended !== undefined) processes.gone(ended, t + long);
  }
  const list = lanes.list(20_000);
  expect(list.length).toBeLessThan(600);
  expect(list.filter(({ failed }) => failed)).toHaveLength(20);
  expect(list.some(({ startMs, endMs = 0 }) => endMs - startMs === 500)).toBe(true);
  expect(lanes.others.count + list.length).toBe(20_001);
});
