#!/usr/bin/env bun
/**
 * Tortures what processes share in memory (src/memory): everything is used by several processes at once while they are killed and
 * stopped at random. Two with one lock, a lost addition, a permit too many, or anything that no longer goes on is a violation. A
 * mutant (--mutant) has to produce one: a run that cannot fail proves nothing.
 */
import "../tests/support/words.ts";
import { torture } from "./torture/memory.ts";

await torture({
  name: "torture-word",
  mutations: {
    /** Whoever died in line is handed the lock. */
    "waits-of-the-dead": ["hub/hub.ts", "for (const waiter of waits) waiter.line.leave(waiter);", ""],
    /** What a dead process held stays held. */
    "holds-of-the-dead": ["hub/locks.ts", "this.free(lock, dead, true);", ""],
    /** A word that was freed by a process which died before it said so is not looked at. */
    "no-rescan": ["hub/locks.ts", "if (word === FREED || word === KEPT) this.handOver(lock);", ""],
    /** The bug of the prototype: a newcomer was faster, and does not learn that somebody waits. */
    "lost-race": [
      "hub/locks.ts",
      "if (Atomics.compareExchange(words, at, word, held) !== word) continue;",
      "if (Atomics.compareExchange(words, at, word, held) !== word) return;",
    ],
    /** Whoever looks, takes. */
    "no-exchange": [
      "word.ts",
      "const was = Atomics.compareExchange(words, at, 0, peer);",
      "const was = Atomics.load(words, at) === 0 ? (Atomics.store(words, at, peer), 0) : 1;",
    ],
  },
});
