/** The queue, the barrier and the event between real processes, also when one of them is killed. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeQueue, SharedQueue } from "../../src/channel/queue.ts";
import { FileBarrier, makeBarrier } from "../../src/lock/coordination/barrier.ts";
import { SharedEvent } from "../../src/lock/coordination/event.ts";
import { status } from "../../src/lock/index.ts";
import { Meeter, type Saying } from "../support/processes/meeter.ts";
import { cpuMs } from "../support/processes/processes.ts";
import { until } from "../support/wait.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lanes-coordination-"));
  file = join(dir, "it");
});
afterEach(() => rmSync(dir, { recursive: true }));

const bytes = (text: string) => Buffer.from(text);
const said = (meeters: readonly Meeter[], what: "put" | "took") =>
  meeters.flatMap(({ heard }) => heard.flatMap((saying) => saying[what] ?? []));

describe("queue", () => {
  test("waits while it is full, and while it is empty; closed, it gives what is left, and then null", async () => {
    makeQueue(file, 2);
    using queue = new SharedQueue(file);
    expect(await queue.put(bytes("a"))).toMatchObject({ number: 1, length: 1 });
    expect(await queue.put(bytes("b"))).toMatchObject({ number: 2, length: 2 });
    await using producer = new Meeter("put", file, "P", 3);
    await producer.until("waits");
    expect(queue.length).toBe(2);
    expect(await queue.take()).toMatchObject({ number: 1, length: 1 });
    expect(await producer.until("put")).toMatchObject({ put: "P.1", length: 2 });
    const order = [];
    for (let i = 0; i < 3; i++) order.push(Buffer.from((await queue.take())?.body ?? []).toString());
    expect(order).toEqual(["b", "P.1", "P.2"]);
    await producer.ended();
    queue.close();
    expect(await queue.take()).toMatchObject({ length: 0 });
    expect(await queue.take()).toBeNull();
    expect(queue.put(bytes("c"))).rejects.toThrow("closed");
  });

  test("a wait for it ends with its signal", async () => {
    makeQueue(file, 1);
    using queue = new SharedQueue(file);
    const leaving = new AbortController();
    const wait = { signal: leaving.signal, onWait: () => leaving.abort(new Error("left")) };
    expect(await queue.take(wait).catch(({ message }: Error) => message)).toBe("left");
    await queue.put(bytes("a"));
    expect(await queue.put(bytes("b"), { signal: leaving.signal }).catch(({ message }: Error) => message)).toBe("left");
    expect(queue.length).toBe(1);
  });

  test("several producers and consumers: each item once, in order, never too many in it", async () => {
    makeQueue(file, 4);
    const producers = ["A", "B", "C"].map((name) => new Meeter("put", file, name, 100));
    const consumers = [1, 2, 3].map(() => new Meeter("take", file));
    for (const each of producers) await each.ended();
    using queue = new SharedQueue(file);
    queue.close();
    for (const each of consumers) await each.ended();
    const taken = said(consumers, "took");
    expect(taken).toHaveLength(300);
    expect(taken.toSorted()).toEqual(said(producers, "put").toSorted());
    for (const { heard } of consumers) {
      const numbers = heard.map((saying) => saying.number ?? 0);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      for (const name of ["A", "B", "C"]) {
        const own = heard.flatMap(({ took }) => (took?.startsWith(name) ? Number(took.slice(2)) : []));
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
    }
    const lengths = producers.flatMap(({ heard }) => heard.flatMap(({ length }) => length ?? []));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(4);
  });

  test("opened and left by several at once: nobody is turned away", async () => {
    makeQueue(file, 4);
    // The first to open it and the last to leave it have it for themselves for a moment.
    const visitors = [1, 2, 3].map(() => new Meeter("visit", file, 100));
    for (const each of visitors) await each.ended();
    expect(visitors.map((each) => each.said("failed")?.message ?? each.said("visited")?.visited)).toEqual([
      100, 100, 100,
    ]);
    using queue = new SharedQueue(file);
    expect(queue.length).toBe(0);
  });

  test("producers and consumers killed at any moment: nothing twice, nothing lost but what they had in hand", async () => {
    makeQueue(file, 4);
    await using victim = new Meeter("put", file, "A", 1_000_000);
    await using eater = new Meeter("take", file);
    // Before the others begin: on a busy machine those could have done everything by then.
    await until("both victims are at it", () => victim.heard.length > 40 && eater.heard.length > 40).catch((error) => {
      const last = JSON.stringify([victim, eater].map(({ heard }) => heard.at(-1)));
      throw new Error(`${error.message}: ${victim.heard.length} puts, ${eater.heard.length} takes, the last ${last}`);
    });
    const others = ["B", "C"].map((name) => new Meeter("put", file, name, 400));
    const eaters = [1, 2].map(() => new Meeter("take", file));
    await until("the others are, too", () => [...others, ...eaters].every(({ heard }) => heard.length > 0));
    const [producers, consumers] = [
      [victim, ...others],
      [eater, ...eaters],
    ];
    await Promise.all([victim.signal("SIGKILL"), eater.signal("SIGKILL")]);
    for (const each of others) await each.ended();
    using queue = new SharedQueue(file);
    queue.close();
    for (const each of eaters) await each.ended();
    expect(queue.length).toBe(0);
    const [put, taken] = [said(producers, "put"), said(consumers, "took")];
    expect(new Set(taken).size).toBe(taken.length);
    // The killed consumer took at most one item it did not live to tell; the killed producer put at most one such.
    const missing = put.filter((item) => !taken.includes(item));
    expect(missing.length).toBeLessThanOrEqual(1);
    expect(taken.filter((item) => !put.includes(item)).length).toBeLessThanOrEqual(1);
    expect(said(others, "put")).toHaveLength(800);
  });

  test("a consumer with nothing to do uses next to no CPU", async () => {
    makeQueue(file, 1);
    await using consumer = new Meeter("take", file);
    using queue = new SharedQueue(file);
    await queue.put(bytes("a"));
    await consumer.until("took");
    const before = cpuMs(consumer.pid);
    await Bun.sleep(500);
    expect(cpuMs(consumer.pid) - before).toBeLessThan(150);
  });
});

describe("barrier", () => {
  const moments = (meeters: readonly Meeter[], what: "came" | "passed", phase: number) =>
    meeters.map(({ heard }) => (heard.find((saying: Saying) => saying[what] === phase) as Saying).t);

  test("in no phase does anybody go on before the last one has come", async () => {
    makeBarrier(file);
    const meeters = Array.from({ length: 4 }, () => new Meeter("barrier", file, 4, 30, 4));
    for (const each of meeters) await each.ended();
    for (const each of meeters) expect(each.said("failed")).toBeUndefined();
    for (let phase = 1; phase <= 30; phase++) {
      const lastCame = Math.max(...moments(meeters, "came", phase));
      expect(Math.min(...moments(meeters, "passed", phase))).toBeGreaterThanOrEqual(lastCame);
    }
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(120);
    expect(new Set(lines.map(Number))).toEqual(new Set(meeters.map(({ pid }) => pid)));
  });

  test("it waits for the last one; when that is killed, it breaks, and says who it was", async () => {
    makeBarrier(file);
    await using first = new Meeter("barrier", file, 3, 1, 0);
    await using second = new Meeter("barrier", file, 3, 1, 0);
    await first.until("came");
    await second.until("came");
    await using last = new Meeter("barrier", file, 3, 1, 1e9);
    await until("the third takes part", () => status(`${file}.3`).owner !== null);
    expect([first, second].map((each) => each.said("passed"))).toEqual([undefined, undefined]);
    await last.signal("SIGKILL");
    for (const each of [first, second]) {
      expect(await each.until("failed")).toMatchObject({ failed: "lock.barrier.broken" });
      expect(each.said("failed")?.message).toContain(`pid ${last.pid}`);
    }
  });

  test("it breaks too if one was killed before it could say who it is", async () => {
    makeBarrier(file);
    await using first = new Meeter("barrier", file, 2, 1, 0);
    await first.until("came");
    writeFileSync(`${file}.2`, "");
    utimesSync(`${file}.2`, 0, 0);
    expect(await first.until("failed")).toMatchObject({ failed: "lock.barrier.broken" });
  });

  test("one that was killed after it had come holds nobody up", async () => {
    makeBarrier(file);
    await using first = new Meeter("barrier", file, 2, 1, 0);
    await first.until("came");
    await until("it has come", () => readFileSync(file, "utf8") !== "");
    await first.signal("SIGKILL");
    await using second = new Meeter("barrier", file, 2, 1, 0);
    // The slot of the dead goes to the second, so a third one may still take part.
    await second.until("passed");
  });

  test("as many may take part as it is for, and a wait ends with its signal", async () => {
    makeBarrier(file);
    await using other = new Meeter("barrier", file, 2, 1, 1e9);
    await until("the other takes part", () => status(`${file}.1`).owner !== null);
    using barrier = FileBarrier.join(file, 2);
    const leaving = new AbortController();
    const wait = { signal: leaving.signal, onWait: () => leaving.abort(new Error("left")) };
    expect(await barrier.wait(wait).catch(({ message }: Error) => message)).toBe("left");
    await using third = new Meeter("barrier", file, 2, 1, 0);
    expect(await third.until("failed")).toMatchObject({ failed: "lock.barrier.full" });
    expect(other.said("passed")).toBeUndefined();
  });
});

describe("event", () => {
  test("one signal lets all go on that wait; who comes later does not wait, until it is cleared", async () => {
    const event = new SharedEvent(file);
    await using first = new Meeter("event", file);
    await using second = new Meeter("event", file);
    for (const each of [first, second]) await each.until("waits");
    expect([first, second].map((each) => each.said("passed"))).toEqual([undefined, undefined]);
    event.set();
    event.set(); // twice is once
    for (const each of [first, second]) await each.until("passed");
    await using late = new Meeter("event", file);
    await late.until("passed");
    expect(late.said("waits")).toBeUndefined();
    event.clear();
    await using next = new Meeter("event", file);
    await next.until("waits");
    expect(existsSync(file)).toBe(false);
  });

  test("the death of one that waits, or of the one that has signalled, is nothing to the others", async () => {
    await using first = new Meeter("event", file);
    await using second = new Meeter("event", file);
    for (const each of [first, second]) await each.until("waits");
    await first.signal("SIGKILL");
    const setter = Bun.spawn(["sh", "-c", `: > ${file}; kill -9 $$`]); // any program can
    await second.until("passed");
    expect(await setter.exited).toBe(137);
  });

  test("a wait ends with its signal", async () => {
    using event = new SharedEvent(file);
    const leaving = new AbortController();
    const wait = { signal: leaving.signal, onWait: () => setTimeout(() => leaving.abort(new Error("left"))) };
    expect(await event.wait(wait).catch(({ message }: Error) => message)).toBe("left");
    expect(event.isSet).toBe(false);
  });
});
