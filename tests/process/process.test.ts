import { expect, test } from "bun:test";
import { LanesError } from "../../src/errors.ts";
import { currentProcess, liveProcesses, Process, RemoteError, stopAll } from "../../src/process/index.ts";
import { Recording } from "../../src/recording/recording.ts";
import * as targets from "../fixtures/targets.ts";
import { isRunning, marked, openDescriptors, parentOf, signalProcess } from "../support/processes/processes.ts";
import { until } from "../support/wait.ts";

test("a function runs in another process, with its arguments, and its result comes back", async () => {
  const args = [1, "two", { three: [3n, new Date(4), new Map([["k", new Uint8Array([5])]])] }, undefined];
  const child = new Process({ target: targets.echo, args }).start();
  expect(await child.join()).toBe(true);
  expect(child.exitCode).toBe(0);
  expect(child.signal).toBeNull();
  expect(child.error).toBeNull();
  expect(child.result).toEqual(args);
});

test("the child reports the pid and parent pid that the kernel reports", async () => {
  const child = new Process({ target: targets.sleep, name: "sleeper" }).start();
  await child.receive();
  const pid = child.pid ?? 0;
  expect(parentOf(pid)).toBe(process.pid);
  expect(child.ppid).toBe(process.pid);
  expect(child.isAlive).toBe(true);
  await child.stop();
  expect(child.isAlive).toBe(false);
  expect(isRunning(pid)).toBe(false);
  expect(child.signal).toBe("SIGTERM");
  expect(child.exitCode).toBeNull();
});

test("currentProcess() knows where it is", async () => {
  const child = new Process({ target: targets.who, name: "W" }).start();
  await child.join();
  expect(child.result).toEqual({ name: "W", pid: child.pid, ppid: process.pid, depth: 1 });
  expect(currentProcess().name).toBe("main");
  expect(currentProcess().pid).toBe(process.pid);
});

test("a subclass: state set before start travels, the child's changes do not come back", async () => {
  const counter = new targets.Counter(41, "C").start();
  await counter.join();
  expect(counter.result).toEqual({ n: 42, label: "C", pid: counter.pid, name: "C" });
  expect(counter.n).toBe(41);
});

test("what a child throws arrives with its name, message and stack", async () => {
  const child = new Process({ target: targets.fail, args: ["no luck"], name: "F" }).start();
  await child.join();
  expect(child.exitCode).toBe(1);
  const error = child.error as RemoteError;
  expect(error).toBeInstanceOf(RemoteError);
  expect(error.remote).toMatchObject({ name: "Tally", message: "no luck" });
  expect(error.stack).toContain("failHere");
  expect(error.stack).toContain("targets.ts");
});

test("a child that calls process.exit keeps its exit code", async () => {
  const child = new Process({ target: targets.exit, args: [7] }).start();
  await child.join();
  expect(child.exitCode).toBe(7);
  expect(child.error).toBeNull();
});

test("a child lives until its function has returned, whatever it waits for", async () => {
  const child = new Process({ target: targets.waitIdly }).start();
  await child.join();
  expect(child.result).toBe("waited");
});

test("arguments that cannot be cloned are named before anything is spawned", () => {
  const before = liveProcesses().length;
  const child = new Process({ target: targets.echo, args: [1, { deep: [() => {}] }], name: "X" });
  expect(() => child.start()).toThrow("args[1].deep[0]");
  expect(child.pid).toBeNull();
  expect(liveProcesses().length).toBe(before);
});

test("join with a timeout tells whether it has ended", async () => {
  const child = new Process({ target: targets.sleep }).start();
  expect(await child.join({ timeout: 1 })).toBe(false);
  child.kill();
  expect(await child.join({ timeout: 20_000 })).toBe(true);
  expect(child.signal).toBe("SIGKILL");
});

test("terminate escalates: a child that ignores TERM is killed", async () => {
  const child = new Process({ target: targets.stubborn }).start();
  await child.receive();
  await child.stop(50);
  expect(child.signal).toBe("SIGKILL");
});

test("messages go both ways, in order", async () => {
  const child = new Process({ target: targets.answer }).start();
  for (const n of [1, 2, 3]) child.send(n);
  expect([await child.receive(), await child.receive(), await child.receive()]).toEqual(
    [1, 2, 3].map((question) => ({ question })),
  );
  child.send("enough");
  await child.join();
  expect(child.result).toBe("done");
  expect(child.receive()).rejects.toThrow();
});

test.each([10, 60_000, 1_000_000])(
  "nothing of %d bytes a child said is lost when it is killed the next instant",
  async (bytes) => {
    for (let round = 0; round < 4; round++) {
      const child = new Process({ target: targets.sayAndDie, args: [20, bytes] }).start();
      await child.join();
      expect(child.signal).toBe("SIGKILL");
      for (let i = 0; i < 20; i++) {
        // (toEqual goes through a million numbers one by one.)
        const word = (await child.receive()) as Uint8Array;
        expect(Buffer.compare(word, new Uint8Array(bytes).fill(i))).toBe(0);
      }
    }
  },
);

