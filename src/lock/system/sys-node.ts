/** {@link Sys} by node:fs, for macOS, where open(2) takes its arguments in a way FFI does not pass them on arm64. */
import type * as Fs from "node:fs";
import { errnoCode } from "../../errors.ts";
import { systemPath } from "../../os/bytes/paths.ts";
import { procPath } from "../../os/platform.ts";
import type { Stat, Sys } from "./sys-calls.ts";

function unless<T>(expected: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (errnoCode(error) === expected) return undefined;
    throw error;
  }
}

/** A name in an open folder, as Linux spells it. */
const within = (path: string, at: number | undefined) =>
  systemPath(at === undefined ? path : procPath(`self/fd/${at}/${path}`));

const describe = (stat: Fs.BigIntStats): Stat => ({
  dev: Number(stat.dev),
  inoHigh: Number(stat.ino >> 32n),
  inoLow: Number(stat.ino & 0xffffffffn),
  isFile: stat.isFile(),
  isFolder: stat.isDirectory(),
  links: Number(stat.nlink),
  isUnlinked: stat.nlink === 0n,
  uid: Number(stat.uid),
  size: Number(stat.size),
  mode: Number(stat.mode) & 0o7777,
  mtimeMs: Number(stat.mtimeNs) / 1e6,
  ctimeMs: Number(stat.ctimeNs / 1_000_000n),
});

export function nodeSys(): Sys {
  const fs = process.getBuiltinModule("node:fs");
  const { O_CREAT, O_EXCL, O_RDWR, O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = fs.constants;
  const open = (path: string, flags: number, at?: number, mode?: number) =>
    fs.openSync(within(path, at), flags | O_NOFOLLOW, mode);
  return {
    create: (path, mode, at) => unless("EEXIST", () => open(path, O_CREAT | O_EXCL | O_RDWR, at, mode)),
    open: (path, at) => unless("ENOENT", () => open(path, O_RDWR | O_NONBLOCK, at)),
    openToRead: (path, at) => unless("ENOENT", () => open(path, O_RDONLY | O_NONBLOCK, at)),
    openFolder: (path) => unless("ENOENT", () => open(path, O_RDONLY | O_DIRECTORY)),
    close: fs.closeSync,
    statOf: (fd) => describe(fs.fstatSync(fd, { bigint: true })),
    statAt: (path, at) => unless("ENOENT", () => describe(fs.lstatSync(within(path, at), { bigint: true }))),
    read: (fd, into) => fs.readSync(fd, into, 0, into.length, 0),
    write: (fd, bytes, position) => fs.writeSync(fd, bytes, 0, bytes.length, position),
    unlink: (path, at) => fs.unlinkSync(within(path, at)),
    makeFolder: (path, mode) => fs.mkdirSync(systemPath(path), { mode }),
    readLink: (path) => unless("EINVAL", () => fs.readlinkSync(systemPath(path))) ?? "",
    fileSystemOf: (folder) => fs.statfsSync(systemPath(folder)).type >>> 0,
    userId: () => process.getuid?.() ?? -1,
  };
}
