/** Recordings made up by tests: any sequence of events, and a race stepped in a given order. */
import fc from "fast-check";
import type { Happening, LaneEvent, Stamp } from "../../src/recording/event.ts";

const word = fc.string({ unit: "grapheme", maxLength: 12 });
const pid = fc.integer({ min: 0, max: 4_000_000 });
const name = fc.constantFrom("a.lock", "b.lock", "barrier");
const value = fc.oneof(fc.integer(), fc.constant(null), word);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant("spawn" as const), name: word }, { requiredKeys: ["type"] }),
  fc.record({ type: fc.constant("ready" as const) }),
  fc.record({ type: fc.constant("run" as const), text: word }, { requiredKeys: ["type"] }),
  fc.record({ type: fc.constant("say" as const), text: word }),
  fc.record({ type: fc.constant("join" as const), on: fc.constantFrom("P1", "P2") }),
  fc.record({ type: fc.constant("wait" as const), on: name, owner: pid }, { requiredKeys: ["type", "on"] }),
  fc.record({ type: fc.constantFrom("hold" as const, "release" as const), on: name }),
  fc.record(
    { type: fc.constantFrom("read" as const, "write" as const), value, round: fc.nat(100) },
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

/** Any events at all, by time. */
export const anyEvents: fc.Arbitrary<LaneEvent[]> = fc
  .array(
    fc.tuple(happening, stamp).map(([what, where]): LaneEvent => ({ ...what, ...where })),
    { maxLength: 60 },
  )
  .map((events) => events.toSorted((a, b) => a.t - b.t));

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
