/** Reading a lock file without disturbing it: no flock is tried, for that would make somebody else's attempt fail. */
import { readContent } from "./file.ts";
import type { Content, OwnerRecord } from "./owner.ts";
import { sys } from "./sys.ts";
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
  const fd = openToRead(path);
  if (fd === undefined) return none;
  try {
    const stat = sys().statOf(fd);
    if (!stat.isFile) throw notAFile(path, stat);
    const { content } = readContent(fd);
    const owner = content.kind === "owner" ? content.owner : null;
    return {
      kind: content.kind,
      owner,
      inode: (BigInt(stat.inoHigh) << 32n) | BigInt(stat.inoLow),
      ageMs: Date.now() - stat.mtimeMs,
    };
  } finally {
    sys().close(fd);
  }
}

function openToRead(path: string): number | undefined {
  try {
    return sys().openToRead(path);
  } catch (error) {
    throw cannotLock(path, error);
  }
}
