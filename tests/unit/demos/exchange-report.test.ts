import { expect, test } from "bun:test";
import { exchangeWhy, isClearlyFastest, type Passage, resultOf } from "../../../src/demos/exchange/report.ts";

test("a winner that the next run may not have again judges nobody's prediction", () => {
  expect(isClearlyFastest([100, 400, 200])).toBe(true);
  expect(isClearlyFastest([100, 400, 380])).toBe(false);
  expect(isClearlyFastest([5])).toBe(true);
});

test("of several passages of the large messages the best counts, and one that is not whole spoils it", () => {
  const small: Passage = { medium: "pipe", messages: 500, bytes: 100, ok: true, ms: 50 };
  const large = (ms: number, ok = true): Passage => ({ medium: "pipe", messages: 16, bytes: 1e6, ok, ms });
  const others = [
    { ...small, medium: "file" },
    { ...large(1), medium: "file" },
  ] as const;
  const result = resultOf("pipe", [small, ...others, large(80), large(20), large(40)]);
  expect(result).toMatchObject({ ok: true, messagesPerSecond: 10_000, mbPerSecond: 800, large: { ms: 20 } });
  expect(resultOf("pipe", [small, large(80), large(20, false)]).ok).toBe(false);
});

test("the order that was measured is explained: expected, too close to call, or of memory that is new", () => {
  const why = (memory: number, pipe: number) =>
    exchangeWhy([
      { name: "pipe", mbPerSecond: pipe },
      { name: "shared-memory", mbPerSecond: memory },
    ]).why;
  expect(why(1400, 700)).toBeUndefined();
  expect(why(500, 520)).toBe("demo.exchange.why.close");
  expect(why(300, 700)).toBe("demo.exchange.why.new");
});
