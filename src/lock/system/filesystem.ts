/**
 * Where flock tells the truth. On a disk of this machine it is the kernel's own bookkeeping; on a network or user-space
 * file system somebody else answers, and some say yes to two at once. So: a list of those known to be good, and a refusal
 * for all others, before anything is created. (statfs(2); magic numbers from linux/magic.h and the file systems' sources)
 */
import { usageError } from "../../errors.ts";
import { cString } from "../../os/bytes/byte-strings.ts";
import { darwinFunctions } from "../../os/darwin.ts";
import { isLinux } from "../../os/platform.ts";
import { folderOf } from "../path.ts";
import { sys } from "./sys.ts";

const good = new Map([
  [0xef53, "ext4"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
  [0x794c7630, "overlayfs"],
  [0xf2f52010, "f2fs"],
  [0x2fc12fc1, "zfs"],
  [0xca451a4e, "bcachefs"],
  [0x3153464a, "jfs"],
  [0x3434, "nilfs"],
  [0xe0f5e1e2, "erofs"],
  [0x4d44, "vfat"],
  [0x2011bab0, "exfat"],
  [0x7366746e, "ntfs3"],
]);

/** Names for the error message only. */
const bad = new Map([
  [0x6969, "nfs"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb"],
  [0x517b, "smb"],
  [0x65735546, "fuse"],
  [0x01021997, "9p"],
  [0x786f4256, "vboxsf"],
  [0x00c36400, "ceph"],
  [0x5346414f, "afs"],
  [0x0bd00bd0, "lustre"],
  [0x01161970, "gfs2"],
  [0x7461636f, "ocfs2"],
  [0x6a656a63, "fakeowner"],
  [0x9fa0, "proc"],
  [0x62656572, "sysfs"],
]);

const vouched = new Set<string>();
const rememberedFolders = 1000;

/**
 * Accepts the folder a lock file is to lie in, once a process. @throws LanesError if its file system is not known to keep
 * flock's promise, or the folder is not there.
 */
export function vouchFor(path: string): void {
  const folder = folderOf(path);
  if (vouched.has(folder)) return;
  const name = badName(folder);
  if (name !== undefined) throw usageError("lock.fileSystem", { path, name });
  if (vouched.size >= rememberedFolders) vouched.clear();
  vouched.add(folder);
}

/** Whether the file is on a file system that this machine alone has, and that keeps flock's promise. */
export function isTrusted(path: string): boolean {
  try {
    return badName(folderOf(path)) === undefined;
  } catch {
    return false; // it is not there any more
  }
}

/** The name of a file system that is not good, else undefined. */
const badName = (folder: string): string | undefined => (isLinux ? linuxName(folder) : macName(folder));

function linuxName(folder: string): string | undefined {
  const type = sys().fileSystemOf(folder);
  return good.has(type) ? undefined : (bad.get(type) ?? `0x${type.toString(16)}`);
}

const MNT_LOCAL = 0x1000;

/** macOS: f_flags at 64, f_fstypename at 72 of the 64-bit struct statfs. */
function macName(folder: string): string | undefined {
  const symbol = process.arch === "arm64" ? "statfs" : "statfs$INODE64";
  const functions = darwinFunctions({ [symbol]: { args: ["buffer", "buffer"], returns: "i32" } });
  const info = Buffer.alloc(4096);
  if (functions[symbol]?.(cString(folder), info) !== 0) return "statfs";
  const name = info.toString("latin1", 72, 88).split("\0")[0] || "?";
  const local = (info.readUInt32LE(64) & MNT_LOCAL) !== 0;
  return local && ["apfs", "hfs"].includes(name) ? undefined : name;
}
