/**
 * Locks on ranges of bytes of a file, Linux's "open file description" ones: like flock they belong to a description and go with
 * its last descriptor, kill -9 included; unlike flock there are as many of them in a file as it has bytes (bytes that need not
 * be there: the file stays empty), and anybody can ask where they are. (fcntl_locking(2); struct flock of 64-bit Linux)
 */
import { errno } from "../../os/libc.ts";
import { openLibc } from "../system/libc.ts";
import { SystemError } from "../system/sys-linux.ts";

const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_OFD_SETLKW = 38;
const F_WRLCK = 1;
const F_UNLCK = 2;
const EINTR = 4;
const EACCES = 13;
const EAGAIN = 11;
const CLOCK_MONOTONIC = 1;

const functions = {
  // Variadic, which on 64-bit Linux is passed like any other argument.
  fcntl: { args: ["i32", "i32", "buffer"], returns: "i32" },
  clock_gettime: { args: ["i32", "buffer"], returns: "i32" },
} as const;

let opened: ReturnType<typeof openLibc<typeof functions>> | undefined;

function libc(): NonNullable<typeof opened> {
  opened ??= openLibc(functions);
  return opened;
}

/** Bytes from `start`, `length` of them; to the end there can be if that is 0. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** All of a file. */
export const everything: ByteRange = { start: 0, length: 0 };

/** struct flock: type at 0, whence (0: from the start) 2, start 8, length 16, pid (must be 0) 24. */
const struct = new DataView(new ArrayBuffer(32));
const structBytes = new Uint8Array(struct.buffer);

/** 64 bits in halves: making a BigInt takes longer than the system call. */
function setWhole(at: number, value: number): void {
  struct.setUint32(at, value >>> 0, true);
  struct.setUint32(at + 4, value / 2 ** 32, true);
}
const wholeAt = (at: number) => struct.getUint32(at, true) + struct.getUint32(at + 4, true) * 2 ** 32;

function fcntl(fd: number, operation: number, { start, length }: ByteRange): number {
  struct.setInt16(0, F_WRLCK, true);
  struct.setInt16(2, 0, true);
  setWhole(8, start);
  setWhole(16, length);
  struct.setInt32(24, 0, true);
  return libc().fcntl(fd, operation, structBytes) < 0 ? errno() : 0;
}

function check(error: number): void {
  if (error !== 0) throw new SystemError(`errno ${error}`);
}

/** Locks a range if no other description has any of it; never sleeps. @throws SystemError where there are no such locks. */
export function tryRange(fd: number, range: ByteRange): boolean {
  const error = fcntl(fd, F_OFD_SETLK, range);
  if (error === EAGAIN || error === EACCES) return false;
  check(error);
  return true;
}

/** Sleeps until this description has the range, or the thread was interrupted. Blocks the calling thread. */
export function sleepForRange(fd: number, range: ByteRange): "locked" | "interrupted" {
  const error = fcntl(fd, F_OFD_SETLKW, range);
  if (error === EINTR) return "interrupted";
  check(error);
  return "locked";
}

/** One of the ranges another description has locked within this one; undefined if there is none. */
export function lockedWithin(fd: number, range: ByteRange): ByteRange | undefined {
  check(fcntl(fd, F_OFD_GETLK, range));
  if (struct.getInt16(0, true) === F_UNLCK) return undefined;
  return { start: wholeAt(8), length: wholeAt(16) };
}

const time = new DataView(new ArrayBuffer(16));

/** Microseconds since the machine was started: the same clock for all processes, and never set back. */
export function uptimeUs(): number {
  libc().clock_gettime(CLOCK_MONOTONIC, new Uint8Array(time.buffer));
  return Number(time.getBigInt64(0, true)) * 1e6 + Math.floor(Number(time.getBigInt64(8, true)) / 1e3);
}
