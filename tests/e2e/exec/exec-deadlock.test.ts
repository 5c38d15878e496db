/** Processes of a program that wait for one another's locks: who waits for what is said once, and nothing else is changed by it. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { Playground } from "../../support/lanes.ts";
import { execute, imports } from "../../support/program.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** Each takes its own lock, then all wait for one another, then each takes the next one's, or gives up. */
const text = (locks: string) => `${imports}
  async function take(own: lanes.Lock, next: lanes.Lock, all: lanes.Barrier) {
    await own.acquire();
    await all.wait();
    if (await next.acquire({ timeout: 2200 })) next.release();
    own.release();
  }
  if (import.meta.main) {
    const locks = [${locks}];
    const all = new lanes.Barrier(locks.length);
    const started = locks.map((lock, i) => new Process({ target: take, args: [lock, locks[(i + 1) % locks.length] as lanes.Lock, all], name: "Ada-" + i }).start());
    console.log(started.map(({ pid }) => pid).join(" "));
    for (const each of started) await each.join();
  }
`;

test("a circle of three is named, once: processes, pids, locks; in Chinese, too", async () => {
  const three = text(
    'new lanes.Lock({ name: "one" }), new lanes.Lock({ name: "two" }), new lanes.Lock({ name: "three" })',
  );
  const [english, chinese] = await Promise.all([
    execute(place, three),
    place.run(["exec", "program.ts"], { LANG: "zh_CN.UTF-8" }),
  ]);
  const [zero, one, two] = english.stdout.trim().split(" ");
  expect(english.stderr.match(/a deadlock/g)).toHaveLength(1);
  for (const [from, pid, lock, to, other] of [
    [0, zero, "two", 1, one],
    [1, one, "three", 2, two],
    [2, two, "one", 0, zero],
  ])
    expect(english.stderr).toContain(
      `  Ada-${from} (pid ${pid}) waits for ${lock}, which Ada-${to} (pid ${other}) has\n`,
    );
  expect(english.code).toBe(0);
  expect(chinese.stderr).toContain("死锁");
}, 60_000);

test("who waits for long for one that waits for nobody is no circle", async () => {
  const { stderr, code } = await execute(
    place,
    `${imports}
     async function hold(lock: lanes.Lock, ms: number) { await lock.with(() => Bun.sleep(ms)); }
     if (import.meta.main) {
       const lock = new lanes.Lock();
       for (const child of [1, 2].map(() => new Process({ target: hold, args: [lock, 1300] }).start())) await child.join();
     }`,
  );
  expect([stderr, code]).toEqual(["", 0]);
}, 60_000);

test("who lets go of what it only waits for is asked whether it awaited that", async () => {
  const { stdout, stderr } = await execute(
    place,
    `${imports}
     async function hold(lock: lanes.Lock, file: lanes.FileLock, held: lanes.Event, over: lanes.Event) {
       await lock.acquire(); await file.acquire(); held.set(); await over.wait();
     }
     if (import.meta.main) {
       const [lock, file, held, over] = [new lanes.Lock({ name: "it" }), new lanes.FileLock("it.lock"), new lanes.Event(), new lanes.Event()];
       new Process({ target: hold, args: [lock, file, held, over] }).start();
       await held.wait();
       for (const each of [lock, file]) {
         try { each.release(); } catch (error) { console.log((error as Error).message); }
         const forgotten = each.acquire();
         try { each.release(); } catch (error) { console.log((error as Error).message); }
         forgotten.then(() => each.release());
       }
       over.set();
     }`,
  );
  const [lock, forgotten, file, forgottenFile] = stdout.split("\n");
  expect([lock, file]).toEqual([
    expect.stringMatching(/^it: release\(\) is for .* this one does not\.$/),
    expect.stringMatching(/it\.lock: release\(\) is for .* this one does not\.$/),
  ]);
  for (const line of [forgotten, forgottenFile]) expect(line).toEndWith("Was it awaited? await lock.acquire()");
  expect(stderr).toBe("");
}, 60_000);
