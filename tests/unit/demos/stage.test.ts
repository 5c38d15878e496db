/** What main does while a demo plays, by the record: it waits for its processes, and does not burn a core. */
import { expect, test } from "bun:test";
import { Stage } from "../../../src/demos/stage.ts";
import { Recording } from "../../../src/recording/recording.ts";

const staged = () => {
  const left = new AbortController();
  const recording = new Recording();
  const stage = new Stage({}, "/nowhere", recording, left.signal);
  recording.emit({ type: "run" });
  const told = () => recording.events().map((event) => ("on" in event ? `${event.type} ${event.on}` : event.type));
  return { stage, recording, left, told };
};

/** Computes for so many ms. */
const compute = (ms: number) => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

test("main waits from the moment it asks", async () => {
  const { stage, told } = staged();
  const message = Promise.withResolvers<number>();
  const got = stage.or(message.promise);
  expect(told()).toEqual(["run", "wait message"]);
  message.resolve(7);
  expect(await got).toBe(7);
});

test("what it computes between two waits is on the record, with the time at which it began", async () => {
  const { stage, recording, told } = staged();
  await stage.or(Promise.resolve());
  const cameMs = recording.elapsedMs;
  compute(5);
  await stage.or(Promise.resolve(), "timer");
  expect(told()).toEqual(["run", "wait message", "run", "wait timer"]);
  expect(recording.events()[2]?.t).toBeLessThanOrEqual(cameMs);
  compute(5);
  stage.goOn();
  stage.goOn();
  expect(told().slice(4)).toEqual(["run"]);
});

test("several waited for at once are one wait; an event of main's own ends it", async () => {
  const { stage, recording, told } = staged();
  await Promise.all([stage.or(Promise.resolve()), stage.or(Promise.resolve()), stage.or(Bun.sleep(3))]);
  expect(told()).toEqual(["run", "wait message"]);
  recording.emit({ type: "write", value: 0 });
  await stage.or(Promise.resolve());
  expect(told()).toEqual(["run", "wait message", "write", "wait message"]);
});

test("who leaves is not kept waiting", async () => {
  const { stage, left } = staged();
  const waiting = stage.or(new Promise(() => {}));
  left.abort(new Error("left"));
  expect(waiting).rejects.toThrow("left");
});
