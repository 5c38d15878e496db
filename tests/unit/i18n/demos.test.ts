/** What the demos say is true in every run, in both languages. */
import { expect, test } from "bun:test";
import { en } from "../../../src/i18n/en/index.ts";
import { zh } from "../../../src/i18n/zh/index.ts";

test("the mutex is said to keep out only those who ask for it, and crash names the same kernel lock", () => {
  expect(en["demo.mutex.why"]).toContain("only those who ask");
  expect(zh["demo.mutex.why"]).toContain("只约束申请它的进程");
  for (const key of ["demo.mutex.why", "demo.crash.why"] as const) {
    expect(en[key]).toContain("lock of the kernel's");
    expect(zh[key]).toContain("内核锁");
  }
});

test("memory can be shared if both ask, and a takeover takes the time it takes", () => {
  expect(en["demo.isolation.why"]).toContain("unless both ask");
  expect(zh["demo.isolation.why"]).toContain("除非双方都申请");
  expect(en["demo.crash.watch"]).not.toContain("same moment");
  expect(zh["demo.crash.watch"]).not.toContain("同一时刻");
});

test("whoever adopts an orphan is related to it, and pids stand in the same brackets everywhere", () => {
  expect(en["demo.identity.predict.adopted"]).not.toContain("knows nothing");
  expect(zh["demo.identity.predict.adopted"]).not.toContain("毫不相干");
  const adopters = (["init", "subreaper", "main"] as const).map((who) => `demo.identity.adopter.${who}` as const);
  for (const key of adopters) for (const words of [en[key], zh[key]]) expect(words).toContain("{name} (pid {pid})");
});
