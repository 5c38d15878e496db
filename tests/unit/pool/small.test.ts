import { expect, test } from "bun:test";
import fc from "fast-check";
import { triedAgain } from "../../../src/pool/failure.ts";
import { Histogram } from "../../../src/pool/histogram.ts";
import { Tempo } from "../../../src/pool/items/tempo.ts";
import { FrameParser, frameFor, type Header, Kind, textFrame, writeHeader } from "../../../src/pool/wire.ts";
import { describe } from "../../../src/pool/worker/module.ts";
import { tellText } from "../../../src/thrown.ts";

test("frames come out as they went in, however the stream is cut", () => {
  const frame = fc.record({ text: fc.string({ unit: "grapheme" }), from: fc.nat(), first: fc.maxSafeNat() });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.integer({ min: 1, max: 40 }), (frames, size) => {
      const stream = Buffer.concat(
        frames.map(({ text, from, first }) => textFrame(Kind.results, { slot: 1, from, count: 3, first }, text)),
      );
      const out: { header: Header; text: string }[] = [];
      const parser = new FrameParser((header, body) => out.push({ header, text: body.toString() }));
      for (let at = 0; at < stream.length; at += size) parser.push(stream.subarray(at, at + size));
      expect(out).toEqual(
        frames.map(({ text, from, first }) => ({
          header: { kind: Kind.results, slot: 1, attempt: 0, from, count: 3, first },
          text,
        })),
      );
    }),
  );
});

test("an empty body is a frame too", () => {
  const out: Header[] = [];
  new FrameParser((header) => out.push(header)).push(writeHeader(frameFor(0), Kind.chunk, { count: 1 }));
  expect(out.length).toBe(1);
});

test("a histogram's quantiles are within a tenth of the true ones", () => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 1000; ms++) histogram.add(ms);
  expect(histogram.quantile(0.5)! / 500).toBeCloseTo(1, 0);
  expect(Math.abs(histogram.quantile(0.99)! / 990 - 1)).toBeLessThan(0.1);
  const merged = new Histogram();
  merged.merge(histogram.drain());
  expect(merged.total).toBe(1000);
  expect(histogram.quantile(0.5)).toBeNull();
  histogram.add(0, 5);
  expect(histogram.quantile(0.5)).toBeLessThan(1e-4);
});

test("chunks begin with one item, grow with what they taught, and hold a fixed time of work", () => {
  const tempo = new Tempo(null);
  expect(tempo.size).toBe(1);
  const sizes: number[] = [];
  for (let i = 0; i < 10; i++) {
    sizes.push(tempo.size);
    tempo.learn(tempo.size, tempo.size * 0.01, tempo.size * 5);
  }
  expect(sizes.slice(0, 4)).toEqual([1, 8, 64, 512]);
  expect(sizes.at(-1)).toBe(10_000);
  tempo.learn(1, 1000, 5);
  expect(tempo.size).toBe(1);
  expect(new Tempo(500).size).toBe(500);
});

test("large results make small chunks", () => {
  const tempo = new Tempo(null);
  for (let i = 0; i < 10; i++) tempo.learn(1000, 1, 1000 * 100_000);
  expect(tempo.size).toBe(10);
});

test("what is tried again: what was asked for; after a crash twice unasked, unless that was refused", () => {
  const after = (attempts: number, crashes = 0) => ({ attempts, crashes });
  expect(triedAgain("throw", after(1), null, 0)).toBe(false);
  expect(triedAgain("throw", after(2), 2, 0)).toBe(true);
  expect(triedAgain("throw", after(3), 2, 0)).toBe(false);
  expect(triedAgain("input", after(1), 9, 0)).toBe(false);
  expect([1, 2, 3].map((n) => triedAgain("crash", after(n, n), null, 0))).toEqual([true, true, false]);
  expect([1, 2].map((n) => triedAgain("memory", after(n, n), null, 0))).toEqual([true, false]);
  expect(triedAgain("crash", after(1, 1), 0, 0)).toBe(false);
  expect(triedAgain("crash", after(5, 5), 5, 0)).toBe(true);
  // Where suspects turn out innocent, someone kills workers at random: the next suspect gets more tries, but not for ever.
  expect([3, 4, 5].map((n) => triedAgain("crash", after(n, n), null, 2))).toEqual([true, true, false]);
  expect(triedAgain("crash", after(11, 11), null, 1000)).toBe(false);
});

test("errors are told with their causes and without lanes' own frames; anything else as it is", () => {
  const error = new TypeError("outer", { cause: new Error("inner") });
  error.stack = "TypeError: outer\n    at user (/home/u/f.ts:1:2)\n    at run (/$bunfs/root/lanes:3:4)";
  expect(tellText(error)).toStartWith("TypeError: outer\n    at user (/home/u/f.ts:1:2)\n  cause: Error: inner");
  expect(tellText(error)).not.toContain("bunfs");
  expect(tellText("text")).toBe("text");
  expect(tellText({ a: 1 })).toContain("a: 1");
  const position = { file: "/f.ts", line: 12, column: 3, lineText: "\tx y" };
  expect(describe({ message: "Unexpected y", position })).toBe("/f.ts:12:3: Unexpected y\n12 | \tx y\n   | \t ^");
});
