/**
 * First come, first served. Whoever has to wait lines up at a second file, the turnstile, by sleeping in its flock, and keeps
 * that until it has the lock: one process at a time sleeps at the lock itself, the others behind it in the kernel's queue.
 *
 * The file holds three tickets: who lined up last, who went through last, and who stands at the lock. If the first two are
 * the same nobody waits, and a newcomer may try the lock directly; if not, it lines up, also if it has just released the
 * lock and is faster than the one who is being woken. (A waiter that died leaves them different; the next one through
 * makes them the same.) Nobody tries the flock without sleeping while others come and go, or interrupts a sleep in it:
 * either would send somebody to the end of the kernel's queue.
 *
 * For fairness ONLY. Exclusion never depends on it: it may be missing, removed, wrong, or differ between two users, and all
 * that suffers is the order. Nor may the lock get stuck on it: a waiter that was stopped (Ctrl-Z) at the head of the line
 * is overtaken (look.ts).
 *
 * It lies in a private folder of the user in /tmp, not beside the data, under a name made from the data's folder and file
 * name. It appears when somebody has to wait, and goes when a process that has waited ends and nobody is behind it; those of
 * processes that were killed go with the next.
 */
import { errnoCode } from "../errors.ts";
import { sleepInFlock, tryFlock, unlockFlock } from "./kernel.ts";
import { folderOf, nameOf } from "./path.ts";
import { sys } from "./sys.ts";

const ticketBytes = 16;
/** Where in the file the three tickets are. */
const offset = { arrived: 0, passed: ticketBytes, head: 2 * ticketBytes } as const;

const places = new Map<string, string | undefined>();
const rememberedPlaces = 1000;

/** Where the turnstile of a lock file is; undefined if there can be none (then nobody lines up). */
export function turnstileOf(path: string): string | undefined {
  if (!places.has(path)) {
    if (places.size >= rememberedPlaces) places.clear();
    places.set(path, locate(path));
  }
  return places.get(path);
}

function locate(path: string): string | undefined {
  try {
    // Through a symbolic link too: hence the dot.
    const folder = sys().statAt(`${folderOf(path)}/.`);
    if (folder === undefined) return undefined;
    // By device and inode: two spellings of one folder are one lock.
    const name = Bun.hash(`${folder.dev}:${folder.inoHigh}:${folder.inoLow}:${nameOf(path)}`).toString(36);
    return `/tmp/lanes-${sys().userId()}/${name}`;
  } catch {
    return undefined;
  }
}

/** Whether somebody is in line. */
export function hasLine(turnstile: string | undefined): boolean {
  const tickets = turnstile === undefined ? undefined : readTickets(turnstile);
  return tickets !== undefined && tickets.arrived !== tickets.passed;
}

/**
 * Whether somebody stands at the lock, asleep, alive: whoever has the turnstile's flock. (In doubt not: while it is handed
 * to the next one there is a moment when nobody has it.)
 */
export function isExpected(turnstile: string | undefined): boolean {
  if (turnstile === undefined) return false;
  try {
    const fd = sys().open(turnstile);
    if (fd === undefined) return false;
    const { arrived, passed } = ticketsIn(fd);
    const expected = arrived !== passed && !tryFlock(fd);
    sys().close(fd);
    return expected;
  } catch {
    return false;
  }
}

/** The ticket of whoever stands at the lock; undefined if there is no line. */
export function headOf(turnstile: string | undefined): string | undefined {
  return turnstile === undefined ? undefined : readTickets(turnstile)?.head;
}

/** The right to be next; `pass` hands it to the one behind. */
export interface Turn {
  pass(): void;
}

/** Lines up, asleep, until it is this ticket's turn. Undefined: the sleep was interrupted, the place is lost. Blocks the thread. */
export function takeTurn(turnstile: string | undefined, token: string): Turn | undefined {
  const ticket = Buffer.from(token.slice(0, ticketBytes));
  for (;;) {
    const fd = turnstile === undefined ? undefined : open(turnstile);
    if (fd === undefined) return { pass() {} };
    sys().write(fd, ticket, offset.arrived);
    if (sleepInFlock(fd) === "interrupted") {
      sys().close(fd);
      return undefined;
    }
    if (!sys().statOf(fd).isUnlinked) {
      sys().write(fd, ticket, offset.head);
      return {
        pass() {
          sys().write(fd, ticket, offset.passed);
          unlockFlock(fd);
          sys().close(fd);
        },
      };
    }
    // Somebody who thought that nobody stood here has removed it.
    sys().close(fd);
  }
}

const used = new Set<string>();
/** A turnstile that was not touched for so long, and is free, was left behind. */
const forgottenMs = 60_000;

/** This process is going to line up there: when it ends it takes the turnstile away, unless somebody is in line. */
export function leaveNoTrace(turnstile: string | undefined): void {
  if (turnstile === undefined) return;
  if (used.size === 0) process.once("exit", tidy);
  used.add(turnstile);
}

/** Removes what this process used, and what processes that were killed have left behind. */
function tidy(): void {
  for (const turnstile of used) if (!hasLine(turnstile)) removeIfFree(turnstile);
  const [folder] = [...used].map(folderOf);
  if (folder === undefined) return;
  try {
    for (const name of process.getBuiltinModule("node:fs").readdirSync(folder)) {
      const left = sys().statAt(`${folder}/${name}`);
      if (left !== undefined && Date.now() - left.mtimeMs > forgottenMs) removeIfFree(`${folder}/${name}`);
    }
  } catch {
    // Not our business any more: the process ends.
  }
}

/** Whoever is in line has the flock, or sleeps behind somebody who has it. */
function removeIfFree(turnstile: string): void {
  try {
    const fd = sys().open(turnstile);
    if (fd === undefined) return;
    if (tryFlock(fd) && !sys().statOf(fd).isUnlinked) sys().unlink(turnstile);
    sys().close(fd);
  } catch {
    // As above.
  }
}

type Tickets = Readonly<Record<keyof typeof offset, string>>;

function readTickets(turnstile: string): Tickets | undefined {
  try {
    const fd = sys().openToRead(turnstile);
    if (fd === undefined) return undefined;
    const tickets = ticketsIn(fd);
    sys().close(fd);
    return tickets;
  } catch {
    return undefined;
  }
}

function ticketsIn(fd: number): Tickets {
  const buffer = Buffer.alloc(3 * ticketBytes);
  sys().read(fd, buffer);
  const ticket = (at: number) => buffer.toString("latin1", at, at + ticketBytes);
  return { arrived: ticket(offset.arrived), passed: ticket(offset.passed), head: ticket(offset.head) };
}

/** The turnstile, made if it is not there; undefined if there can be none. */
function open(turnstile: string): number | undefined {
  const folder = folderOf(turnstile);
  for (;;) {
    try {
      if (!isPrivate(folder)) sys().makeFolder(folder, 0o700);
      const fd = sys().open(turnstile) ?? sys().create(turnstile, 0o600);
      if (fd !== undefined) return fd;
    } catch (error) {
      // Somebody else made the folder meanwhile. Anything else: no turnstile.
      if (errnoCode(error) !== "EEXIST" || !isPrivate(folder)) return undefined;
    }
  }
}

/** /tmp is everybody's: a folder there is ours only if we own it and nobody else may enter. */
function isPrivate(folder: string): boolean {
  const stat = sys().statAt(folder);
  return stat?.isFolder === true && stat.uid === sys().userId() && (stat.mode & 0o077) === 0;
}
