/** Circles of processes that wait for one another's locks. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { circlesIn, keyOf, type LockWait } from "../../../src/memory/hub/circles.ts";

const wait = (waiter: number, lock: number, holder: number): LockWait => ({
  ...{ waiter, lock, holder, waiterPid: waiter * 10, holderPid: holder * 10 },
});
const shown = (waits: readonly LockWait[]) => circlesIn(waits).map(keyOf).sort();

test("two, three, two at once; not a line, nor one process by itself", () => {
  expect(shown([wait(1, 5, 2), wait(2, 6, 1)])).toEqual(["1-5-2 2-6-1"]);
  expect(shown([wait(1, 5, 2), wait(2, 6, 3), wait(3, 7, 1), wait(4, 5, 2)])).toEqual(["1-5-2 2-6-3 3-7-1"]);
  expect(shown([wait(1, 5, 2), wait(2, 6, 1), wait(2, 7, 3), wait(3, 8, 2)])).toHaveLength(2);
  expect(shown([wait(1, 5, 2), wait(2, 6, 3), wait(4, 5, 2)])).toEqual([]);
  expect(shown([wait(1, 5, 1)])).toEqual([]);
});

test("a circle is one: each wait's holder is the next one's waiter, nobody is in it twice; and where there is one it is found", () => {
  const peer = fc.integer({ min: 1, max: 5 });
  const waits = fc.array(fc.record({ waiter: peer, lock: fc.integer({ min: 1, max: 3 }), holder: peer }), {
    maxLength: 10,
  });
  fc.assert(
    fc.property(waits, (given) => {
      const all = given.map(({ waiter, lock, holder }) => wait(waiter, lock, holder));
      const found = circlesIn(all);
      for (const circle of found) {
        expect(circle.length).toBeGreaterThan(1);
        expect(new Set(circle.map(({ waiter }) => waiter)).size).toBe(circle.length);
        for (const [i, { holder }] of circle.entries()) expect(circle[(i + 1) % circle.length]?.waiter).toBe(holder);
      }
      // Whoever can reach itself through another is in one.
      const reached = (from: number) => {
        const seen = new Set([from]);
        for (const at of seen) for (const { waiter, holder } of all) if (waiter === at) seen.add(holder);
        return seen;
      };
      const isIn = (peer: number) =>
        all.some(({ waiter, holder }) => waiter === peer && holder !== peer && reached(holder).has(peer));
      for (let peer = 1; peer <= 5; peer++)
        expect(found.some((circle) => circle.some(({ waiter }) => waiter === peer))).toBe(isIn(peer));
    }),
  );
});
