/** Each check of `zombie` fails on what is no zombie, or one that did not go as it should. */
import { describe, expect, test } from "bun:test";
import { type ZombieResult, zombieAnswer, zombieChecks, zombieFacts } from "../../../src/demos/zombie/report.ts";

const alive = { ppid: 10, state: "S", rssKb: 30_000, exitCode: null };
const zombie = { ppid: 10, state: "Z", rssKb: 0, exitCode: 7 };
const good: ZombieResult = {
  pid: 11,
  parentPid: 10,
  looks: { alive, exited: zombie, killed: zombie, collected: null },
  killTaken: true,
  zombieMs: 600,
  collectedMs: 2,
  exitCode: 7,
  orphaned: { pid: 21, before: 20, adopter: null, goneMs: 1, zombie: true },
};
const failing = (result: ZombieResult) =>
  zombieChecks(result)
    .filter(({ ok }) => !ok)
    .map(({ label }) => label.replace("demo.zombie.check.", ""));
const looks = (changed: Partial<ZombieResult["looks"]>) => ({ ...good, looks: { ...good.looks, ...changed } });
const orphaned = (changed: Partial<ZombieResult["orphaned"]>) => ({
  ...good,
  orphaned: { ...good.orphaned, ...changed },
});

test("as it should be: all hold, also where the new parent lets it stay", () => {
  expect(failing(good)).toEqual([]);
  expect(failing(orphaned({ goneMs: null, adopter: { pid: 1, name: "init" } }))).toEqual([]);
});

describe("falsified", () => {
  test.each([
    ["it was gone at once", looks({ exited: null }), ["zombie", "memory"]],
    ["it still ran", looks({ exited: alive }), ["zombie", "memory"]],
    ["it was somebody else's", looks({ exited: { ...zombie, ppid: 1 } }), ["zombie"]],
    ["it was one from the start", looks({ alive: zombie }), ["zombie", "memory"]],
    ["it kept memory", looks({ exited: { ...zombie, rssKb: 4 } }), ["memory"]],
    ["kill -9 removed it", looks({ killed: null }), ["killed"]],
    ["there was nobody to be killed", { ...good, killTaken: false }, ["killed"]],
    ["it stayed when its parent had asked", { ...looks({ collected: zombie }), collectedMs: null }, ["collected"]],
    ["another exit code arrived", { ...good, exitCode: 0 }, ["collected"]],
    ["no exit code arrived", { ...good, exitCode: null }, ["collected"]],
    ["the second one was none", orphaned({ zombie: false }), ["orphaned"]],
    ["the second one stayed its dead parent's", orphaned({ goneMs: null }), ["orphaned"]],
    ["the same, as the kernel says", orphaned({ goneMs: null, adopter: { pid: 20, name: "x" } }), ["orphaned"]],
  ] as const)("%s", (_, result, failed) => expect(failing(result)).toEqual([...failed]));
});

test("the answer is what was seen", () => {
  expect(zombieAnswer(good.looks)).toBe("stays");
  expect(zombieAnswer(looks({ killed: null }).looks)).toBe("killed");
  expect(zombieAnswer(looks({ exited: null, killed: null }).looks)).toBe("gone");
});

test("what did not happen is not said in numbers", () => {
  const nothing = { ...looks({ exited: null }), zombieMs: null, collectedMs: null, exitCode: null };
  const values = zombieFacts({ ...nothing, orphaned: { ...good.orphaned, goneMs: null } }).map(({ value }) => value);
  expect(values.join(" ")).not.toMatch(/NaN|null|undefined/);
});
