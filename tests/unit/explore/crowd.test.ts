/** Who is in a run, whatever the order in which the kernel tells of them. */
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { Crowd } from "../../../src/explore/control/crowd.ts";
import { Event } from "../../../src/trace/ptrace.ts";

test.if(process.platform === "linux")("one who ended before its creator told of it is not begun again", async () => {
  const crowd = new Crowd();
  const root = crowd.begin(process.pid, undefined);
  await using child = Bun.spawn(["sleep", "60"], { stdio: ["ignore", "ignore", "ignore"] });
  const met = crowd.meet(child.pid);
  expect(met.program).toMatchObject({ pid: child.pid, lane: 2, parent: 1 });
  crowd.end({ tid: child.pid, is: "exited", status: 7 });
  crowd.create(root, child.pid, Event.fork);
  expect(crowd.all.map(({ pid, code }) => [pid, code])).toEqual([
    [process.pid, null],
    [child.pid, 7],
  ]);
  expect([...crowd.programs.keys()]).toEqual([process.pid]);
  expect([...crowd.tasks.keys()]).toEqual([process.pid]);
});

test.if(process.platform === "linux")("a thread is its process's, whoever tells of it first", () => {
  const crowd = new Crowd();
  const root = crowd.begin(process.pid, undefined);
  const [tid = 0] = threads();
  expect(crowd.meet(tid).program).toBe(root.program);
  crowd.create(root, tid, Event.clone);
  expect(crowd.all).toHaveLength(1);
});

/** Of this process, without the main one. */
function threads(): number[] {
  return readdirSync("/proc/self/task")
    .map(Number)
    .filter((tid) => tid !== process.pid);
}
