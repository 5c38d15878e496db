/** Counting values that are still to be read, for whoever wants to know how many jobs there will be. */
import { closeSync, fstatSync, openSync, read, readFileSync } from "node:fs";
import { systemPath } from "../../os/bytes/paths.ts";
import { procPath } from "../../os/platform.ts";
import { combined, stdin, type ValueSource } from "./values.ts";

const CHUNK = 1 << 20;
/** Reading more than this to count it would take the disk from the jobs; bytes. */
const LIMIT = 1 << 30;

/** A regular file, and where its values begin. */
interface Countable {
  readonly fd: number;
  readonly start: number;
}

/**
 * How many rows the sources make: of lists and regular files. What is on stdin is counted from where it stands, which is
 * looked up here and now: nothing may have been read of it yet.
 * @param sources none: stdin.
 * @returns null if it cannot be told, or not soon.
 */
export async function countAhead(sources: readonly ValueSource[], delimiter: "\n" | "\0"): Promise<number | null> {
  const given = sources.length > 0 ? sources : [stdin];
  const files = given.map(({ kind, words }) => (kind === "list" ? words.length : countable(words[0] ?? "-")));
  try {
    const lengths: number[] = [];
    for (const file of files) {
      if (file === null) return null;
      lengths.push(typeof file === "number" ? file : await countRecords(file, delimiter.charCodeAt(0)));
    }
    return combined(given, lengths);
  } catch {
    return null; // whoever reads the values will say why
  } finally {
    for (const file of files) if (file !== null && typeof file === "object" && file.fd !== 0) closeSync(file.fd);
  }
}

function countable(path: string): Countable | null {
  let fd: number | null = null;
  try {
    fd = path === "-" ? 0 : openSync(systemPath(path), "r");
    const stat = fstatSync(fd);
    const start = path === "-" ? standsAt(fd) : 0;
    if (stat.isFile() && start !== null && stat.size - start <= LIMIT) return { fd, start };
  } catch {
    // As below.
  }
  if (fd !== null && fd !== 0) closeSync(fd);
  return null;
}

async function countRecords({ fd, start }: Countable, delimiter: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  let records = 0;
  let unfinished = false;
  for (let at = start; ; ) {
    const length = await readAt(fd, buffer, at);
    if (length === 0) return unfinished ? records + 1 : records;
    const chunk = buffer.subarray(0, length);
    for (let next = chunk.indexOf(delimiter); next >= 0; next = chunk.indexOf(delimiter, next + 1)) records += 1;
    unfinished = chunk[length - 1] !== delimiter;
    at += length;
  }
}

/** In another thread: signals, jobs and their output are attended to meanwhile. */
function readAt(fd: number, buffer: Buffer, at: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  read(fd, buffer, 0, buffer.length, at, (error, length) => (error === null ? resolve(length) : reject(error)));
  return promise;
}

/** Where an open file is read next (proc_pid_fdinfo(5)); null where that cannot be told. */
function standsAt(fd: number): number | null {
  const position = /^pos:\t(\d+)/.exec(readFileSync(procPath(`self/fdinfo/${fd}`), "latin1"))?.[1];
  return position === undefined ? null : Number(position);
}
