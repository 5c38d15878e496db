/** Event in one process; `_TestEvent` as in CPython's _test_multiprocessing. */
import { expect, test } from "bun:test";
import { Event } from "../../../src/memory/index.ts";

test("_TestEvent.test_event: waited for in vain, then set, then clear again", async () => {
  const event = new Event();
  expect(event.isSet).toBe(false);
  expect(await event.wait({ timeout: 0 })).toBe(false);
  expect(await event.wait({ timeout: 5 })).toBe(false);
  event.set();
  event.set();
  expect(event.isSet).toBe(true);
  expect(await event.wait()).toBe(true);
  expect(await event.wait({ timeout: 1 })).toBe(true);
  event.clear();
  expect(event.isSet).toBe(false);
  const waiting = event.wait();
  event.set();
  expect(await waiting).toBe(true);
});

test("_TestEvent.test_repr: what is shown says whether it is set", () => {
  const event = new Event({ name: "go" });
  expect(Bun.inspect(event)).toBe("<Event go: not set>");
  event.set();
  expect(Bun.inspect(event)).toBe("<Event go: set>");
});

test("who waited before it was set goes on, even if it is cleared at once; who comes later waits", async () => {
  const event = new Event();
  const waiting = [event.wait(), event.wait()];
  await event.wait({ timeout: 5 });
  event.set();
  event.clear();
  expect(await Promise.all(waiting)).toEqual([true, true]);
  expect(await event.wait({ timeout: 5 })).toBe(false);
});

test("a wait can be aborted", async () => {
  const event = new Event();
  const controller = new AbortController();
  const waiting = event.wait({ signal: controller.signal });
  controller.abort(new Error("enough"));
  expect(waiting).rejects.toThrow("enough");
});
