import { expect, test } from "bun:test";
import fc from "fast-check";
import { findCycle, type WaitingProcess } from "../../../src/demos/analysis/wait-cycle.ts";

const waiter = (pid: number, waitsFor: string): WaitingProcess => ({ lane: `P${pid}`, pid, waitsFor });

test("two that wait for each other: a circle, with what each has", () => {
  const owners = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  expect(findCycle([waiter(1, "b"), waiter(2, "a")], owners)).toEqual([
    { lane: "P1", pid: 1, holds: "a", waitsFor: "b", owner: 2 },
    { lane: "P2", pid: 2, holds: "b", waitsFor: "a", owner: 1 },
  ]);
});

test("no circle: a line that ends with somebody who waits for nobody, a free lock, an owner nobody knows", () => {
  const owners = new Map([
    ["a", 1],
    ["b", 2],
    ["c", 99],
  ]);
  expect(findCycle([waiter(1, "b")], owners)).toEqual([]);
  expect(findCycle([waiter(1, "b"), waiter(2, "c")], owners)).toEqual([]);
  expect(findCycle([waiter(1, "b"), waiter(2, "free")], owners)).toEqual([]);
  expect(findCycle([], owners)).toEqual([]);
});

test("who waits outside the circle is not in it", () => {
  const owners = new Map([
    ["a", 2],
    ["b", 3],
  ]);
  expect(findCycle([waiter(1, "a"), waiter(2, "b"), waiter(3, "a")], owners).map(({ pid }) => pid)).toEqual([2, 3]);
});

test("whatever waits for whatever: a circle is found if there is one, and it is one", () => {
  const size = 7;
  // Process i has lock i and waits for lock next[i]; lock `size` is nobody's.
  const next = fc.array(fc.nat(size), { minLength: size, maxLength: size });
  fc.assert(
    fc.property(next, (next) => {
      const owners = new Map(Array.from({ length: size }, (_, i) => [`${i}`, i + 1]));
      const cycle = findCycle(
        next.map((to, i) => waiter(i + 1, `${to}`)),
        owners,
      );
      for (const [i, { pid, holds, owner }] of cycle.entries()) {
        expect(owner).toBe(cycle[(i + 1) % cycle.length]?.pid as number);
        expect(owners.get(holds)).toBe(pid);
      }
      // After as many steps as there are processes, whoever is still waiting is in a circle.
      const isStuck = (start: number) => {
        let at = start;
        for (let step = 0; step < size && at < size; step++) at = next[at] ?? size;
        return at < size;
      };
      expect(cycle.length > 0).toBe(next.some((_, start) => isStuck(start)));
    }),
  );
});
