import { expect, test } from "bun:test";
import { Chunk } from "../../../src/pool/items/chunk.ts";
import { HEADER_BYTES } from "../../../src/pool/wire.ts";

const lines = ["zero", "", "two", "three", ""];
const chunk = () => Chunk.of(100, lines.length, Buffer.from(lines.join("\n")));
const items = (part: Chunk | null) => part?.frame.subarray(HEADER_BYTES).toString().split("\n");

test("any part of it is a chunk of the same lines, with their numbers", () => {
  const whole = chunk();
  for (let from = 0; from < lines.length; from++) {
    for (let to = from + 1; to <= lines.length; to++) {
      const part = whole.slice(from, to);
      expect(items(part)).toEqual(lines.slice(from, to));
      expect([part?.first, part?.count]).toEqual([100 + from, to - from]);
    }
    expect(whole.slice(from, from)).toBeNull();
  }
});

test("after items were taken back the others are still where they were", () => {
  const whole = chunk();
  const taken = whole.slice(3, 5);
  whole.shorten(3);
  expect(items(taken)).toEqual(["three", ""]);
  expect(items(whole.slice(1, whole.count))).toEqual(["", "two"]);
  expect(whole.text(2)).toBe("two");
});
