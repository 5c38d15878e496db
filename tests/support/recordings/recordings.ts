/** Recordings made up by tests: any sequence of events, and a race stepped in a given order. */
import fc from "fast-check";
import type { Happening, LaneEvent, RecordingKind, Stamp } from "../../../src/recording/event.ts";
import type { ItemError } from "../../../src/recording/results/map-result.ts";

const word = fc.string({ unit: "grapheme", maxLength: 12 });
const pid = fc.integer({ min: 0, max: 4_000_000 });
const name = fc.constantFrom("a.lock", "b.lock", "barrier");
const value = fc.oneof(fc.integer(), fc.constant(null), word);

const happening: fc.Arbitrary<Happening<"demo">> = fc.oneof(
  fc.record({ type: fc.constant("spawn" as const), name: word }, { requiredKeys: ["type"] }),
  fc.record({ type: fc.constant("ready" as const) }),
  fc.record({ type: fc.constant("run" as const), text: word }, { requiredKeys: ["type"] }),
  fc.record({ type: fc.constant("say" as const), text: word }),
  fc.record({ type: fc.constant("join" as const), on: fc.constantFrom("P1", "P2") }),
  fc.record({ type: fc.constant("wait" as const), on: name, owner: pid }, { requiredKeys: ["type", "on"] }),
  fc.record({ type: fc.constantFrom("hold" as const, "release" as const), on: name }),
  fc.record({ type: fc.constant("hold" as const), on: name, fence: fc.nat(3) }),
  fc.record({ type: fc.constant("rejected" as const), value, fence: fc.nat(3), newest: fc.nat(3) }),
  fc.record({ type: fc.constant("stopped" as const), signal: fc.constant("SIGSTOP") }),
  fc.record({ type: fc.constant("continued" as const) }),
  fc.record({ type: fc.constant("read" as const), value, round: fc.nat(100) }, { requiredKeys: ["type", "value"] }),
  fc.record(
    { type: fc.constant("write" as const), value, round: fc.nat(100), put: word, took: word },
    { requiredKeys: ["type", "value"] },
  ),
  fc.record({ type: fc.constant("zombie" as const) }),
  fc.record({
    type: fc.constant("refused" as const),
    by: fc.constantFrom("depth" as const, "total" as const, "system" as const),
    depth: fc.nat(9),
    limit: fc.nat(9),
    text: word,
  }),
  fc.record({ type: fc.constant("adopted" as const), before: pid, after: pid }),
  fc.record({
    type: fc.constant("exit" as const),
    code: fc.option(fc.nat(255)),
    signal: fc.option(fc.constantFrom("SIGKILL", "SIGTERM")),
  }),
);

const stamp: fc.Arbitrary<Stamp> = fc.record({
  t: fc.double({ min: 0, max: 1e6, noNaN: true }).map((t) => Math.abs(Math.round(t * 1e3) / 1e3)),
  lane: fc.constantFrom("main", "P1", "P2", "P3", "P1.1"),
  pid,
  ppid: pid,
});

const job = { seq: fc.nat(99), attempt: fc.nat(9), command: word };
const ending = { code: fc.option(fc.nat(255)), signal: fc.option(fc.constantFrom("SIGKILL", "SIG35")) };
const someMs = fc.double({ min: 0, max: 1e6, noNaN: true }).map((ms) => ms + 0); // JSON has no -0

const runHappening: fc.Arbitrary<Happening<"run">> = fc.oneof(
  fc.record({ type: fc.constant("spawn" as const), ...job }),
  fc.record({
    ...{ type: fc.constant("exit" as const), retry: fc.boolean(), stopped: fc.boolean(), ...job, ...ending },
    ...{ timedOut: fc.boolean(), ms: someMs },
  }),
  fc.record({ type: fc.constant("stop" as const), reason: fc.constantFrom("halt" as const, "signal" as const) }),
  fc.record({
    type: fc.constant("running" as const),
    jobs: fc.array(fc.record({ seq: fc.nat(9), lane: fc.constant("P1"), pid, command: word, ms: someMs })),
  }),
);

const error = { name: word, message: word, stack: word };
const itemError: fc.Arbitrary<ItemError> = fc.record(
  {
    ...error,
    kind: fc.constantFrom("throw" as const, "memory" as const),
    killed: fc.constant(true as const),
    fields: fc.record({ code: fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)) }),
    cause: fc.record({ ...error, errors: fc.array(fc.record(error), { maxLength: 2 }) }),
  },
  { requiredKeys: ["kind", "name", "message", "stack"] },
);

const mapHappening: fc.Arbitrary<Happening<"map">> = fc.oneof(
  fc.record({ type: fc.constantFrom("spawn" as const, "ready" as const) }),
  fc.record({ type: fc.constant("chunk" as const), first: fc.nat(99), count: fc.nat(99), ms: someMs }),
  fc.record({ type: fc.constant("say" as const), text: word }),
  fc.record({ type: fc.constant("retry" as const), index: fc.nat(99), reason: word }),
  fc.record(
    { type: fc.constant("fail" as const), index: fc.nat(99), attempts: fc.nat(9), item: word, error: itemError },
    { requiredKeys: ["type", "index", "attempts", "error"] },
  ),
  fc.record({ type: fc.constant("exit" as const), ...ending }),
);

/** Any events of a kind, by time. */
const any = <K extends RecordingKind>(happening: fc.Arbitrary<Happening<K>>): fc.Arbitrary<LaneEvent<K>[]> =>
  fc
    .array(
      fc.tuple(happening, stamp).map(([what, where]): LaneEvent<K> => ({ ...what, ...where })),
      { maxLength: 60 },
    )
    .map((events) => events.toSorted((a, b) => a.t - b.t));

export const anyEvents = any<"demo">(happening);
export const anyRunEvents = any<"run">(runHappening);
export const anyMapEvents = any<"map">(mapHappening);

/** Two processes, each of which reads and then writes one more, in the order of the lanes given. */
export function raced(order: readonly string[]): LaneEvent[] {
  const had = new Map<string, number>();
  let count = 0;
  return order.map((lane, t) => {
    const where = { t, lane, pid: Number(lane.slice(1)) + 100, ppid: 1, round: 1 };
    const read = had.get(lane);
    if (read === undefined) {
      had.set(lane, count);
      return { type: "read", value: count, ...where };
    }
    had.delete(lane);
    count = read + 1;
    return { type: "write", value: count, ...where };
  });
}
