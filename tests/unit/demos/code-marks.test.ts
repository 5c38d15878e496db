import { expect, test } from "bun:test";
import { loadDemos } from "../../../src/demos/catalog.ts";
import { markedCode } from "../../../src/demos/code-marks.ts";

const demos = await loadDemos();

test("every mark of every demo is on exactly one line of the code it shows", () => {
  const wrong = demos.flatMap(({ name, code, marks = [] }) =>
    marks
      .filter(
        ({ line }) => line !== null && code.typescript.split("\n").filter((text) => text.includes(line)).length !== 1,
      )
      .map(({ line }) => `${name}: ${line}`),
  );
  expect(wrong).toEqual([]);
});

test("the demos in which processes share something mark their code", () => {
  const marked = demos.filter(({ marks }) => marks !== undefined).map(({ name }) => name);
  for (const name of ["race", "mutex", "crash", "deadlock", "isolation", "function", "concurrency"] as const) {
    expect(marked).toContain(name);
  }
});

test("the first mark that fits counts: by type, lock, what came before, how many locks were held, whose code it is", () => {
  const code = markedCode({
    code: { typescript: "zero\none\ntwo\nthree" },
    marks: [
      { type: "wait", on: "barrier", after: "read", line: "one" },
      { type: "wait", held: 1, line: "two" },
      { type: "wait", on: "work", line: null },
      { type: "join", generation: 0, line: "three" },
      { type: "join", generation: 2, line: "zero" },
    ],
  });
  const at = { t: 0, lane: "P1", pid: 1, ppid: 1 };
  const wait = (on: string) => ({ type: "wait", on, ...at }) as const;
  expect(code?.lineOf(wait("barrier"), "read", 0)).toBe(1);
  expect(code?.lineOf(wait("barrier"), "write", 0)).toBeUndefined();
  expect(code?.lineOf(wait("a.lock"), "run", 1)).toBe(2);
  expect(code?.lineOf(wait("work"), "ready", 0)).toBeNull();
  const join = { type: "join", on: "P1", ...at } as const;
  expect(code?.lineOf({ ...join, lane: "main" }, "run", 0)).toBe(3);
  expect(code?.lineOf({ ...join, lane: "P1.2" }, "run", 0)).toBe(0);
  expect(code?.lineOf(join, "run", 0)).toBeUndefined();
  expect(markedCode({ code: { typescript: "zero" } })).toBeUndefined();
});
