import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Chunk } from "../../../src/pool/items/chunk.ts";
import { ArgumentSource, type ItemSource, LineSource } from "../../../src/pool/items/source.ts";
import { HEADER_BYTES } from "../../../src/pool/wire.ts";

const body = (chunk: Chunk) => chunk.frame.subarray(HEADER_BYTES).toString();

/** A stream that gives these bytes in these portions. */
function streamOf(text: string, sizes: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(text);
  return new ReadableStream({
    start(controller) {
      let at = 0;
      for (let i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        controller.enqueue(bytes.subarray(at, at + size));
        at += size;
      }
      controller.close();
    },
  });
}

async function drain(source: ItemSource, most: number): Promise<string[]> {
  const lines: string[] = [];
  while (!source.ended) {
    const chunk = source.take(most, 1e6);
    if (chunk === null) {
      await source.fill();
      continue;
    }
    expect(chunk.first).toBe(lines.length);
    const items = body(chunk).split("\n");
    expect(items.length).toBe(chunk.count);
    lines.push(...items);
  }
  return lines;
}

test("however the stream is cut, the lines come out whole", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\n\ufeff]/g, ""));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (lines, sizes, most, ended) => {
        const text = lines.join("\n") + (ended ? "\n" : "");
        const expected = text === "" ? [] : ended || lines.at(-1) !== "" ? lines : lines.slice(0, -1);
        expect(await drain(new LineSource(streamOf(text, sizes)), most)).toEqual(expected);
      },
    ),
  );
});

test("a chunk has at most so many bytes, but at least one line", async () => {
  const source = new LineSource(streamOf(`${"x".repeat(50)}\nab\ncd\n`, [1000]));
  await source.fill();
  expect(body(source.take(10, 8)!)).toBe("x".repeat(50));
  expect(body(source.take(10, 8)!)).toBe("ab\ncd");
  await source.fill();
  expect(source.ended).toBe(true);
});

test("a byte order mark is no part of the first line", async () => {
  expect(await drain(new LineSource(streamOf("\ufeffa\nb", [100])), 5)).toEqual(["a", "b"]);
});

test("nothing more is given after it was closed", async () => {
  const source = new LineSource(streamOf("a\nb\nc\n", [100]));
  await source.fill();
  source.take(1, 100);
  source.close();
  expect(source.take(1, 100)).toBeNull();
  expect(source.ended).toBe(true);
});

test("arguments travel as JSON, line ends and all", async () => {
  const items = ["a\nb", "", '"', "日本"];
  expect((await drain(new ArgumentSource(items, false), 3)).map((line) => JSON.parse(line))).toEqual(items);
  expect((await drain(new ArgumentSource(['{"a":\n1}'], true), 3)).map((line) => JSON.parse(line))).toEqual([{ a: 1 }]);
});
