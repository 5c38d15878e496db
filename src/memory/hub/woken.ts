/** What the answer to a condition's wait says: it was notified, or has given up. In both cases it holds the lock again. */
export const Woken = { notified: 0, gaveUp: 1 } as const;
