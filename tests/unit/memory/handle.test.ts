/** How handles travel: as their address, wherever in a value they are. */
import { deserialize, serialize } from "bun:jsc";
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import {
  Barrier,
  Condition,
  Event,
  Handle,
  Lock,
  RLock,
  revive,
  Semaphore,
  SharedArray,
  SharedValue,
  sending,
  watch,
} from "../../../src/memory/index.ts";

/** As if it had come from another process. */
async function sent<T>(value: T): Promise<T> {
  const { encoded, handles } = sending(() => serialize(value, { binaryType: "nodebuffer" }));
  const decoded = deserialize(encoded);
  return (handles ? await revive(decoded) : decoded) as T;
}

test("each kind arrives as what it is, and is the same thing", async () => {
  const condition = new Condition();
  const all = [
    new Lock({ name: "one" }),
    new RLock(),
    new Semaphore(3),
    new Event(),
    condition,
    new Barrier(2),
    new SharedValue("float64", 1.5),
    new SharedArray("int8", [1, 2]),
  ] as const;
  const [lock, rlock, semaphore, event, other, barrier, value, array] = await sent(all);
  expect([lock, rlock, semaphore, event, other, barrier, value, array].map((each) => each.constructor.name)).toEqual(
    all.map((each) => each.constructor.name),
  );
  expect(lock.name).toBe("one");
  await all[0].acquire();
  expect(lock.isLocked).toBe(true);
  lock.release();
  await all[1].with(() => rlock.with(() => expect(rlock.isLocked).toBe(true)));
  expect(semaphore.tryAcquire()).toBe(true);
  expect(all[2].value).toBe(2);
  event.set();
  expect(all[3].isSet).toBe(true);
  await other.lock.acquire();
  expect(condition.lock.isLocked).toBe(true);
  condition.release();
  expect([barrier.parties, value.value, ...array.data]).toEqual([2, 1.5, 1, 2]);
  value.add(1);
  array.data[1] = 7;
  expect([all[6].value, all[7].data[1]] as unknown[]).toEqual([2.5, 7]);
});

test("a condition made of a lock that was given lies beside it", async () => {
  const lock = new Lock();
  const condition = new Condition(await sent(lock));
  await condition.acquire();
  expect(lock.isLocked).toBe(true);
  expect(await condition.wait({ timeout: 1 })).toBe(false);
  condition.release();
});

test("wherever it is: in objects, arrays, Maps as key and value, Sets, circles; one handle stays one", async () => {
  const lock = new Lock();
  const value: Record<string, unknown> = {
    deep: [{ lock }],
    map: new Map<unknown, unknown>([[lock, lock]]),
    set: new Set([1, lock]),
  };
  value.self = value;
  const arrived = (await sent(value)) as typeof value & {
    deep: { lock: Lock }[];
    map: Map<Lock, Lock>;
    set: Set<unknown>;
  };
  const its = arrived.deep[0]!.lock;
  expect(its).toBeInstanceOf(Lock);
  expect([...arrived.map][0]).toEqual([its, its]);
  expect([...arrived.set]).toEqual([1, its]);
  expect(arrived.self).toBe(arrived);
});

test("what has no handle in it is not looked through", () => {
  const { handles } = sending(() => serialize({ a: [1, { b: "c" }] }));
  expect(handles).toBe(false);
  expect(sending(() => serialize([new Lock()])).handles).toBe(true);
});

test("what only looks like an address stays what it is", async () => {
  const lock = new Lock();
  const value = { lock, mine: { $lanes: { kind: "toString" } }, other: { $lanes: 5 } };
  const arrived = await sent(value);
  expect(arrived.mine).toEqual(value.mine);
  expect(arrived.other).toEqual(value.other);
});

test("a handle of a hub that is gone says so", async () => {
  const gone = { $lanes: { ...new Lock().$lanes, hub: "/dev/shm/lanes-hub-nobody" } };
  expect(revive([gone])).rejects.toThrow("the process that shares this has ended");
});

test("nothing is made before something is shared or waited for", async () => {
  const program = `
    import { Lock, Semaphore, Event, Barrier, Condition, SharedValue } from ${JSON.stringify(`${import.meta.dir}/../../../src/memory/index.ts`)};
    import { readdirSync } from "node:fs";
    const before = readdirSync("/dev/shm").length;
    const lock = new Lock();
    await lock.acquire();
    lock.release();
    new Semaphore(5).tryAcquire(); new Event().set(); new Barrier(2); new Condition(); new SharedValue("int32", 1).add(1);
    console.log(Bun.inspect(lock));
    process.exit(readdirSync("/dev/shm").length - before === 0 ? 0 : 1);`;
  if (!existsSync("/dev/shm")) return;
  const run = Bun.spawnSync([process.execPath, "-e", program]);
  expect(run.stdout.toString()).toContain("<Lock-1: free>");
  expect(run.exitCode).toBe(0);
});

test("what a process does can be watched, by name", async () => {
  const told: string[] = [];
  watch((happening) => told.push("on" in happening ? `${happening.type} ${happening.on}` : happening.type));
  try {
    const lock = new Lock({ name: "ticket" });
    await lock.acquire();
    const next = lock.acquire();
    await lock.acquire({ timeout: 1 });
    lock.release();
    await next;
    lock.release();
    const event = new Event({ name: "go" });
    await event.wait({ timeout: 1 });
    expect(told).toEqual([
      ..."hold,wait,wait,release,hold,release".split(",").map((type) => `${type} ticket`),
      "wait go",
      "run",
    ]);
  } finally {
    watch(undefined);
  }
  expect(new Lock()).toBeInstanceOf(Handle);
});
