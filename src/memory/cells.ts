/**
 * What lies in shared memory: pages of cells, a cell for each shared object. A cell is 64 bytes, one line of a processor's
 * cache, so that two locks do not slow down each other; its number in the arena (from 1) is the object's id. Its last word
 * says what it is, and is written last: whoever looks through all cells never sees half of one.
 */

/** 32-bit words in a cell. */
export const CELL_WORDS = 16;
export const CELLS_PER_PAGE = 1024;
export const PAGE_WORDS = CELL_WORDS * CELLS_PER_PAGE;
export const PAGE_BYTES = PAGE_WORDS * 4;
/** A million shared objects: far more than anybody means to make. */
export const MOST_PAGES = 1024;

/** What a cell is. */
export const CellKind = {
  none: 0,
  lock: 1,
  semaphore: 2,
  /** A part of a semaphore: some of its permits. */
  permits: 3,
  condition: 4,
  event: 5,
  barrier: 6,
  queue: 7,
  /** An end of a pipe. */
  end: 8,
} as const;
export type CellKind = (typeof CellKind)[keyof typeof CellKind];

/** Where in every cell its kind is. */
export const KIND = 15;

/** CellKind.lock, which is also the cell of a SharedValue and a SharedArray. */
export const LockCell = {
  /** See word.ts. */
  word: 0,
  /** 1: who held it last died with it; whoever takes it next learns that, and makes it 0. */
  recovered: 1,
  /** The first byte of a SharedValue; the word there is aligned for 64 bits. */
  valueByte: 32,
} as const;

export const SemaphoreCell = {
  /** 0: nobody waits; 1: somebody waits, whoever releases tells the hub; 2: and only the hub gives permits away. */
  waiting: 0,
  /** How many permits there may be; 0: any number. */
  bound: 1,
  /** The id of the first cell of permits. */
  permits: 2,
} as const;

export const PermitsCell = {
  /** Permits are the words 0 to 13: 0 free, n held by peer n, {@link ABSENT}. */
  count: 14,
  /** The id of the next cell of permits; 0: there is none yet. */
  next: 14,
} as const;
/** A permit that does not exist yet: a release by somebody who holds none makes it. */
export const ABSENT = -1;

export const ConditionCell = {
  /** How many wait to be notified. */
  waiting: 0,
  /** The id of its lock. */
  lock: 1,
} as const;

export const EventCell = {
  /** Even: clear; odd: set. It only grows, so that who waited before a set() is let go even if it was cleared since. */
  state: 0,
  /** 1: somebody waits, whoever sets it tells the hub. */
  waiting: 1,
} as const;

export const BarrierCell = {
  /** How many wait. */
  waiting: 0,
  /** 0: whole; else why not, see {@link Broken}, or the pid of the process whose end broke it. */
  broken: 1,
  parties: 2,
} as const;

/** Why a barrier is broken, where no process's end is the reason. */
export const Broken = { aborted: -1, timeout: -2, reset: -3 } as const;

/** What a side of a queue (those who put, those who take) has beside its lock, in the lock's own cell. */
export const SideCell = {
  /** How many items were put, or taken, modulo 2^31; see queue/count.ts. A store of it is what puts or takes an item. */
  count: 2,
  /** The number of the segment that items are put into, or taken from; 0: there is none yet. */
  segment: 3,
} as const;

export const QueueCell = {
  /** 1: somebody waits for an item, whoever puts one tells the hub. */
  getWaiting: 0,
  /** 1: somebody waits for room. */
  putWaiting: 1,
  /** 1: somebody waits until every item that was put is done. */
  joinWaiting: 2,
  /** How many items are done, counted as the sides count. */
  done: 3,
  /** How many items there may be in it; 0: any number. */
  most: 4,
  /** The ids of the two sides' cells. */
  put: 5,
  get: 6,
} as const;

export const EndCell = {
  /** The ids of the queues it sends into and receives from; 0: it cannot. */
  sends: 0,
  receives: 1,
} as const;
