/**
 * How items of a queue are counted: modulo 2^31, and the sign bit of the count of those who put says that nobody puts any more.
 * So to put an item and to close the queue are exchanges of one word, and which of them was first is never in doubt.
 */

/** The queue is closed. */
export const CLOSED = -(2 ** 31);
const MASK = 2 ** 31 - 1;

export const isClosed = (puts: number): boolean => puts < 0;

/** How many were counted from `from` to `to`. */
export const between = (from: number, to: number): number => (to - from) & MASK;

/** The next count, not closed. */
export const after = (count: number): number => (count + 1) & MASK;

/** Whether a count is `from` or later: counts that are compared never lie far apart. */
export const isFrom = (count: number, from: number): boolean => between(from, count) < 2 ** 30;
