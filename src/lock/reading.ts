/** Reading a lock file without disturbing it: no flock is tried, for that would make somebody else's attempt fail. */
import { errnoCode } from "../errors.ts";
import { readContent, statAt } from "./file.ts";
import { cannotLock, notAFile, notOurs } from "./lock-errors.ts";
import { judgeEmpty } from "./lockfile.ts";
import type { Content, OwnerRecord } from "./owner.ts";
import { flockOf } from "./system/proc-locks.ts";
import { sys } from "./system/sys.ts";
import type { Stat } from "./system/sys-calls.ts";

/** What is at the path: `none` if nothing is, `closed` if it may not be read and somebody holds it. */
export type Peek = {
  readonly kind: Content["kind"] | "none" | "closed";
  readonly owner: OwnerRecord | null;
  /** Undefined: nothing is there. */
  readonly stat?: Stat;
};

const none: Peek = { kind: "none", owner: null };

/** Looks at a lock file. @throws LanesError if what is there is no regular file, or may not be read and is nobody's. */
export function peek(path: string): Peek {
  const fd = openToRead(path);
  if (fd === undefined) return none;
  if (typeof fd !== "number") return { kind: "closed", owner: null, stat: fd };
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

/** A descriptor, or all there is to know of a file that somebody holds and that may not be read. */
function openToRead(path: string): number | Stat | undefined {
  try {
    return sys().openToRead(path);
  } catch (error) {
    if (errnoCode(error) !== "EACCES") throw cannotLock(path, error);
    const stat = statAt(path);
    if (stat?.isFile === true && flockOf(stat) === "held") return stat;
    throw notOurs(path);
  }
}
