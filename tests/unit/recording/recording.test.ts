import { expect, test } from "bun:test";
import fc from "fast-check";
import { Recording } from "../../../src/recording/recording.ts";

test("events come back by time, those of one process in the order they were sent", () => {
  const stamps = fc.array(fc.record({ t: fc.integer({ min: 0, max: 5 }), lane: fc.constantFrom("P1", "P2") }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(stamps, (stamps) => {
      const recording = new Recording();
      for (const [index, { t, lane }] of stamps.entries())
        recording.sink({ type: "say", text: String(index), t, lane, pid: 1, ppid: 0 });
      const events = recording.of("say");
      for (const [i, event] of events.slice(1).entries()) {
        const before = events[i]!;
        expect(before.t <= event.t).toBe(true);
        if (before.t === event.t) expect(Number(before.text)).toBeLessThan(Number(event.text));
      }
    }),
  );
});

test("a listener sees what comes until it leaves", () => {
  const recording = new Recording();
  const seen: string[] = [];
  recording.emit({ type: "say", text: "before" });
  const leave = recording.subscribe((event) => seen.push(event.type));
  recording.emit({ type: "run" });
  leave();
  recording.emit({ type: "ready" });
  expect(seen).toEqual(["run"]);
  expect(recording.events()).toHaveLength(3);
});
