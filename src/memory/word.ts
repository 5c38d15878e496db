/**
 * A lock as one 32-bit word of memory that processes share. Whoever wants it, and finds it free, takes it with one
 * compare-and-exchange; only who has to wait, and who lets go while somebody waits, talks to the hub (hub/locks.ts).
 *
 *     0             free
 *     n             held by peer n (a process has the number that the hub gave it)
 *     n | MORE      held, and somebody waits: whoever lets go has to tell the hub
 *     n | FAIR      also: the first has waited for long; it is the next, whoever comes by
 *     FREED         free, and the hub is told: it hands it over, unless somebody takes it first
 *     KEPT          free, and the hub is told: only the hub gives it away
 *
 * The rule that keeps it whole at any death: MEMORY FIRST, MESSAGE SECOND, and whenever a peer's connection ends the hub looks
 * at all words again. So a message may be lost (with whoever was to send it), a store cannot. scripts/model/word.ts checks
 * every interleaving of this file and hub/locks.ts, deaths included.
 */

/** Somebody waits. */
export const MORE = 1 << 30;
/** The first who waits has waited longer than {@link STARVATION_MS}. */
export const FAIR = 1 << 29;
export const FREED = -1;
export const KEPT = -2;

/**
 * How long one waits until newcomers have to stand behind, ms. To let whoever runs take a lock that is free is several times
 * faster than to wake the one who waits; that it may happen to nobody for long is what this is for (as in Go's sync.Mutex).
 */
export const STARVATION_MS = 1;

/** The peer that is the hub's own process: it has its number before the hub is there. */
export const OWNER = 1;

/** The words of a page, and a place in them. */
export type Words = Int32Array<ArrayBufferLike>;

/** The peer that holds a lock; 0: nobody. */
export function holderOf(word: number): number {
  return word > 0 ? word & ~(MORE | FAIR) : 0;
}

/** Takes the lock for `peer` if it is there to be taken. */
export function tryTake(words: Words, at: number, peer: number): boolean {
  const was = Atomics.compareExchange(words, at, 0, peer);
  return was === 0 || (was === FREED && Atomics.compareExchange(words, at, FREED, peer | MORE) === FREED);
}

/** Lets go of the lock. `tell`: the hub has to be told. `not-held`: `peer` did not have it, and nothing was changed. */
export function letGo(words: Words, at: number, peer: number): "free" | "tell" | "not-held" {
  let word = Atomics.compareExchange(words, at, peer, 0);
  if (word === peer) return "free";
  // Only the hub may change a word that we hold, and only by adding flags.
  while (holderOf(word) === peer) {
    const seen = Atomics.compareExchange(words, at, word, (word & FAIR) !== 0 ? KEPT : FREED);
    if (seen === word) return "tell";
    word = seen;
  }
  return "not-held";
}
