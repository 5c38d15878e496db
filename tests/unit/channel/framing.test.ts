/** Whatever a stream is cut into, the same messages come out of it. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { MAX_MESSAGE } from "../../../src/channel/channel.ts";
import { endMark, header, MessageCutter } from "../../../src/channel/framing.ts";

function messagesIn(chunks: Iterable<Uint8Array>): { messages: Uint8Array[]; cutter: MessageCutter } {
  const cutter = new MessageCutter();
  const messages: Uint8Array[] = [];
  for (const chunk of chunks) {
    cutter.push(chunk);
    for (let message = cutter.next(); message !== undefined; message = cutter.next()) messages.push(message);
  }
  return { messages, cutter };
}

describe("MessageCutter", () => {
  test("any messages, cut anywhere", () => {
    const anyMessages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
    fc.assert(
      fc.property(anyMessages, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat([...sent.flatMap((message) => [header(message), message]), endMark()]);
        const chunks: Uint8Array[] = [];
        for (let at = 0, n = 0; at < stream.length; n++) {
          const length = cuts[n % cuts.length] ?? 1;
          chunks.push(stream.subarray(at, at + length));
          at += length;
        }
        const { messages, cutter } = messagesIn(chunks);
        expect(messages.map((message) => [...message])).toEqual(sent.map((message) => [...message]));
        expect(cutter.ended).toBe(true);
        expect(cutter.partial).toBe(false);
      }),
    );
  });

  test("a message is a copy: its chunk may be overwritten", () => {
    const chunk = Buffer.concat([header(Uint8Array.of(7, 8)), Uint8Array.of(7, 8)]);
    const { messages } = messagesIn([chunk]);
    chunk.fill(0);
    expect([...(messages[0] ?? [])]).toEqual([7, 8]);
  });

  test("it knows when it is in the middle of a message", () => {
    const whole = Buffer.concat([header(new Uint8Array(3)), new Uint8Array(3)]);
    for (let cut = 1; cut < whole.length; cut++) expect(messagesIn([whole.subarray(0, cut)]).cutter.partial).toBe(true);
    expect(messagesIn([whole]).cutter.partial).toBe(false);
  });

  test("bytes that are not messages are refused before memory is taken for them", () => {
    expect(() => new MessageCutter().push(Buffer.from("hello, world"))).toThrow(RangeError);
    expect(() => header({ length: MAX_MESSAGE + 1 } as Uint8Array)).toThrow(RangeError);
  });
});
