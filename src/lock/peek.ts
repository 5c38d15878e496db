/** Reading a lock file without disturbing it: no flock is tried, for that would make somebody else's attempt fail. */
import { errnoCode } from "../errors.ts";
import { readContent } from "./file.ts";
import { judgeEmpty } from "./lockfile.ts";
import type { Content, OwnerRecord } from "./owner.ts";
import { sys } from "./system/sys.ts";
import type { Stat } from "./system/sys-calls.ts";
import { cannotLock, notAFile, notOurs } from "./trouble.ts";

/** What is at the path: `none` if nothing is. */
export type Peek = {
  readonly kind: Content["kind"] | "none";
  readonly owner: OwnerRecord | null;
  /** Undefined: nothing is there. */
  readonly stat?: Stat;
};

const none: Peek = { kind: "none", owner: null };

/** Looks at a lock file. @throws LanesError if what is there is no regular file, or may not be read. */
export function peek(path: string): Peek {
  const fd = openToRead(path);
  if (fd === undefined) return none;
  try {
    const stat = sys().statOf(fd);
    if (!stat.isFile) throw notAFile(path, stat);
    const { content } = readContent(fd);
    if (content.kind === "owner") return { kind: "owner", owner: content.owner, stat };
    const isForeign = content.kind === "empty" && judgeEmpty(stat) === "foreign";
    return { kind: isForeign ? "foreign" : content.kind, owner: null, stat };
  } finally {
    sys().close(fd);
  }
}

function openToRead(path: string): number | undefined {
  try {
    return sys().openToRead(path);
  } catch (error) {
    throw errnoCode(error) === "EACCES" ? notOurs(path) : cannotLock(path, error);
  }
}
