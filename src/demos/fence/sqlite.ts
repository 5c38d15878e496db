/** A lease and a count in a file of SQLite's: rows, and statements that change them only where they may. */
import { Database } from "bun:sqlite";
import { rmSync } from "node:fs";
import { type Busy, type LeasePlace, type Rejection, type Setting, type Way, ways } from "./place.ts";

// show
// A lease is a row. Whoever gets it gets a number, one more than anybody had before.
const TAKE = "UPDATE lease SET fence = fence + 1, holder = ?, until = ? WHERE name = ? AND until <= ? RETURNING fence";
const RENEW = "UPDATE lease SET until = ? WHERE name = ? AND fence = ?"; // unless another has got it since

// What it protects. With the lease alone everybody writes who believes to hold it …
const WRITE = "UPDATE count SET value = ? WHERE name = ?";
// … and where the number is compared, whoever has a smaller one than was here comes too late.
const WRITE_FENCED = "UPDATE count SET value = ?, fence = ?2 WHERE name = ? AND fence <= ?2";
// end

/** Whoever reads in order to write is here already: a smaller number may not write any more. */
const READ_FENCED = "UPDATE count SET fence = ?1 WHERE name = ?2 AND fence <= ?1 RETURNING value";

/** How long to wait for another process's transaction, ms. */
const BUSY_MS = 5_000;

function open(file: string): Database {
  const database = new Database(file, { create: true, readwrite: true });
  database.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
  return database;
}

/** Makes the file anew. */
export function makeSqliteFile(file: string): Setting {
  for (const part of ["", "-journal"]) rmSync(file + part, { force: true }); // of an earlier play
  using database = open(file);
  database.run("CREATE TABLE lease (name TEXT PRIMARY KEY, fence INT NOT NULL, holder INT, until INT NOT NULL)");
  database.run("CREATE TABLE count (name TEXT PRIMARY KEY, fence INT NOT NULL, value INT NOT NULL)");
  for (const way of ways) {
    database.run("INSERT INTO lease VALUES (?, 0, NULL, 0)", [way]);
    database.run("INSERT INTO count VALUES (?, 0, 0)", [way]);
  }
  return { place: { file }, counts: async () => countsIn(file) };
}

function countsIn(file: string): Map<Way, number> {
  using database = open(file);
  const rows = database.query("SELECT name, value FROM count").all() as { name: Way; value: number }[];
  return new Map(rows.map(({ name, value }) => [name, value]));
}

export class SqlitePlace implements LeasePlace {
  readonly #database: Database;

  constructor(
    file: string,
    private readonly way: Way,
    private readonly leaseMs: number,
  ) {
    this.#database = open(file);
  }

  async take(): Promise<number | Busy> {
    const now = Date.now();
    const taken = this.#one<{ fence: number }>(TAKE, process.pid, now + this.leaseMs, this.way, now);
    if (taken !== null) return taken.fence;
    const held = this.#one<{ holder: number | null; until: number }>(
      "SELECT holder, until FROM lease WHERE name = ?",
      this.way,
    );
    return { owner: held?.holder ?? undefined, leftMs: (held?.until ?? now) - now };
  }

  async renew(fence: number): Promise<boolean> {
    return this.#database.run(RENEW, [Date.now() + this.leaseMs, this.way, fence]).changes === 1;
  }

  async release(fence: number): Promise<void> {
    const free = "UPDATE lease SET holder = NULL, until = 0 WHERE name = ? AND fence = ?";
    this.#database.run(free, [this.way, fence]);
  }

  async read(fence: number): Promise<number> {
    const row =
      this.way === "alone"
        ? this.#one<{ value: number }>("SELECT value FROM count WHERE name = ?", this.way)
        : this.#one<{ value: number }>(READ_FENCED, fence, this.way);
    return row?.value ?? Number.NaN;
  }

  async write(count: number, fence: number): Promise<Rejection | null> {
    const alone = this.way === "alone";
    const done = this.#database.run(alone ? WRITE : WRITE_FENCED, alone ? [count, this.way] : [count, fence, this.way]);
    if (done.changes === 1) return null;
    const row = this.#one<{ fence: number }>("SELECT fence FROM count WHERE name = ?", this.way);
    return { newest: row?.fence ?? Number.NaN, said: `UPDATE … WHERE fence <= ${fence}: changes = 0` };
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #one<Row>(text: string, ...values: (string | number)[]): Row | null {
    return this.#database.query(text).get(...values) as Row | null;
  }
}
