/**
 * Where the items of a queue lie: a ring of bytes in a file of its own, and an index that says where each item ends. An item
 * is there when the queue's count says so (ring.ts), never before: what a killed process has left half written is written over.
 *
 *     first, places │ index: where item i ends, at i % places │ the bytes
 *
 * Item i lies between the end of the item before and its own, perhaps around the end of the ring; the ring is never quite full,
 * so that an empty one is not taken for a full one.
 */
import { makeFile, mapFile, removeFile } from "../files.ts";
import { between, isFrom } from "./count.ts";

/** An item: bytes, and in what form they are, which is for whoever makes a value of them. */
export interface EncodedItem {
  readonly bytes: Uint8Array;
  /** 0 to 255. */
  readonly form: number;
}

/** How many bytes of the ring an item takes. */
export const roomOf = ({ bytes }: EncodedItem): number => bytes.length + 1;

/** The words before the index. */
const FIRST = 0;
const PLACES = 1;
const HEADER_BYTES = 64;
/** An item needs a place in the index for so many bytes of the ring, at least. */
const BYTES_PER_PLACE = 32;
const FEWEST_PLACES = 256;

export class QueueSegment {
  readonly #words: Int32Array<ArrayBufferLike>;
  readonly #bytes: Buffer<ArrayBufferLike>;
  readonly #places: number;

  private constructor(
    readonly number: number,
    memory: Uint8Array<ArrayBufferLike>,
  ) {
    const header = new Int32Array(memory.buffer, memory.byteOffset, HEADER_BYTES / 4);
    this.#places = header[PLACES]!;
    const start = HEADER_BYTES + this.#places * 4;
    this.#words = new Int32Array(memory.buffer, memory.byteOffset, start / 4);
    this.#bytes = Buffer.from(memory.buffer, memory.byteOffset + start, memory.length - start);
  }

  /**
   * Makes segment `number` of a queue, for items from `first` on. What a dead process has left of that name is replaced.
   * @param bytes how large its ring is. @throws LanesError `memory.full`, `memory.ended`.
   */
  static make(folder: string, queue: number, number: number, first: number, bytes: number): QueueSegment {
    const name = nameOf(queue, number);
    // Of two: the counts are modulo 2^31, and so an item keeps its place when they begin again.
    const places = 2 ** Math.ceil(Math.log2(Math.max(FEWEST_PLACES, bytes / BYTES_PER_PLACE)));
    removeFile(folder, name);
    makeFile(folder, name, HEADER_BYTES + places * 4 + bytes);
    const memory = mapFile(folder, name);
    const header = new Int32Array(memory.buffer, memory.byteOffset, HEADER_BYTES / 4);
    header[FIRST] = first;
    header[PLACES] = places;
    return new QueueSegment(number, memory);
  }

  /** @throws LanesError `memory.ended`. */
  static map(folder: string, queue: number, number: number): QueueSegment {
    return new QueueSegment(number, mapFile(folder, nameOf(queue, number)));
  }

  static remove(folder: string, queue: number, number: number): void {
    removeFile(folder, nameOf(queue, number));
  }

  /** Its ring's size in bytes: an item has to be smaller. */
  get size(): number {
    return this.#bytes.length;
  }

  /** Whether item `count` lies here, or in a segment after this one. */
  reaches(count: number): boolean {
    return isFrom(count, this.#words[FIRST]!);
  }

  /** How many items of this segment are not taken yet. */
  #left(puts: number, gets: number): number {
    return between(this.reaches(gets) ? gets : this.#words[FIRST]!, puts);
  }

  /** Whether nothing is in it. */
  isEmpty(puts: number, gets: number): boolean {
    return this.#left(puts, gets) === 0;
  }

  /** Whether an item of so many bytes has room here, where `puts` were put and `gets` taken. */
  hasRoom(puts: number, gets: number, length: number): boolean {
    const left = this.#left(puts, gets);
    if (left >= this.#places - 1) return false;
    const used = left === 0 ? 0 : this.#distance(this.#endOf(puts - left - 1), this.#endOf(puts - 1));
    return this.size - used > length;
  }

  /** Writes item number `puts`, which has to have room: its bytes, then its form. */
  write(puts: number, { bytes, form }: EncodedItem): void {
    const at = this.#endOf(puts - 1);
    const first = Math.min(bytes.length, this.size - at);
    if (first === bytes.length) this.#bytes.set(bytes, at);
    else {
      this.#bytes.set(bytes.subarray(0, first), at);
      this.#bytes.set(bytes.subarray(first), 0);
    }
    const last = (at + bytes.length) % this.size;
    this.#bytes[last] = form;
    this.#words[this.#placeOf(puts)] = (last + 1) % this.size;
  }

  /** A copy of item `gets`, in memory of its own. */
  read(gets: number): EncodedItem {
    const at = this.#endOf(gets - 1);
    const length = this.#distance(at, this.#endOf(gets)) - 1;
    const bytes = Buffer.allocUnsafeSlow(length);
    const first = Math.min(length, this.size - at);
    this.#bytes.copy(bytes, 0, at, at + first);
    if (first < length) this.#bytes.copy(bytes, first, 0, length - first);
    return { bytes, form: this.#bytes[(at + length) % this.size]! };
  }

  #placeOf(count: number): number {
    return HEADER_BYTES / 4 + (count & (this.#places - 1));
  }

  /** Where an item ends; before the first one that is at 0, for a new file is all zeros. */
  #endOf(count: number): number {
    return this.#words[this.#placeOf(count)]!;
  }

  /** How many bytes lie between two ends. */
  #distance(from: number, to: number): number {
    return to >= from ? to - from : to - from + this.size;
  }
}

const nameOf = (queue: number, number: number): string => `queue-${queue}-${number}`;
