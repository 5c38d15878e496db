/**
 * The owner record: the one line of JSON in a lock file, for people (`cat` it), for `status`, and as what tells a lock
 * file of lanes from all others. It starts with `{"lanes":1`, which tells our files from everybody else's, and ends with the first
 * newline.
 *
 * Whoever reads while it is written must find JSON. So the line never changes its length while the lock is held: what changes
 * then (the child's pid, or all of it becoming a tombstone) is in its first {@link headBytes}, filled up with blanks, which lie
 * in one cache line, and are read and written whole.
 */
import { hasEnded, identity, startOf } from "./system/identity.ts";

/** Who holds a lock. For others than lanes too, but for `ns`, `childStarted` and `inherit`. */
export interface OwnerRecord {
  readonly lanes: 1;
  readonly pid: number;
  readonly ppid: number;
  /** The command `lanes lock` runs, once it runs. */
  readonly child: number | null;
  readonly childStarted: number | null;
  readonly host: string;
  readonly boot: string;
  readonly ns: string;
  /** Start time of `pid`, in the kernel's unit. */
  readonly started: number | null;
  /** When the lock was acquired, ms since 1970: for people; nothing is decided by it. */
  readonly since: number;
  /** Whether the child, if there is one, keeps the lock when `pid` is killed. */
  readonly inherit: boolean;
  readonly command: readonly string[];
  readonly token: string;
  /** The file was there before, made by somebody else: it stays when the lock is released. */
  readonly found?: true;
}

/** What a lock file holds. `released` is a tombstone: whoever held it let go. */
export type Content =
  | { readonly kind: "owner"; readonly owner: OwnerRecord }
  | { readonly kind: "released"; readonly found?: true }
  | { readonly kind: "empty" }
  | { readonly kind: "foreign" };

/** A record fits one page of the page cache, so that no crash of a process can leave half of one. */
export const maxRecordBytes = 4000;
/** A cache line: a longer piece of a page may be copied to a reader while it is being written. */
export const headBytes = 64;

/** The head of a record that makes it a tombstone; the rest still says whose it was. */
export const tombstone = headOf('{"lanes":1,"released":true');
/** The same for a file that somebody else made ({@link OwnerRecord.found}): whoever takes it next leaves it there, too. */
export const lastingTombstone = headOf('{"lanes":1,"released":true,"stays":true');

/** A record of this process for a new acquisition. */
export function newOwner(command: readonly string[], token: string, inherit = false, found = false): OwnerRecord {
  const me = identity();
  return {
    lanes: 1,
    pid: me.pid,
    ppid: me.ppid,
    child: null,
    childStarted: null,
    host: me.host,
    boot: me.boot,
    ns: me.ns,
    started: me.started,
    since: Date.now(),
    inherit,
    command,
    token,
    ...(found && { found }),
  };
}

/** What of a record changes while the lock is held: its first {@link headBytes}. */
export function encodeHead({ lanes, child, childStarted }: OwnerRecord): string {
  // Two whole numbers and their names: 64 bytes hold a pid of 7 digits and a time of 19.
  return headOf(`{"lanes":${lanes},"child":${child},"childStarted":${childStarted}`);
}

function headOf(members: string): string {
  return `${members.padEnd(headBytes - 1)},`;
}

/** The line that goes into the file, as long as the one it takes the place of; a command line too long for it is cut, with an ellipsis. */
export function encodeOwner(owner: OwnerRecord, leastBytes = 0): string {
  const line = encodeLine(owner);
  const missing = leastBytes <= line.length ? 0 : leastBytes - Buffer.byteLength(line);
  return missing > 0 ? `${line.slice(0, -1)}${" ".repeat(missing)}\n` : line;
}

function encodeLine(owner: OwnerRecord): string {
  const line = encodeWhole(owner);
  if (line.length * 3 < maxRecordBytes || Buffer.byteLength(line) <= maxRecordBytes) return line;
  const command: string[] = [];
  let room = 2000;
  for (const word of owner.command) {
    // An escaped UTF-16 unit takes at most six bytes.
    const kept = word.length * 6 <= room ? word : word.slice(0, Math.floor(room / 6)) + "…";
    command.push(kept);
    room -= kept.length * 6 + 3;
    if (kept !== word || room < 100) break;
  }
  if (command.length < owner.command.length) command.push("…");
  return encodeWhole({ ...owner, command });
}

