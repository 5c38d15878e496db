import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Access, accessesOf, findLostUpdate, lostUpdates } from "../../../src/demos/analysis/lost-update.ts";

/**
 * A file and processes that add to it, stepped in a given order: at each step one of them reads, or writes what it read
 * and one. The test's own idea of a race, against which the finder is held.
 */
function race(procs: number, rounds: number, order: readonly number[]): { accesses: Access[]; count: number } {
  const accesses: Access[] = [];
  const processes = Array.from({ length: procs }, (_, i) => ({ lane: `P${i + 1}`, pid: 100 + i, round: 1, read: -1 }));
  let count = 0;
  const step = (process: (typeof processes)[number]) => {
    const { lane, pid, round } = process;
    const type = process.read < 0 ? "read" : "write";
    if (type === "write") count = process.read + 1;
    accesses.push({ type, t: accesses.length, lane, pid, round, value: count });
    process.read = type === "read" ? count : -1;
    if (type === "write") process.round += 1;
  };
  for (const choice of order) {
    const left = processes.filter(({ round }) => round <= rounds);
    const process = left[choice % Math.max(1, left.length)];
    if (process !== undefined) step(process);
  }
  for (const process of processes) while (process.round <= rounds) step(process);
  return { accesses, count };
}

const races = fc
  .record({
    procs: fc.integer({ min: 1, max: 4 }),
    rounds: fc.integer({ min: 1, max: 6 }),
    order: fc.array(fc.nat(11), { maxLength: 60 }),
  })
  .map((given) => ({ ...given, ...race(given.procs, given.rounds, given.order) }));

test("there is a lost update in the record exactly if the count is too small", () => {
  fc.assert(
    fc.property(races, ({ procs, rounds, accesses, count }) => {
      expect(findLostUpdate(accesses) !== null).toBe(count < procs * rounds);
    }),
    { numRuns: 2_000 },
  );
});

test("what is lost, all together, is what is missing in the count", () => {
  fc.assert(
    fc.property(races, ({ procs, rounds, accesses, count }) => {
      const lost = lostUpdates(accesses).reduce((sum, { updates }) => sum + updates, 0);
      expect(lost).toBe(procs * rounds - count);
    }),
    { numRuns: 2_000 },
  );
});

test("what was overwritten unseen and brought back is not lost; one write can lose several", () => {
  const record = (...steps: readonly (readonly [lane: string, type: "read" | "write", value: number])[]): Access[] =>
    steps.map(([lane, type, value], t) => ({ type, t, lane, pid: Number(lane[1]), round: 1, value }));
  const told = (accesses: Access[]) =>
    lostUpdates(accesses).map(({ writes, updates }) => [...writes.map(({ lane }) => lane), updates]);
  const counted = record(
    ["P2", "read", 0],
    ["P1", "read", 0],
    ["P1", "write", 1],
    ["P1", "read", 1],
    ["P1", "write", 2],
  );
  const late = { ...counted[0]!, type: "write", t: 6, value: 1 } as const;
  expect(told([...counted, late])).toEqual([["P1", "P2", 2]]);
  const seen = { ...late, lane: "P3", type: "read", t: 5, value: 2 } as const;
  expect(told([...counted, seen, late, { ...seen, type: "write", t: 7, value: 3 }])).toEqual([["P1", "P2", 1]]);
});

test("what it finds is one: the second read before the first wrote, and wrote over it", () => {
  fc.assert(
    fc.property(races, ({ accesses }) => {
      const found = findLostUpdate(accesses);
      if (found === null) return;
      const [[lostRead, overRead], [lostWrite, overWrite]] = [found.reads, found.writes];
      for (const access of [lostRead, overRead, lostWrite, overWrite]) expect(accesses).toContain(access);
      for (const [read, write] of [
        [lostRead, lostWrite],
        [overRead, overWrite],
      ] as const) {
        expect([read.type, write.type]).toEqual(["read", "write"]);
        expect([read.lane, read.round, read.value]).toEqual([write.lane, write.round, write.value - 1]);
      }
      expect(lostWrite.lane).not.toBe(overWrite.lane);
      expect(overRead.t).toBeLessThan(lostWrite.t);
      expect(lostWrite.t).toBeLessThan(overWrite.t);
      const between = accesses.filter(({ type, t }) => type === "write" && t > lostWrite.t && t < overWrite.t);
      expect(between).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test("the clearest one is chosen: both read the same", () => {
  const { accesses } = race(2, 3, [0, 1, 1, 1, 1, 0]); // P2 adds twice before P1 writes what it read at first
  const found = findLostUpdate([...accesses, ...race(2, 1, [0, 1, 0, 1]).accesses.map(later(100))]);
  expect(found?.reads.map(({ value }) => value)).toEqual([0, 0]);
});

const later =
  (ms: number) =>
  (access: Access): Access => ({ ...access, t: access.t + ms, round: access.round + ms });

test("unreadable reads, other events and the main lane's are left out", () => {
  const stamp = { t: 1, lane: "P1", pid: 5, ppid: 1 };
  const events = [
    { ...stamp, type: "write", value: 0, lane: "main" },
    { ...stamp, type: "ready" },
    { ...stamp, type: "read", value: null, round: 1 },
    { ...stamp, type: "read", value: 3, round: 1 },
  ] as const;
  expect(accessesOf(events)).toEqual([{ type: "read", t: 1, lane: "P1", pid: 5, round: 1, value: 3 }]);
});
