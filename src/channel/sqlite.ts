/**
 * Medium `sqlite`: a table that one process inserts into and another reads, through SQLite inside each of them.
 *
 * How: a row a message, a transaction a row, numbered by the database; an empty body (NULL) is the end. Write-ahead log, so
 * that reading and writing do not lock each other out, and a busy timeout, so that two writers take turns instead of
 * failing. The receiver remembers the last number it has seen, and looks (backoff.ts).
 *
 * When: the data is to be kept, searched or changed by several processes, and must survive a crash of any of them whole:
 * every row is there or it is not. Each message pays for a transaction. Not on a network file system.
 */
import type { Database } from "bun:sqlite";
import { Backoff } from "./backoff.ts";
import type { Receiver, Sender } from "./channel.ts";
import { openDatabase } from "./database.ts";

/** Rows read at a time. */
const BATCH = 64;

interface Row {
  readonly id: number;
  readonly body: Uint8Array | null;
}

export class SqliteSender implements Sender {
  readonly #database: Database;

  /** Makes the database and its table if they are not there. */
  constructor(path: string) {
    this.#database = openDatabase(path, { create: true });
    this.#database.run("PRAGMA journal_mode = WAL");
    this.#database.run("PRAGMA synchronous = NORMAL"); // with WAL: whole after any crash, to the disk at checkpoints
    this.#database.run("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB)");
  }

  async send(message: Uint8Array): Promise<void> {
    this.#insert(message);
  }

  async end(): Promise<void> {
    this.#insert(null);
    this.#database.close();
  }

  #insert(body: Uint8Array | null): void {
    this.#database.query("INSERT INTO message (body) VALUES (?)").run(body);
  }
}

export class SqliteReceiver implements Receiver {
  readonly #database: Database;
  readonly #backoff = new Backoff();
  #rows: Row[] = [];
  #last = 0;

  /** Reads from the beginning of a database that exists. */
  constructor(path: string) {
    this.#database = openDatabase(path, { create: false }); // a reader of a WAL writes its index
  }

  async receive(): Promise<Uint8Array | null> {
    for (;;) {
      const row = this.#rows.pop();
      if (row !== undefined) {
        this.#last = row.id;
        return row.body;
      }
      const sql = "SELECT id, body FROM message WHERE id > ? ORDER BY id LIMIT ?";
      this.#rows = this.#database.query<Row, [number, number]>(sql).all(this.#last, BATCH).reverse();
      if (this.#rows.length > 0) this.#backoff.reset();
      else await this.#backoff.wait();
    }
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
