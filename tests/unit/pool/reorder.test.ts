import { expect, test } from "bun:test";
import fc from "fast-check";
import { ResultReorder } from "../../../src/pool/items/reorder.ts";

const bytes = (text: string) => Buffer.from(text);
function collecting(ordered: boolean) {
  const written: string[] = [];
  return { written, reorder: new ResultReorder(ordered, (part) => written.push(Buffer.from(part).toString())) };
}

test("pieces in any order come out in the items' order, each once", () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30 }).chain((counts) => {
    let first = 0;
    const all = counts.map((count) => {
      const piece = { first, count, text: Array.from({ length: count }, (_, i) => `${first + i},`).join("") };
      first += count;
      return piece;
    });
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
  });
  fc.assert(
    fc.property(pieces, ([all, shuffled]) => {
      const { written, reorder } = collecting(true);
      for (const { first, count, text } of shuffled) reorder.add(first, count, bytes(text));
      expect(written.join("")).toBe(all.map(({ text }) => text).join(""));
      expect(reorder.next).toBe(all.reduce((sum, { count }) => sum + count, 0));
      expect([reorder.held, reorder.heldBytes]).toEqual([0, 0]);
    }),
  );
});

test("out of order, everything is written at once and still accounted for", () => {
  const { written, reorder } = collecting(false);
  reorder.add(2, 1, bytes("c"));
  reorder.add(1, 1, bytes("b"));
  expect(written).toEqual(["c", "b"]);
  expect([reorder.next, reorder.heldBytes]).toEqual([0, 0]);
  reorder.add(0, 1, null);
  expect(reorder.next).toBe(3);
});

test("what waits for items that never come is written in the end, and the gaps are named", () => {
  const { written, reorder } = collecting(true);
  reorder.add(0, 2, bytes("ab"));
  reorder.add(5, 1, bytes("f"));
  reorder.add(3, 1, bytes("d"));
  expect(reorder.finish(8)).toEqual([
    [2, 3],
    [4, 5],
    [6, 8],
  ]);
  expect(written).toEqual(["ab", "d", "f"]);
});

test("behind the limit nothing is written", () => {
  const { written, reorder } = collecting(true);
  reorder.add(3, 1, bytes("d"));
  reorder.add(1, 1, bytes("b"));
  reorder.limit = 2;
  reorder.add(2, 1, null);
  reorder.add(0, 1, bytes("a"));
  expect(reorder.next).toBe(2);
  expect(reorder.unwanted).toBe(1);
  expect(reorder.finish(reorder.next)).toEqual([]);
  expect(written).toEqual(["a", "b"]);
});
