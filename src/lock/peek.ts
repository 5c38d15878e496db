/** Reading a lock file without disturbing it: no flock is tried, for that would make somebody else's attempt fail. */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { errnoCode } from "../errors.ts";
import { readContent } from "./lockfile.ts";
import type { Content, OwnerRecord } from "./owner.ts";
import { cannotLock, notAFile } from "./trouble.ts";

/** What is at the path: `none` if nothing is. */
export type Peek = {
  readonly kind: Content["kind"] | "none";
  readonly owner: OwnerRecord | null;
  readonly inode: bigint;
  readonly ageMs: number;
};

const none: Peek = { kind: "none", owner: null, inode: 0n, ageMs: 0 };

/** Looks at a lock file. @throws LanesError if what is there is no regular file, or may not be read. */
export function peek(path: string): Peek {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoCode(error) === "ENOENT") return none;
    throw cannotLock(path, error);
  }
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile()) throw notAFile(path);
    const content = readContent(fd);
    const owner = content.kind === "owner" ? content.owner : null;
    return { kind: content.kind, owner, inode: stat.ino, ageMs: Date.now() - Number(stat.mtimeMs) };
  } finally {
    closeSync(fd);
  }
}
