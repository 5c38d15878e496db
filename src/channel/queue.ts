/**
 * A queue between any number of producers and consumers, of limited length: rows of a SQLite table.
 *
 * How: a put and a take are a transaction each, so one at a time: a put numbers its item and finds room, or changes
 * nothing; a take removes the item with the lowest number, or finds none. Who finds the queue full or empty looks again and
 * again, which keeps nobody out, and tries once it looks different. Who of several gets in is chance.
 *
 * Always true, also after kill -9 of anybody at any moment: there are never more than `capacity` items in it; every item
 * is put whole or not at all, and taken by one process or still there; items leave in the order of their numbers. (An
 * unfinished transaction is undone by SQLite, and the kernel frees the locks of the dead. What a consumer took before it was
 * killed is gone with it: the queue does not know what became of it.)
 *
 * Why this and not shared memory or a pipe: in shared memory whoever dies between two stores leaves all others a ring
 * that is wrong; a pipe is a queue of bytes, and how many items it holds is the kernel's choice.
 */
import { type Database, SQLiteError } from "bun:sqlite";
import { Backoff } from "./backoff.ts";
import { BUSY_MS, openDatabase } from "./database.ts";

/**
 * Between two looks at a queue that is full or empty, ms. The same for all who wait, whether for long or not: so each has the
 * same chance to be the first to see that it is not any more. Only after a second of it the looks become more seldom.
 */
const NAP_MS = 1;
const SHORT_NAPS = 1_000;
const LONG_NAP_MS = 5;

/** Makes a queue that is empty, at a path where nothing is. @param capacity the most items in it, at least 1. */
export function makeQueue(path: string, capacity: number): void {
  using database = openDatabase(path, { create: true });
  database.run("PRAGMA journal_mode = WAL");
  database.run("CREATE TABLE item (number INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL)");
  database.run("CREATE TABLE queue (capacity INTEGER NOT NULL, closed INTEGER NOT NULL)");
  database.run("INSERT INTO queue VALUES (?, 0)", [capacity]);
}

/** How to wait while the queue is full or empty. */
export interface QueueWait {
  /** Aborting it ends the wait, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, if one has to wait. */
  readonly onWait?: (() => void) | undefined;
}

/** An item as it was put or taken. */
export interface QueueItem {
  /** The first one put has 1, and so on. */
  readonly number: number;
  readonly body: Uint8Array;
  /** How many items were in the queue right after it was put or taken. */
  readonly length: number;
}

interface State {
  readonly capacity: number;
  readonly closed: number;
  readonly length: number;
}

/** A process's end of a queue that exists: for putting, for taking, or both. */
export class SharedQueue implements Disposable {
  readonly #database: Database;
  readonly #putNow: (body: Uint8Array) => QueueItem | undefined;
  readonly #takeNow: () => QueueItem | undefined;

  constructor(path: string) {
    this.#database = openDatabase(path, { create: false });
    this.#database.run("PRAGMA synchronous = OFF"); // no crash of a process needs the disk, and nobody's queue outlives the machine
    this.#database.run("PRAGMA busy_timeout = 0"); // from now on we wait ourselves, so that all have the same chance
    // Immediate: the right to write is had before anything is read, so what was read is still true when it is written.
    this.#putNow = this.#database.transaction((body: Uint8Array) => this.#put(body)).immediate;
    this.#takeNow = this.#database.transaction(() => this.#take()).immediate;
  }

  /** How many items are in it. */
  get length(): number {
    return this.#patiently(() => this.#state().length);
  }

  /** Puts an item at the end; waits while the queue is full. @throws Error if it is closed, the signal's reason. */
  async put(body: Uint8Array, wait: QueueWait = {}): Promise<QueueItem> {
    const hasRoom = () => {
      const { length, capacity, closed } = this.#state();
      return length < capacity || closed !== 0;
    };
    return (await this.#retry(() => this.#putNow(body), hasRoom, wait)) as QueueItem;
  }

  /** Takes the item at the front; waits while the queue is empty. Null: it is empty, and closed. @throws the signal's reason. */
  async take(wait: QueueWait = {}): Promise<QueueItem | null> {
    const hasNews = () => {
      const { length, closed } = this.#state();
      return length > 0 || closed !== 0;
    };
    const isOver = () => {
      const { length, closed } = this.#state();
      return closed !== 0 && length === 0 ? null : undefined;
    };
    return this.#retry(() => this.#takeNow() ?? isOver(), hasNews, wait);
  }

  /** Says that nothing more will be put. What is in it can still be taken. */
  close(): void {
    this.#patiently(() => this.#database.run("UPDATE queue SET closed = 1"));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  /** Tries; as long as that gives nothing, waits until it looks as if it might. */
  async #retry<T>(attempt: () => T | undefined, looksGood: () => boolean, { signal, onWait }: QueueWait): Promise<T> {
    const backoff = new Backoff();
    for (let looks = 0; ; ) {
      signal?.throwIfAborted();
      const outcome = looks > 0 && unlessBusy(looksGood) !== true ? undefined : unlessBusy(attempt);
      if (outcome === busy) {
        await backoff.wait(); // somebody is at it: that takes microseconds
        continue;
      }
      if (outcome !== undefined) return outcome;
      if (looks === 0) onWait?.();
      looks += 1;
      await Bun.sleep(looks <= SHORT_NAPS ? NAP_MS : LONG_NAP_MS);
    }
  }

  /** Lets SQLite wait, for what is done seldom. */
  #patiently<T>(work: () => T): T {
    this.#database.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
    try {
      return work();
    } finally {
      this.#database.run("PRAGMA busy_timeout = 0");
    }
  }

  #put(body: Uint8Array): QueueItem | undefined {
    const { capacity, closed, length } = this.#state();
    if (closed !== 0) throw new Error("the queue is closed");
    if (length >= capacity) return undefined;
    const { lastInsertRowid } = this.#database.query("INSERT INTO item (body) VALUES (?)").run(body);
    return { number: Number(lastInsertRowid), body, length: length + 1 };
  }

  #take(): QueueItem | undefined {
    const sql = "DELETE FROM item WHERE number = (SELECT min(number) FROM item) RETURNING number, body";
    const row = this.#database.query<Pick<QueueItem, "number" | "body">, []>(sql).get();
    return row === null ? undefined : { ...row, length: this.#state().length };
  }

  #state(): State {
    const sql = "SELECT capacity, closed, (SELECT count(*) FROM item) AS length FROM queue";
    return this.#database.query<State, []>(sql).get() as State;
  }
}

const busy = Symbol("busy");

/** What it returns; {@link busy} if another process is in the middle of a transaction. (SQLite itself would sleep 1 ms, then longer.) */
function unlessBusy<T>(attempt: () => T): T | typeof busy {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof SQLiteError && error.code?.startsWith("SQLITE_BUSY")) return busy;
    throw error;
  }
}
