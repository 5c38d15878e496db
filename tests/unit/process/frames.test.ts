import { expect, test } from "bun:test";
import fc from "fast-check";
import { unclonablePath } from "../../../src/process/clone.ts";
import { encodeFrame, FrameReader } from "../../../src/process/frames.ts";

test("frames survive any cutting of the stream", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.uint8Array({ maxLength: 300 }), fc.constant(null), fc.bigInt());
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 12 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 97 })),
      (values, cuts) => {
        const stream = Buffer.concat(values.map((value) => encodeFrame({ kind: "message", value })));
        const reader = new FrameReader<{ value: unknown }>();
        const read: unknown[] = [];
        for (let at = 0; at < stream.length; ) {
          const end = at + (cuts.next().value ?? 1);
          read.push(...reader.push(stream.subarray(at, end)).map((frame) => frame.value));
          at = end;
        }
        expect(read).toEqual(values);
      },
    ),
  );
});

test("a large frame in many chunks is put together in linear time", () => {
  const bytes = encodeFrame({ kind: "message", value: new Uint8Array(64 << 20) });
  const reader = new FrameReader<{ value: Uint8Array }>();
  let frames = 0;
  for (let at = 0; at < bytes.length; at += 65_536) frames += reader.push(bytes.subarray(at, at + 65_536)).length;
  expect(frames).toBe(1);
});

test("what cannot be cloned is named by its path", () => {
  const circular: { self?: unknown; bad?: unknown } = { bad: () => {} };
  circular.self = circular;
  expect(unclonablePath({ a: [1, { b: () => {} }] }, "args")).toBe("args.a[1].b");
  expect(unclonablePath(new Map([["k", Symbol("s")]]), "args[0]")).toBe("args[0].get(k)");
  expect(unclonablePath(circular, "x")).toBe("x.bad");
  expect(unclonablePath(() => {}, "args[2]")).toBe("args[2]");
});
