/** Opening a SQLite database that several processes share. */
import { Database } from "bun:sqlite";

/**
 * How long to wait for other processes, ms. They are at it for microseconds; but one that a busy machine has taken its core
 * from in the middle of that keeps the others out until it has got it back.
 */
export const BUSY_MS = 30_000;

/**
 * Opens it, with a busy timeout of {@link BUSY_MS}: also the first words with a database can meet somebody. Who opens one with a
 * write-ahead log first makes that log's index, who leaves it last removes both, and each has the database for itself meanwhile.
 */
export function openDatabase(path: string, options: { create: boolean }): Database {
  const database = new Database(path, { ...options, readwrite: true });
  database.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
  return database;
}
