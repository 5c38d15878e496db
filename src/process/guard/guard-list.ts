/**
 * The list of what is to die with lanes, as lanes writes it and the guard reads it: a nameless file of entries of one size,
 *
 *     [ 4 bytes: 0 free · 1 about to be started · a pid, negative for a group ][ the mark, NUL at its end ]
 *
 * which lanes has mapped: an entry costs no system call, and what was written is in the file even if lanes is killed in
 * the next instruction. Always true: the first four bytes are written at once, and say nothing of an entry whose mark is
 * not there yet; whatever the moment of death, the guard reads entries that were true.
 */
import { closeSync, fstatSync, readSync, writeSync } from "node:fs";
import { openMemoryFile } from "../../os/files/tempfile.ts";
import { procPath } from "../../os/platform.ts";

const ENTRY_BYTES = 64;
const WORDS = ENTRY_BYTES / 4;
const FREE = 0;
const STARTING = 1;
const FIRST_BYTES = 4096;

export class GuardList {
  readonly fd = openMemoryFile();
  #bytes: Buffer = Buffer.alloc(0);
  #words: Int32Array = new Int32Array();
  #mapped = false;
  readonly #free: number[] = [];
  #used = 0;

  /**
   * A new entry: something with this mark is about to be started.
   * @param mark ASCII; less than 60 bytes.
   * @throws what write(2) throws if there is no room for another entry.
   */
  add(mark: string): number {
    const entry = this.#free.pop() ?? this.#used++;
    const at = entry * ENTRY_BYTES;
    if (at + ENTRY_BYTES > this.#bytes.length) this.#grow();
    const length = this.#bytes.write(mark, at + 4, ENTRY_BYTES - 5, "latin1");
    this.#bytes[at + 4 + length] = 0;
    this.#set(entry, STARTING);
    return entry;
  }

  /** It runs. @param target its pid, or its group as a negative number. */
  started(entry: number, target: number): void {
    this.#set(entry, target);
  }

  /** It is to live on, or has ended. */
  remove(entry: number): void {
    this.#set(entry, FREE);
    this.#free.push(entry);
  }

  close(): void {
    closeSync(this.fd);
  }

  #set(entry: number, word: number): void {
    Atomics.store(this.#words, entry * WORDS, word);
    if (!this.#mapped) writeSync(this.fd, this.#bytes, entry * ENTRY_BYTES, ENTRY_BYTES, entry * ENTRY_BYTES);
  }

  /** Twice as many entries. They are written before they are mapped: a page that is there is never refused. */
  #grow(): void {
    const had = this.#bytes;
    const size = Math.max(FIRST_BYTES, 2 * had.length);
    const more = Buffer.alloc(size - had.length);
    for (let at = 0; at < more.length; ) at += writeSync(this.fd, more, at, more.length - at, had.length + at);
    const mapping = mapFile(this.fd);
    this.#mapped = mapping !== null;
    this.#bytes = mapping ?? Buffer.concat([had, more]);
    this.#words = new Int32Array(this.#bytes.buffer, this.#bytes.byteOffset, size / 4);
  }
}

/** What the list says, to the guard. */
export interface GuardedTargets {
  /** Pids, negative for groups. */
  readonly targets: readonly number[];
  readonly marks: ReadonlySet<string>;
  /** A start was noted, and not yet whether it came to be. */
  readonly pending: boolean;
}

/** Reads a list whose writer is gone. */
export function readList(fd: number): GuardedTargets {
  const bytes = Buffer.alloc(fstatSync(fd).size);
  readSync(fd, bytes, 0, bytes.length, 0);
  const targets: number[] = [];
  const marks = new Set<string>();
  let pending = false;
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const word = bytes.readInt32LE(at);
    if (word === FREE) continue;
    marks.add(bytes.toString("latin1", at + 4, bytes.indexOf(0, at + 4)));
    if (word === STARTING) pending = true;
    else targets.push(word);
  }
  return { targets, marks, pending };
}

/** The file as memory; null where a descriptor has no path (then each entry is written). */
function mapFile(fd: number): Buffer | null {
  try {
    const { buffer, byteOffset, byteLength } = Bun.mmap(procPath(`self/fd/${fd}`), { shared: true });
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch {
    return null;
  }
}
