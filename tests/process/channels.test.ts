/** Every medium between two real processes: whole, in order, once; sizes from nothing to far more than it holds. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePipe, PipeReceiver } from "../../src/channel/pipe.ts";
import { makeRing, SharedMemoryReceiver, SharedMemorySender } from "../../src/channel/shared-memory.ts";
import { media, mediumNames } from "../../src/demos/exchange/media.ts";
import { Process } from "../../src/process/index.ts";
import { receiveAll, sendAndExit, sendHalf } from "../fixtures/channels.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "channels-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;
const path = () => join(dir, `medium-${++files}`);

function bytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 13) % 256);
}

describe.each(mediumNames)("%s", (medium) => {
  async function pass(sizes: readonly number[], pauseMs = 0) {
    const at = path();
    const child = new Process({ target: receiveAll, args: [medium, at, pauseMs] });
    // The child is started last: what the sender makes must be there.
    const sender = await media[medium].send(at, child);
    child.start();
    await child.receive();
    let hash = 0n;
    for (const [n, size] of sizes.entries()) {
      const message = bytes(size, n);
      hash = Bun.hash.wyhash(message, hash);
      await sender.send(message);
      message.fill(0); // it is the sender's again
    }
    await sender.end();
    await child.join();
    expect(child.error).toBeNull();
    expect(child.result).toEqual({ sizes: [...sizes], hash });
  }

  test("nothing at all", () => pass([]));
  test("empty, tiny, and around every limit", () => {
    const limits = [4096, 65_536, 131_072, 262_144].flatMap((size) => [size - 5, size - 4, size - 1, size, size + 1]);
    return pass([0, 1, 2, 3, 4, 5, 0, ...limits]);
  });
  test("many small ones", () => pass(Array.from({ length: 3_000 }, (_, n) => n % 50)));
  test("one that is larger than anything it holds at a time", () => pass([9_000_001, 1]));
  test("a receiver that is slower than the sender", () => pass(Array(12).fill(1_000_000), 3));

  test("a part of something larger is sent as that part", async () => {
    const at = path();
    const child = new Process({ target: receiveAll, args: [medium, at, 0] });
    const sender = await media[medium].send(at, child);
    child.start();
    await child.receive();
    await sender.send(bytes(1_000_000, 1).subarray(10, 13));
    await sender.end();
    await child.join();
    expect(child.result).toEqual({ sizes: [3], hash: Bun.hash.wyhash(bytes(13, 1).slice(10), 0n) });
  });
});

test("what is sent just before the sender exits arrives, through every medium", async () => {
  for (const medium of mediumNames) {
    const at = path();
    const child = new Process({ target: sendAndExit, args: [medium, at, 100] }).start();
    if (medium === "file" || medium === "sqlite") await child.join(); // these keep what nobody has read yet
    while (medium !== "ipc" && statSync(at, { throwIfNoEntry: false }) === undefined) await Bun.sleep(2);
    const receiver = await media[medium].receive(at, child);
    const received: number[] = [];
    for (let message = await receiver.receive(); message !== null; message = await receiver.receive()) {
      received.push(message[0] ?? -1);
    }
    await receiver.close();
    await child.join();
    expect([medium, received]).toEqual([medium, Array.from({ length: 100 }, (_, n) => n)]);
  }
});

test("pipe: a sender killed in the middle of a message is an error, not a message", async () => {
  const at = path();
  makePipe(at);
  expect(statSync(at).isFIFO()).toBe(true);
  const receiver = new PipeReceiver(at);
  const child = new Process({ target: sendHalf, args: [at] }).start();
  const failed = expect(receiver.receive()).rejects.toThrow("in the middle of a message");
  await child.join();
  await failed;
  await receiver.close();
  expect(child.signal).toBe("SIGKILL");
});

test("pipe: a folder that cannot hold one", () => {
  expect(() => makePipe("/proc/pipe")).toThrow("cannot make a pipe at /proc/pipe");
  expect(() => makePipe(join(dir, "not", "there"))).toThrow("cannot make a pipe");
});

test("shared memory: the counters' overflow at 2^32 goes unnoticed", async () => {
  const at = path();
  makeRing(at, 1024);
  const counters = new Uint32Array(Bun.mmap(at).buffer, 0, 32);
  counters[0] = counters[16] = 2 ** 32 - 100;
  const [sender, receiver] = [new SharedMemorySender(at), new SharedMemoryReceiver(at)];
  for (let n = 0; n < 50; n++) {
    await sender.send(bytes(n, n));
    expect(await receiver.receive()).toEqual(bytes(n, n));
  }
  expect(counters[0]).toBeLessThan(5_000);
  const large = sender.send(bytes(5_000, 1));
  expect(await receiver.receive()).toEqual(bytes(5_000, 1));
  await large;
  expect(() => makeRing(path(), 1000)).toThrow(RangeError);
});
