#!/usr/bin/env bun
/**
 * Tortures queues (src/memory/queue): processes put and take while they are killed and stopped at random. An item that is taken
 * twice, that is not what was put, that comes before an earlier one of the same process, or that is missing though nobody who
 * had it in hand was killed, is a violation; so is it if nothing goes on. A mutant (--mutant) has to produce one.
 */
import "../tests/support/words.ts";
import { torture } from "./torture/memory.ts";

const pause = "if (Math.random() < 0.05) for (const late = performance.now() + 2; performance.now() < late; );";

await torture({
  name: "torture-ring",
  widened: [
    // Before an item counts, after it counts, before anybody is told: each of them a moment to be killed in.
    [
      "queue/ring.ts",
      "if (!this.puts.change(puts, after(puts)))",
      `${pause}\n      if (!this.puts.change(puts, after(puts)))`,
    ],
    [
      "queue/ring.ts",
      "this.gets.change(gets, after(gets));",
      `${pause}\n      this.gets.change(gets, after(gets));\n      ${pause}`,
    ],
    ["queue/ring.ts", "if (place.load(waiting) !== 0)", `${pause}\n    if (place.load(waiting) !== 0)`],
    ["queue/ring.ts", "this.gets.segment = number + 1;", `this.gets.segment = number + 1;\n      ${pause}`],
    [
      "queue/ring.ts",
      "this.puts.segment = next.number;",
      `${pause}\n    this.puts.segment = next.number;\n    ${pause}`,
    ],
  ],
  mutations: {
    /** The count says that an item is there before it is. */
    "count-first": [
      "queue/ring.ts",
      'segment.write(puts, item);\n      if (!this.puts.change(puts, after(puts))) return "closed";',
      'if (!this.puts.change(puts, after(puts))) return "closed";\n      segment.write(puts, item);',
    ],
    /** Two processes work on one side. */
    "no-exchange": [
      "word.ts",
      "const was = Atomics.compareExchange(words, at, 0, peer);",
      "const was = Atomics.load(words, at) === 0 ? (Atomics.store(words, at, peer), 0) : 1;",
    ],
    /** A side stays taken by the dead. */
    "sides-of-the-dead": ["hub/locks.ts", "this.free(lock, dead, true);", ""],
    /** When a process has ended, the hub looks at no queue. */
    "no-rescan": ["hub/hub.ts", "this.#queues.rescan();", ""],
    /** A segment is removed though items are in it. */
    "left-early": [
      "queue/ring.ts",
      "while (number < last && this.#segment(number + 1).reaches(gets)) {",
      "while (number < last) {",
    ],
  },
});
