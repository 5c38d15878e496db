/** The two implementations of the system calls do the same. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { fstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errnoCode } from "../../../src/errors.ts";
import type { Sys } from "../../../src/lock/system/sys-calls.ts";
import { linuxSys } from "../../../src/lock/system/sys-linux.ts";
import { nodeSys } from "../../../src/lock/system/sys-node.ts";

const linux = process.platform === "linux";
const implementations: (readonly [string, Sys])[] = [["node:fs", nodeSys()]];
if (linux) implementations.push(["libc", linuxSys()]);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "test-sys-é-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test.each(implementations)("%s: create, write, read, stat, unlink", (_, sys) => {
  const path = join(dir, "锁.lock");
  const fd = sys.create(path, 0o640) ?? -1;
  expect(sys.create(path, 0o640)).toBeUndefined();
  expect(sys.write(fd, Buffer.from("hello"), 0)).toBe(5);
  expect(sys.write(fd, Buffer.from("J"), 0)).toBe(1);
  const buffer = Buffer.alloc(10);
  expect(sys.read(fd, buffer)).toBe(5);
  expect(buffer.toString("utf8", 0, 5)).toBe("Jello");
  expect(readFileSync(path, "utf8")).toBe("Jello");
  const [byFd, byPath] = [sys.statOf(fd), sys.statAt(path)];
  expect(byFd).toEqual(byPath!);
  expect(byFd).toMatchObject({
    isFile: true,
    isFolder: false,
    isUnlinked: false,
    size: 5,
    mode: 0o640,
    uid: process.getuid?.(),
  });
  expect(Math.abs(byFd.mtimeMs - Date.now())).toBeLessThan(60_000);
  sys.unlink(path);
  expect(sys.statOf(fd).isUnlinked).toBe(true);
  expect([sys.statAt(path), sys.open(path), sys.openToRead(path)]).toEqual([undefined, undefined, undefined]);
  sys.close(fd);
  expect(() => fstatSync(fd)).toThrow("EBADF");
});

test.each(implementations)("%s: what it refuses, and with which code", (_, sys) => {
  symlinkSync("nowhere", join(dir, "link"));
  mkdirSync(join(dir, "folder"));
  writeFileSync(join(dir, "file"), "");
  const codeOf = (call: () => unknown) => {
    try {
      call();
      return "none";
    } catch (error) {
      return errnoCode(error);
    }
  };
  expect(codeOf(() => sys.open(join(dir, "link")))).toBe("ELOOP");
  expect(codeOf(() => sys.open(join(dir, "folder")))).toBe("EISDIR");
  expect(codeOf(() => sys.create(join(dir, "none/file"), 0o600))).toBe("ENOENT");
  expect(codeOf(() => sys.create(join(dir, "file/file"), 0o600))).toBe("ENOTDIR");
  expect(codeOf(() => sys.create(join(dir, "x".repeat(256)), 0o600))).toBe("ENAMETOOLONG");
  expect(codeOf(() => sys.unlink(join(dir, "none")))).toBe("ENOENT");
  expect(codeOf(() => sys.makeFolder(join(dir, "folder"), 0o700))).toBe("EEXIST");
  expect(codeOf(() => sys.create(join(dir, "a\0b"), 0o600))).not.toBe("none");
});

test.skipIf(!linux)("both name the same file system, inode and links", () => {
  const [node, libc] = [nodeSys(), linuxSys()];
  writeFileSync(join(dir, "file"), "");
  symlinkSync("nowhere", join(dir, "link"));
  const file = join(dir, "file");
  // How a device number is put together is each one's own affair, and ns do not fit into a number of ms.
  const rounded = (stat: ReturnType<typeof node.statAt>) => ({ ...stat, dev: 0, mtimeMs: stat?.mtimeMs.toFixed(2) });
  expect(rounded(libc.statAt(file))).toEqual(rounded(node.statAt(file)));
  expect(libc.fileSystemOf(dir)).toBe(node.fileSystemOf(dir));
  expect(libc.readLink(join(dir, "link"))).toBe("nowhere");
  expect(node.readLink(join(dir, "link"))).toBe("nowhere");
  expect(libc.userId()).toBe(node.userId());
});
