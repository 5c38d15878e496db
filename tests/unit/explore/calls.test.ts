/** Which system calls are steps: on a process that is made up. */
import { describe, expect, test } from "bun:test";
import { type Scope, type Subject, touchOf } from "../../../src/explore/control/calls.ts";
import { RunScope } from "../../../src/explore/control/scope.ts";
import { timeOf } from "../../../src/explore/control/sleeps.ts";
import { ControlledTask, type Program } from "../../../src/explore/control/tasks.ts";

const texts: Readonly<Record<number, string>> = { 1: "data.json", 2: "/w/run/sub/../a.lock", 3: "/etc/passwd", 4: "" };
const subject: Subject = {
  text: (address) => texts[address] ?? "",
  number: (address) => (address === 50 ? 2 : address === 51 ? 1 : 0),
  descriptor: (fd) => ["/dev/null", "pipe:[7]", "socket:[8]", "/w/run/data.json", "/w/run/sub"][fd] ?? "",
  folder: () => "/w/run",
  lane: (pid) => (pid === 4711 ? 3 : undefined),
};
const scope: Scope = new RunScope({ folder: "/w/run", temporary: "/w/tmp", globs: [], original: "/home/me" });
const touch = (number: number, ...args: number[]) => touchOf(number, args, subject, scope);
/** As a 32-bit and as a 64-bit number. */
const HERE = [4294967196, -100];

describe("touchOf", () => {
  test.each(HERE)("openat: how it is opened says what it does (%d)", (here) => {
    expect(touch(257, here, 1, 0)).toEqual({ call: "open", file: "data.json", changes: false });
    expect(touch(257, here, 1, 0o1101)).toEqual({ call: "open", file: "data.json", changes: true, how: "empties" });
    expect(touch(257, here, 1, 0o301)).toEqual({ call: "open", file: "data.json", changes: true, how: "creates" });
    expect(touch(257, here, 1, 0o102)).toEqual({ call: "open", file: "data.json", changes: true, how: "makes" });
    expect(touch(257, here, 3, 0)).toBeUndefined();
    expect(touch(262, here, 4, 0)).toBeUndefined();
  });

  test("a path below a descriptor, and one with dots", () => {
    expect(touch(257, 4, 1, 0)?.file).toBe("sub/data.json");
    expect(touch(2, 2, 0)?.file).toBe("a.lock");
  });

  test("by descriptor: files are read and written, pipes are sent through, the rest is nobody's", () => {
    expect(touch(0, 3, 100, 20)).toMatchObject({ call: "read", file: "data.json", data: { address: 100, length: 20 } });
    expect(touch(1, 3, 100, 20)).toMatchObject({ call: "write", changes: true });
    expect(touch(1, 1, 100, 20)).toMatchObject({ call: "send", file: "pipe 1" });
    expect(touch(0, 1, 100, 20)).toBeUndefined();
    expect(touch(1, 0, 100, 20)).toBeUndefined();
  });

  test("locks: flock and fcntl, taken and given back", () => {
    expect(touch(73, 3, 2)?.call).toBe("lock");
    expect(touch(73, 3, 8)?.call).toBe("unlock");
    expect(touch(72, 3, 7, 51)?.call).toBe("lock");
    expect(touch(72, 3, 6, 50)?.call).toBe("unlock");
    expect(touch(72, 3, 3)).toBeUndefined();
  });

  test("signals to one of the processes, and its end", () => {
    expect(touch(62, 4711, 15)).toMatchObject({ call: "signal", file: "P3" });
    expect(touch(62, 1, 15)).toBeUndefined();
    expect(touch(231, 0)?.call).toBe("exit");
    expect(touch(999)).toBeUndefined();
  });
});

describe("timeOf", () => {
  test("a sleep ends by itself, a wait with a limit too, others do not", () => {
    expect(timeOf(35, [1])).toBe("sleeps");
    expect(timeOf(230, [0, 0, 1])).toBe("sleeps");
    expect(timeOf(23, [0, 0, 0, 0, 7])).toBe("sleeps");
    expect(timeOf(7, [1, 2, 500])).toBe("limited");
    expect(timeOf(7, [1, 2, 0xffffffff])).toBe("none");
    expect(timeOf(7, [1, 2, -1])).toBe("none");
    expect(timeOf(232, [1, 2, 3, -1])).toBe("none");
    expect(timeOf(202, [1, 0, 1, 140_000_000_000_000])).toBe("limited");
    expect(timeOf(202, [1, 0, 1, 0])).toBe("none");
    expect(timeOf(202, [1, 1, 1, 5])).toBe("none"); // FUTEX_WAKE
    expect(timeOf(61, [1])).toBe("none");
  });
});

describe("RunScope", () => {
  test("temporary files have names by chance: they are numbered", () => {
    const own = new RunScope({ folder: "/w/run", temporary: "/w/tmp", globs: [], original: undefined });
    expect(own.file("/w/tmp/tmpx9k/data.json")).toBe("$TMPDIR/1/data.json");
    expect(own.file("/w/tmp/tmpaaa")).toBe("$TMPDIR/2");
    expect(own.file("/w/tmp/tmpx9k/data.json (deleted)")).toBe("$TMPDIR/1/data.json");
  });

  test("not what programs keep for themselves, unless it is asked for; only what matches, if anything is", () => {
    expect(scope.file("/w/run/__pycache__/a.pyc")).toBeUndefined();
    expect(scope.file("/w/run")).toBeUndefined();
    expect(scope.file("/w/runner/a")).toBeUndefined();
    const own = new RunScope({
      folder: "/w/run",
      temporary: "/w/tmp",
      globs: ["**/*.json", "/x/*"],
      original: undefined,
    });
    expect(own.file("/w/run/sub/a.json")).toBe("sub/a.json");
    expect(own.file("/w/run/a.txt")).toBeUndefined();
    expect(own.file("/x/y")).toBe("/x/y");
  });

  test("notes what is opened in the folder that was copied", () => {
    const own = new RunScope({ folder: "/w/run", temporary: "/w/tmp", globs: [], original: "/home/me" });
    expect(own.file("/home/me/data.json")).toBeUndefined();
    expect([...own.outside]).toEqual(["/home/me/data.json"]);
  });
});

describe("ControlledTask", () => {
  test("a call that is taken up again is the one it was", () => {
    const task = new ControlledTask(2, { pid: 1, sleeps: 0 } as Program);
    task.enters(202, [1, 0, 1, 7]);
    task.before = task.inside;
    task.inside = undefined;
    task.enters(219, []);
    expect(task.inside).toMatchObject({ number: 202, time: "limited" });
  });
});
