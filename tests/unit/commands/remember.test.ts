import { expect, test } from "bun:test";
import { playOf } from "../../../src/commands/demo/remember.ts";
import type { Played } from "../../../src/demos/play.ts";
import type { Fact } from "../../../src/recording/results/outcome.ts";

const played = (facts: readonly Fact[], headline?: Fact["label"]) =>
  ({
    document: {
      demo: "race",
      params: { procs: 4 },
      ok: true,
      parent: { pid: 100, ppid: 1 },
      lanes: [{ pid: 4711, ppid: 100 }],
    },
    outcome: { facts, headline, answer: "less" },
  }) as unknown as Played;
const count = { label: "demo.race.fact.count", value: "363 / 400" } as const satisfies Fact;
const lost = { label: "demo.race.fact.lost", value: "37 (9 %)" } as const satisfies Fact;

test("what is remembered: the demo, its parameters, the prediction beside the answer, and one fact", () => {
  expect(playOf(played([count, lost]), "all")).toEqual({
    demo: "race",
    at: expect.any(Number),
    params: { procs: 4 },
    ok: true,
    predicted: "all",
    answer: "less",
    fact: count,
  });
});

test("the fact is the demo's headline, if it is among them; never one about a process", () => {
  expect(playOf(played([count, lost], lost.label)).fact).toEqual(lost);
  expect(playOf(played([count], lost.label)).fact).toEqual(count);
  expect(playOf(played([])).fact).toBeUndefined();
  expect(playOf(played([{ ...count, value: "P1 (pid 4711)" }, lost])).fact).toBeUndefined();
  expect(playOf(played([{ ...count, value: "14711 / 47110" }])).fact).toBeDefined();
});
