/**
 * Queues between processes. What begins with `_Test` or `Test` answers the test of that name in CPython's _test_multiprocessing: the
 * same behaviour, written anew. In one process: tests/unit/api/queue.test.ts.
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { Playground } from "../../support/lanes.ts";
import { printed } from "../../support/program.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

test("_TestQueue: what processes put and take, whole, in each one's order, however many there are", async () => {
  const said = await printed(
    place,
    `type Item = [from: number, n: number, bytes: Uint8Array];
     async function put(q: lanes.Queue<Item>, from: number) {
       for (let n = 0; n < 300; n++) await q.put([from, n, new Uint8Array(n % 50 === 0 ? 90_000 : n).fill(n)]);
     }
     async function take(q: lanes.Queue<Item>) {
       const last = new Map<number, number>();
       let count = 0;
       for await (const [from, n, bytes] of q) {
         if (n <= (last.get(from) ?? -1) || !Buffer.alloc(bytes.length, n).equals(bytes)) throw new Error("wrong: " + from + " " + n);
         last.set(from, n);
         count++;
       }
       return count;
     }`,
    `for (const maxSize of [0, 1]) {
       const q = new lanes.Queue<Item>(maxSize);
       const takers = [1, 2, 3, 4].map(() => new Process({ target: take, args: [q] }).start());
       const putters = [1, 2, 3, 4].map((from) => new Process({ target: put, args: [q, from] }).start());
       for (const p of putters) await p.join();
       q.close();
       const counts = await Promise.all(takers.map((p) => p.result));
       console.log(counts.reduce((a, b) => a + b, 0), q.size);
     }`,
  );
  expect(said).toEqual(["1200 0", "1200 0"]);
}, 60_000);

test("joined before it is drained, a hundred megabytes, a killed consumer, a closed queue, TestStdinBadfiledescriptor, _TestPicklingConnections", async () => {
  const said = await printed(
    place,
    `const { Queue, Lock } = lanes;
     async function fill(q: lanes.Queue<Uint8Array>) {
       for (let n = 0; n < 10; n++) await q.put(new Uint8Array(1e6).fill(n));
     }
     async function large(q: lanes.Queue<Uint8Array>) { await q.put(new Uint8Array(100e6).fill(5)); }
     async function stuck(q: lanes.Queue<number>) { await q.get(); await new Promise(() => setInterval(() => {}, 1000)); }
     async function wait(q: lanes.Queue<number>) { return q.get().catch((error) => error.name); }
     async function inside() {
       const q = new Queue<number>();
       await new Process({ target: one, args: [q] }).start().join();
       return q.get();
     }
     async function one(q: lanes.Queue<number>) { await q.put(1); }
     async function hold(q: lanes.Queue<unknown>) {
       const [lock, back] = (await q.get()) as [lanes.Lock, lanes.Queue<boolean>];
       await lock.acquire();
       await back.put(lock.isLocked);
       q.taskDone();
     }`,
    `const q = new Queue<Uint8Array>();
     console.log(await new Process({ target: fill, args: [q] }).start().join({ timeout: 60_000 }), q.size);
     let sum = 0;
     for (let n = 0; n < 10; n++) sum += Buffer.alloc(1e6, n).equals(await q.get()) ? 1 : 0;
     console.log(sum);
     await new Process({ target: large, args: [q] }).start().join();
     console.log(Buffer.alloc(100e6, 5).equals(await q.get()));
     const k = new Queue<number>(1);
     const victim = new Process({ target: stuck, args: [k], daemon: true }).start();
     await k.put(1); await k.put(2); // there is room when the first is taken
     victim.kill();
     console.log(await k.get(), k.size);
     const waiting = new Process({ target: wait, args: [k] }).start();
     k.close();
     console.log(await waiting.result);
     console.log(await new Process({ target: inside }).start().result);
     const [h, back, lock] = [new Queue<unknown>(), new Queue<boolean>(), new Lock()];
     const holder = new Process({ target: hold, args: [h] }).start();
     await h.put([lock, back]);
     console.log(await back.get(), await h.join(), await holder.join(), lock.tryAcquire() || (await lock.hold()).recovered);`,
  );
  expect(said).toEqual(["true 10", "10", "true", "2 0", "QueueClosed", "1", "true true true true"]);
}, 60_000);

test("_TestConnection, _TestPicklingConnections: a pipe ends when nobody has its other end any more, however that came", async () => {
  const said = await printed(
    place,
    `type Ends = lanes.Connection<number, number>;
     async function echo(c: Ends) { for await (const n of c) await c.send(n * 2); return "end"; }
     async function die(c: Ends) { await c.send(1); process.kill(process.pid, "SIGKILL"); }
     function forever(c: Ends) { setInterval(() => {}, 1000); }
     async function pass(q: lanes.Queue<Ends>) { const c = await q.get(); await c.send(await c.receive() + 1); }
     const ending = (c: Ends) => c.receive().catch((error: Error) => error.name);`,
    `{
       const [mine, its] = lanes.Pipe<number, number>();
       const p = new Process({ target: echo, args: [its] }).start();
       for (const n of [1, 2]) await mine.send(n);
       console.log(await mine.receive(), await mine.receive());
       mine.close();
       console.log(await p.result);
     }
     {
       const [mine, its] = lanes.Pipe<number, number>();
       const p = new Process({ target: die, args: [its] }).start();
       console.log(await mine.receive(), await ending(mine), await mine.send(1).catch((error) => error.name), await p.join());
     }
     {
       // It is killed before it has it.
       const [mine, its] = lanes.Pipe<number, number>();
       const p = new Process({ target: forever, args: [its] }).start();
       p.kill();
       console.log(await ending(mine));
     }
     {
       const [mine, its] = lanes.Pipe<number, number>();
       const two = [1, 2].map(() => new Process({ target: forever, args: [its], daemon: true }).start());
       two[0].kill();
       await two[0].join();
       console.log(await mine.poll({ timeout: 50 }));
       two[1].kill();
       console.log(await ending(mine));
     }
     {
       const [mine, its] = lanes.Pipe<number, number>();
       const q = new lanes.Queue<Ends>();
       await q.put(its);
       const p = new Process({ target: pass, args: [q] }).start();
       await mine.send(4);
       console.log(await mine.receive(), await ending(mine), await p.join());
     }`,
  );
  expect(said).toEqual([
    "2 4",
    "end",
    "1 ConnectionClosed ConnectionClosed true",
    "ConnectionClosed",
    "false",
    "ConnectionClosed",
    "5 ConnectionClosed true",
  ]);
}, 60_000);
