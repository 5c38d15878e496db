/** Reading from the steps why it went wrong, and which outcomes are the same. */
import { describe, expect, test } from "bun:test";
import { sharedIn } from "../../../src/explore/conflicts.ts";
import type { RunReport, Step } from "../../../src/explore/control/messages.ts";
import { explain } from "../../../src/explore/explain.ts";
import { outcomeOf } from "../../../src/explore/outcome.ts";

/** `2 read f`, `3 empties f`, `2 stat f -2`. */
function stepsOf(text: string): Step[] {
  const steps = new Map<number, number>();
  return text.split(", ").map((words) => {
    const [lane = 0, call = "", file = "", result = "1"] = words.split(" ") as [number, string, string, string];
    const step = (steps.get(Number(lane)) ?? 0) + 1;
    steps.set(Number(lane), step);
    const how = call === "empties" || call === "creates" ? call : undefined;
    const changes = how !== undefined || ["write", "rename", "lock"].includes(call);
    const base = { lane: Number(lane), step, file, changes, result: Number(result) };
    return {
      ...base,
      call: how === undefined ? (call as Step["call"]) : "open",
      ...(how === undefined ? {} : { how }),
    };
  });
}

const explained = (text: string) => {
  const steps = stepsOf(text);
  return explain(steps, new Set(sharedIn(steps)), [{ lane: 2, step: 2, to: 3 }]);
};

describe("explain", () => {
  test("a lost update: who read, who wrote, who overwrote", () => {
    expect(explained("1 write f, 2 read f, 3 read f, 3 write f, 2 write f")).toEqual({
      is: "lostUpdate",
      file: "f",
      one: "P2",
      first: 2,
      last: 5,
      other: "P3",
      between: 4,
    });
  });

  test("a torn read", () => {
    expect(explained("2 empties f, 3 read f 0, 2 write f")).toMatchObject({ is: "tornRead", one: "P2", other: "P3" });
  });

  test("checked, then made, by two", () => {
    expect(explained("2 stat f -2, 3 stat f -2, 3 empties f, 2 empties f")).toMatchObject({
      is: "checkThenAct",
      one: "P2",
      first: 1,
      between: 3,
      last: 4,
    });
  });

  test("nothing of these: where the order leaves the standard one", () => {
    expect(explained("1 write f, 2 start, 2 write f, 3 write f")).toMatchObject({
      is: "order",
      lane: "P2",
      step: 3,
      to: "P3",
    });
  });

  test("one after the other is nothing to explain", () => {
    const steps = stepsOf("1 write f, 2 read f, 2 write f, 3 read f, 3 write f");
    expect(explain(steps, new Set(["f"]), [])).toEqual({ is: "standard" });
  });
});

describe("sharedIn", () => {
  test("what two touch and one changes; a failed change is none", () => {
    expect(sharedIn(stepsOf("1 read a, 2 read a, 1 write b, 2 read b, 3 write c, 1 creates d -17, 2 stat d"))).toEqual([
      "b",
    ]);
  });
});

describe("outcomeOf", () => {
  const report = (pids: readonly number[]): RunReport => ({
    code: 0,
    signal: null,
    end: "ended",
    moves: [],
    choices: 0,
    switches: 0,
    steps: [],
    processes: pids.map((pid, at) => ({ lane: at + 1, pid, parent: 0, command: "", code: 0, signal: null })),
    stuck: [],
    left: 0,
    notes: { slept: false, network: false, mapped: [], unprivileged: [], unordered: 0, outside: [] },
  });
  const key = (pids: readonly number[], out: string, err = "", files: Record<string, string> = {}) =>
    outcomeOf(
      {
        report: report(pids),
        stdout: Buffer.from(out),
        stderr: Buffer.from(err),
        files: new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
      },
      [/at \d\d:\d\d/gu],
    ).key;

  test("pids, the order of lines, and what is ignored do not count", () => {
    expect(key([100, 200], "I am 200\nthe end at 12:30\n")).toBe(key([300, 400], "the end at 09:15\nI am 400\n"));
    expect(key([100], "a", "worker 17: late\n")).toBe(key([100], "a", "worker 3: late\nworker 4: late\n"));
  });

  test("contents, numbers and lines of stdout do", () => {
    expect(key([100], "1")).not.toBe(key([100], "2"));
    expect(key([100], "1\n1")).not.toBe(key([100], "1"));
    expect(key([100], "", "", { f: "1" })).not.toBe(key([100], "", "", { f: "2" }));
  });
});
