/** {@link Sys} by node:fs, for macOS, where open(2) takes its arguments in a way FFI does not pass them on arm64. */
import type * as Fs from "node:fs";
import { errnoCode } from "../errors.ts";
import { systemPath } from "../os/paths.ts";
import type { Stat, Sys } from "./sys.ts";

function unless<T>(expected: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (errnoCode(error) === expected) return undefined;
    throw error;
  }
}

const describe = (stat: Fs.BigIntStats): Stat => ({
  dev: Number(stat.dev),
  inoHigh: Number(stat.ino >> 32n),
  inoLow: Number(stat.ino & 0xffffffffn),
  isFile: stat.isFile(),
  isFolder: stat.isDirectory(),
  isUnlinked: stat.nlink === 0n,
  uid: Number(stat.uid),
  size: Number(stat.size),
  mode: Number(stat.mode) & 0o7777,
  mtimeMs: Number(stat.mtimeNs) / 1e6,
});

export function nodeSys(): Sys {
  const fs = process.getBuiltinModule("node:fs");
  const { O_CREAT, O_EXCL, O_RDWR, O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  return {
    create: (path, mode) =>
      unless("EEXIST", () => fs.openSync(systemPath(path), O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, mode)),
    open: (path) => unless("ENOENT", () => fs.openSync(systemPath(path), O_RDWR | O_NOFOLLOW | O_NONBLOCK)),
    openToRead: (path) => unless("ENOENT", () => fs.openSync(systemPath(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)),
    close: fs.closeSync,
    statOf: (fd) => describe(fs.fstatSync(fd, { bigint: true })),
    statAt: (path) => unless("ENOENT", () => describe(fs.lstatSync(systemPath(path), { bigint: true }))),
    read: (fd, into) => fs.readSync(fd, into, 0, into.length, 0),
    write: (fd, bytes, position) => fs.writeSync(fd, bytes, 0, bytes.length, position),
    unlink: (path) => fs.unlinkSync(systemPath(path)),
    makeFolder: (path, mode) => fs.mkdirSync(systemPath(path), { mode }),
    readLink: (path) => unless("EINVAL", () => fs.readlinkSync(systemPath(path))) ?? "",
    fileSystemOf: (folder) => fs.statfsSync(systemPath(folder)).type >>> 0,
    userId: () => process.getuid?.() ?? -1,
  };
}