test("waiting for a word from a process that has died says what ended it", async () => {
  const child = new Process({ target: targets.sleep, name: "P1" }).start();
  expect(await child.receive()).toBe("asleep");
  const word = child.receive();
  signalProcess(child.pid ?? 0, "SIGKILL");
  await expect(word).rejects.toThrow(`P1 (pid ${child.pid}) ended with SIGKILL`);
  await child.join();
});

test("events carry the child's lane, pids and times within its life", async () => {
  const recording = new Recording();
  const child = new Process({ target: targets.say, args: [1000], name: "P1", timeline: recording }).start();
  await child.join();
  const said = recording.of("say");
  expect(said.map(({ text }) => Number(text))).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect(said.every(({ lane, pid, ppid }) => lane === "P1" && pid === child.pid && ppid === process.pid)).toBe(true);
  const { startMs, readyMs, endMs } = child.times;
  const times = [startMs, readyMs ?? Number.NaN, ...said.map(({ t }) => t), endMs ?? Number.NaN];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("resource usage after exit is the child's own", async () => {
  const child = new Process({ target: targets.nothing }).start();
  expect(child.usage).toBeNull();
  await child.join();
  expect(child.usage?.cpuMs).toBeGreaterThan(0);
  expect(child.usage?.maxRssKb).toBeGreaterThan(1_000);
});

test("the depth guard stops a program that starts itself", async () => {
  const child = new Process({ target: targets.deeper }).start();
  await child.join();
  expect(child.error?.message).toContain("refusing to start another process");
});

test("stopAll leaves nothing running", async () => {
  const children = Array.from({ length: 4 }, () => new Process({ target: targets.sleep }).start());
  await Promise.all(children.map((child) => child.receive()));
  await stopAll();
  expect(children.filter(({ pid }) => isRunning(pid ?? 0))).toEqual([]);
  expect(liveProcesses()).toEqual([]);
});

test("kill -9 of the parent ends its children and theirs, even computing ones", async () => {
  const top = new Process({ target: targets.family, name: "top" }).start();
  const grandchild = (await top.receive()) as number;
  expect(isRunning(grandchild)).toBe(true);
  top.kill();
  await top.join();
  await until("the grandchild's end", () => !isRunning(grandchild), 1_000);
});

test("kill -9 of the parent ends a child that had not even begun", async () => {
  for (let round = 0; round < 4; round++) {
    process.env.LANES_TEST_MARK = `start-${process.pid}-${round}`;
    const mark = `LANES_TEST_MARK=${process.env.LANES_TEST_MARK}`;
    const top = new Process({ target: targets.family, name: "top" }).start();
    delete process.env.LANES_TEST_MARK;
    let grandchild = 0;
    // Seen once, it counts: a process in the middle of its exec has no environment to be seen by.
    await until("the grandchild's start", () => {
      grandchild = marked(mark).find((pid) => pid !== top.pid) ?? 0;
      return grandchild !== 0;
    });
    signalProcess(grandchild, "SIGSTOP"); // most likely before it has asked the kernel to end it with its parent
    top.kill();
    await until("the end of its parent", () => !isRunning(top.pid ?? 0));
    if (isRunning(grandchild)) signalProcess(grandchild, "SIGCONT");
    await top.join();
    await until("the grandchild's end", () => !isRunning(grandchild), 1_000);
  }
});

test("no descriptor and no listener is left after 64 processes", async () => {
  const batch = async (n: number) => {
    const children = Array.from({ length: n }, () => new Process({ target: targets.nothing }).start());
    await Promise.all(children.map((child) => child.join()));
    expect(children.every(({ exitCode }) => exitCode === 0)).toBe(true);
  };
  await batch(8); // what is opened once stays open
  const descriptors = openDescriptors();
  const listeners = process.eventNames().reduce((total, event) => total + process.listenerCount(event), 0);
  for (let i = 0; i < 8; i++) await batch(8);
  expect(openDescriptors()).toBeLessThanOrEqual(descriptors);
  expect(process.eventNames().reduce((total, event) => total + process.listenerCount(event), 0)).toBe(listeners);
}, 600_000);

test("an executable that is gone is one clear error", () => {
  const real = process.execPath;
  try {
    process.execPath = "/nonexistent/lanes";
    expect(() => new Process({ target: targets.nothing, name: "G" }).start()).toThrow(LanesError);
    expect(() => new Process({ target: targets.nothing, name: "G" }).start()).toThrow("/nonexistent/lanes");
  } finally {
    process.execPath = real;
  }
});

test("an executable that was replaced by another program is one clear error", async () => {
  const real = process.execPath;
  try {
    process.execPath = "/bin/true";
    const child = new Process({ target: targets.nothing, name: "R" }).start();
    await child.join();
    expect(child.error?.message).toContain("/bin/true");
  } finally {
    process.execPath = real;
  }
});
