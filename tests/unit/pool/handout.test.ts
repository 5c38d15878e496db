/** Who is sent what next, and when the input is read on: decided here, with workers and an input that are none. */
import { describe, expect, test } from "bun:test";
import { Handout, type HandoutParts } from "../../../src/pool/handout.ts";
import { Chunk } from "../../../src/pool/items/chunk.ts";
import type { Lane } from "../../../src/pool/lane.ts";

/** A pool of one worker with room for `room` chunks, and an input of single items of which `atHand` can be taken. */
function world({ room = 1, atHand = 10 } = {}) {
  const sent: number[] = [];
  const fills: PromiseWithResolvers<void>[] = [];
  const happened: string[] = [];
  const made = { room, atHand, taken: 0, ended: false, full: false, heldBytes: 0, startError: null as Error | null };
  const lane = {
    room: Number.POSITIVE_INFINITY,
    send(chunk: Chunk) {
      made.room--;
      for (let i = 0; i < chunk.count; i++) sent.push(chunk.first + i);
    },
  } as unknown as Lane;
  const parts: HandoutParts = {
    options: { chunk: 1, recycle: null },
    source: {
      take() {
        if (made.atHand === 0) return null;
        made.atHand--;
        return Chunk.of(made.taken++, 1, Buffer.from("x"));
      },
      fill() {
        const fill = Promise.withResolvers<void>();
        fills.push(fill);
        return fill.promise;
      },
      get empty() {
        return made.atHand === 0;
      },
      get ended() {
        return made.ended && made.atHand === 0;
      },
    },
    output: {
      get full() {
        return made.full;
      },
    },
    answers: {
      held: 0,
      get heldBytes() {
        return made.heldBytes;
      },
    },
    crew: {
      hungriest: () => (made.room === 0 ? null : made.startError === null ? lane : 0),
      start() {
        throw made.startError;
      },
      spare: () => [],
      uneven: false,
    },
    filled: () => happened.push("filled"),
    unreadable: (error) => happened.push(error.message),
    refused: (error, name) => {
      happened.push(`${name}: ${error.message}`);
      made.room = 0; // as a crew that is paused
    },
  };
  return { handout: new Handout(parts), made, sent, fills, happened };
}

describe("what is handed out", () => {
  test("as much as workers take; what is to be sent again before what is new", () => {
    const { handout, sent, made } = world({ room: 2 });
    handout.goOn();
    expect(sent).toEqual([0, 1]);
    handout.queue.add([Chunk.of(1, 1, Buffer.from("x"))]);
    made.room = 2;
    handout.goOn();
    expect(sent).toEqual([0, 1, 1, 2]);
  });

  test("nothing new while the results have no room; what is to be sent again all the same, or nothing would go on", () => {
    for (const without of [{ full: true }, { heldBytes: 33 << 20 }]) {
      const { handout, sent, made, fills } = world();
      Object.assign(made, without, { atHand: 0, room: 3 });
      handout.queue.add([Chunk.of(0, 1, Buffer.from("x"))]);
      handout.goOn();
      expect([sent, fills.length]).toEqual([[0], 0]);
      Object.assign(made, { full: false, heldBytes: 0 });
      handout.goOn();
      expect(fills.length).toBe(1);
    }
  });

  test("a chunk that no worker could be started for is sent again later", () => {
    const { handout, sent, made, happened } = world();
    made.startError = new Error("EAGAIN");
    handout.goOn();
    expect(happened).toEqual(["P1: EAGAIN"]);
    expect([sent, handout.queue.empty]).toEqual([[], false]);
    Object.assign(made, { startError: null, room: 1 });
    handout.goOn();
    expect(sent).toEqual([0]);
  });

  test("nothing once it has ended", () => {
    const { handout, sent, fills } = world({ atHand: 0 });
    handout.queue.add([Chunk.of(0, 1, Buffer.from("x"))]);
    handout.end();
    handout.goOn();
    expect([handout.over, sent, fills.length]).toEqual([true, [], 0]);
  });
});

describe("the input", () => {
  test("is read on once, when nothing is at hand; then there may be more to hand out", async () => {
    const { handout, fills, happened } = world({ atHand: 0 });
    handout.goOn();
    handout.goOn();
    expect(fills.length).toBe(1);
    fills[0]?.resolve();
    await fills[0]?.promise;
    expect(happened).toEqual(["filled"]);
    handout.goOn();
    expect(fills.length).toBe(2);
  });

  test("that cannot be read on is told of, and not asked again", async () => {
    const { handout, fills, happened } = world({ atHand: 0 });
    handout.goOn();
    fills[0]?.reject(new Error("EIO"));
    await Bun.sleep(0);
    handout.goOn();
    expect([happened, fills.length]).toEqual([["EIO"], 1]);
  });

  test("is exhausted when it has ended and nothing is to be sent again", () => {
    const { handout, made } = world({ atHand: 0 });
    expect(handout.exhausted).toBe(false);
    made.ended = true;
    expect(handout.exhausted).toBe(true);
    handout.queue.add([Chunk.of(0, 1, Buffer.from("x"))]);
    expect(handout.exhausted).toBe(false);
  });
});