/** What of the last record does not depend on the moment it is written: made before the wait, when there is time. */
let prepared: { readonly owner: OwnerRecord; readonly text: string } | undefined;

function encodeWhole(owner: OwnerRecord): string {
  if (prepared === undefined || !isSameButForTimes(owner, prepared.owner)) {
    const { lanes, child, childStarted, since, ...rest } = owner;
    prepared = { owner, text: JSON.stringify(rest).slice(1, -1) };
  }
  return `${encodeHead(owner)}${prepared.text},"since":${owner.since}}\n`;
}

const isSameButForTimes = (a: OwnerRecord, b: OwnerRecord) =>
  a.token === b.token &&
  a.command === b.command &&
  a.pid === b.pid &&
  a.ppid === b.ppid &&
  a.host === b.host &&
  a.boot === b.boot &&
  a.ns === b.ns &&
  a.started === b.started &&
  a.inherit === b.inherit &&
  a.found === b.found;

/** Reads what a lock file holds; anything that is not exactly ours is foreign. */
export function decodeOwner(bytes: Buffer): Content {
  if (bytes.length === 0) return { kind: "empty" };
  const end = bytes.length - 1;
  if (bytes.length > maxRecordBytes || bytes.indexOf(10) !== end) return { kind: "foreign" };
  // Whoever has just been woken finds this: what follows was once read as a record, and is not looked at again.
  const head = bytes.toString("latin1", 0, headBytes);
  if (head === tombstone) return { kind: "released" };
  if (head === lastingTombstone) return { kind: "released", found: true };
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8", 0, end));
  } catch {
    return { kind: "foreign" };
  }
  if (typeof value !== "object" || value === null || (value as { lanes?: unknown }).lanes !== 1)
    return { kind: "foreign" };
  if ((value as { released?: unknown }).released === true) return { kind: "released" };
  return isOwner(value) ? { kind: "owner", owner: value } : { kind: "foreign" };
}

const isPid = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isNumberOrNull = (value: unknown) => value === null || Number.isFinite(value);

function isOwner(value: object): value is OwnerRecord {
  const r = value as Partial<Record<keyof OwnerRecord, unknown>>;
  return (
    isPid(r.pid) &&
    Number.isSafeInteger(r.ppid) &&
    (r.child === null || isPid(r.child)) &&
    isNumberOrNull(r.childStarted) &&
    typeof r.host === "string" &&
    typeof r.boot === "string" &&
    typeof r.ns === "string" &&
    isNumberOrNull(r.started) &&
    Number.isFinite(r.since) &&
    typeof r.inherit === "boolean" &&
    Array.isArray(r.command) &&
    r.command.every((word) => typeof word === "string") &&
    typeof r.token === "string"
  );
}

/**
 * Whether the command the record names is seen to live, having been given the lock. It may have closed what it inherited: then
 * nobody has the flock, and yet it does what the lock is for. Only what is certain counts (this boot and pid namespace, this very
 * start time): whatever a record claims, a lock is never stuck on a guess.
 */
export function commandLives({ inherit, child, childStarted, boot, ns }: OwnerRecord): boolean {
  if (!inherit || child === null || childStarted === null || boot === "") return false;
  const me = identity();
  return boot === me.boot && ns === me.ns && startOf(child) === childStarted;
}

/**
 * For showing a status only: whether the owner is gone, as far as its record can tell: `unknown` if it was written where this process cannot look
 * (another host, another pid namespace, a system that tells no boot id). A child that inherited the lock is an owner too.
 *
 * An earlier boot's is gone where the record is on a disk that only this machine has, whatever the machine was called then: on a
 * Mac that changes with the network.
 * @param trusted the file is on such a disk (filesystem.ts).
 */
export function fate(owner: OwnerRecord, trusted: boolean): "gone" | "alive" | "unknown" {
  const me = identity();
  if (owner.boot === "" || me.boot === "") return "unknown";
  if (owner.boot !== me.boot) return trusted || owner.host === me.host ? "gone" : "unknown";
  if (owner.ns !== me.ns) return "unknown";
  if (!hasEnded(owner.pid, owner.started)) return "alive";
  return owner.inherit && owner.child !== null && !hasEnded(owner.child, owner.childStarted) ? "alive" : "gone";
}
