/** Looking into the memory of another process: process_vm_readv(2), which takes one system call and no file. */
import { ptr } from "bun:ffi";
import { decodeText } from "../../os/bytes/byte-strings.ts";
import { libcFunctions } from "../../os/libc.ts";

const PAGE = 4096;
/** The longest path (PATH_MAX). */
const LONGEST = 4096;

export class Memory {
  readonly #c = libcFunctions({
    process_vm_readv: { args: ["i32", "ptr", "u64", "ptr", "u64", "u64"], returns: "i64" },
  });
  /** Over a buffer of its own: a small array moves when a part of it is taken. */
  readonly #buffer = Buffer.from(new ArrayBuffer(LONGEST));
  readonly #here = new BigUint64Array([BigInt(ptr(this.#buffer)), 0n]);
  readonly #there = new BigUint64Array(2);
  readonly #hereAt = ptr(this.#here);
  readonly #thereAt = ptr(this.#there);

  /** Up to so many bytes, as far as they lie in one piece; fewer if they cannot be read. Valid until the next look. */
  bytes(tid: number, address: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.#buffer.length));
    if (address <= 0 || wanted === 0) return this.#buffer.subarray(0, 0);
    this.#here[1] = BigInt(wanted);
    this.#there[0] = BigInt(address);
    this.#there[1] = BigInt(wanted);
    const got = Number(this.#c.process_vm_readv(tid, this.#hereAt, 1, this.#thereAt, 1, 0));
    return this.#buffer.subarray(0, Math.max(0, got));
  }

  /** The text up to a NUL; empty if it cannot be read. A page that is not there ends what can be read at once. */
  text(tid: number, address: number): string {
    const toPage = PAGE - (address % PAGE);
    const first = this.bytes(tid, address, Math.min(toPage, 256));
    const end = first.indexOf(0);
    if (end >= 0) return decodeText(Buffer.from(first.subarray(0, end)));
    const parts = [Buffer.from(first)];
    for (let length = first.length; length > 0 && length < LONGEST; ) {
      const at = address + length;
      const more = this.bytes(tid, at, Math.min(PAGE - (at % PAGE), LONGEST - length));
      if (more.length === 0) return "";
      const stop = more.indexOf(0);
      parts.push(Buffer.from(stop < 0 ? more : more.subarray(0, stop)));
      if (stop >= 0) return decodeText(Buffer.concat(parts));
      length += more.length;
    }
    return "";
  }

  /** A number that begins at an address; 0 if it cannot be read. */
  number(tid: number, address: number, bytes: 2 | 4 | 8): number {
    const read = this.bytes(tid, address, bytes);
    if (read.length < bytes) return 0;
    if (bytes === 8) return Number(read.readBigInt64LE());
    return bytes === 4 ? read.readInt32LE() : read.readInt16LE();
  }
}
