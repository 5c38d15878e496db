/** {@link Sys} by libc, glibc or musl. Numbers and layouts are those of the kernel's headers for x86-64 and arm64. */
import { ffiPath } from "../../os/bun.ts";
import { cString } from "../../os/bytes/byte-strings.ts";
import { errno, systemCalls } from "../../os/libc.ts";
import { openLibc } from "./libc.ts";
import type { Stat, Sys } from "./sys-calls.ts";

/** The error of a failed call, as node:fs makes it. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  constructor(readonly code: string) {
    super(code);
  }
}

const O_RDWR = 0o2;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const arm = process.arch === "arm64";
const O_NOFOLLOW = arm ? 0o100000 : 0o400000;
const O_DIRECTORY = arm ? 0o40000 : 0o200000;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
/** STATX_TYPE | MODE | NLINK | UID | MTIME | CTIME | INO | SIZE */
const wanted = 0x01 | 0x02 | 0x04 | 0x08 | 0x40 | 0x80 | 0x100 | 0x200;
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

const codes = new Map([
  [1, "EPERM"],
  [2, "ENOENT"],
  [6, "ENXIO"],
  [12, "ENOMEM"],
  [13, "EACCES"],
  [17, "EEXIST"],
  [19, "ENODEV"],
  [20, "ENOTDIR"],
  [21, "EISDIR"],
  [22, "EINVAL"],
  [23, "ENFILE"],
  [24, "EMFILE"],
  [26, "ETXTBSY"],
  [27, "EFBIG"],
  [28, "ENOSPC"],
  [30, "EROFS"],
  [36, "ENAMETOOLONG"],
  [40, "ELOOP"],
  [95, "EOPNOTSUPP"],
  [122, "EDQUOT"],
]);

const functions = {
  openat: { args: ["i32", "cstring", "i32", "i32"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  // For statx(2), by its number: glibc has it by name from 2.28 on only, musl from 1.2.5.
  syscall: { args: ["i64", "i32", "cstring", "i32", "u32", "buffer"], returns: "i32" },
  // Lengths and results are small here: 32 bits of a ssize_t are enough.
  pread: { args: ["i32", "buffer", "u64", "i64"], returns: "i32" },
  pwrite: { args: ["i32", "buffer", "u64", "i64"], returns: "i32" },
  unlinkat: { args: ["i32", "cstring", "i32"], returns: "i32" },
  mkdir: { args: ["cstring", "u32"], returns: "i32" },
  readlink: { args: ["cstring", "buffer", "u64"], returns: "i32" },
  statfs: { args: ["cstring", "buffer"], returns: "i32" },
  getuid: { args: [], returns: "u32" },
} as const;

/** The result of a call; undefined if it failed with the one code that is expected. */
function unless(expected: string, result: number): number | undefined {
  if (result >= 0) return result;
  const number = errno();
  const code = codes.get(number) ?? `errno ${number}`;
  if (code === expected) return undefined;
  throw new SystemError(code);
}

function check(result: number): number {
  return unless("", result) ?? 0;
}

/** A path for C ends at the first NUL: one that contains another would name something else. */
function named(path: string): string {
  if (path.includes("\0")) throw new SystemError("EINVAL");
  return path.isWellFormed() ? path : ffiPath(cString(path));
}

const struct = new DataView(new ArrayBuffer(256));
const structBytes = new Uint8Array(struct.buffer);

const seconds = (at: number) => struct.getUint32(at, true) + struct.getInt32(at + 4, true) * 2 ** 32;

/** struct statx: nlink at 16, uid 20, mode 28, ino 32, size 40, ctime 96 (s) and 104 (ns), mtime 112 and 120, dev 136 and 140. */
function decodeStat(): Stat {
  const kind = struct.getUint16(28, true);
  return {
    dev: struct.getUint32(136, true) * 2 ** 20 + struct.getUint32(140, true),
    inoLow: struct.getUint32(32, true),
    inoHigh: struct.getUint32(36, true),
    isFile: (kind & S_IFMT) === S_IFREG,
    isFolder: (kind & S_IFMT) === S_IFDIR,
    links: struct.getUint32(16, true),
    isUnlinked: struct.getUint32(16, true) === 0,
    uid: struct.getUint32(20, true),
    size: struct.getUint32(40, true) + struct.getUint32(44, true) * 2 ** 32,
    mode: kind & 0o7777,
    mtimeMs: seconds(112) * 1e3 + struct.getUint32(120, true) / 1e6,
    ctimeMs: seconds(96) * 1e3 + Math.floor(struct.getUint32(104, true) / 1e6),
  };
}

/** Opens libc. @throws LanesError where there is none. */
export function linuxSys(): Sys {
  const libc = openLibc(functions);
  const open = (path: string, flags: number, at = AT_FDCWD, mode = 0) =>
    libc.openat(at, named(path), flags | O_NOFOLLOW | O_CLOEXEC, mode);
  const stat = (at: number, path: string, flags: number) =>
    libc.syscall(systemCalls.statx, at, path, flags, wanted, structBytes);
  return {
    create: (path, mode, at) => unless("EEXIST", open(path, O_CREAT | O_EXCL | O_RDWR, at, mode)),
    open: (path, at) => unless("ENOENT", open(path, O_RDWR | O_NONBLOCK, at)),
    openToRead: (path, at) => unless("ENOENT", open(path, O_NONBLOCK, at)),
    openFolder: (path) => unless("ENOENT", open(path, O_DIRECTORY)),
    close: (fd) => void libc.close(fd),
    statOf(fd) {
      check(stat(fd, "", AT_EMPTY_PATH));
      return decodeStat();
    },
    statAt(path, at = AT_FDCWD) {
      const found = unless("ENOENT", stat(at, named(path), AT_SYMLINK_NOFOLLOW));
      return found === undefined ? undefined : decodeStat();
    },
    read: (fd, into) => check(libc.pread(fd, into, into.length, 0)),
    write: (fd, bytes, position) => check(libc.pwrite(fd, bytes, bytes.length, position)),
    unlink: (path, at = AT_FDCWD) => void check(libc.unlinkat(at, named(path), 0)),
    makeFolder: (path, mode) => void check(libc.mkdir(named(path), mode)),
    readLink(path) {
      // (Not Buffer.from: the first one of a process takes half a millisecond.)
      const target = Buffer.allocUnsafe(256);
      const length = libc.readlink(named(path), target, target.length);
      return length < 0 ? "" : target.toString("latin1", 0, length);
    },
    fileSystemOf(folder) {
      check(libc.statfs(named(folder), structBytes));
      return Number(struct.getBigUint64(0, true) & 0xffffffffn);
    },
    userId: () => libc.getuid(),
  };
}
