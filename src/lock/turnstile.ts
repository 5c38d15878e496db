/**
 * First come, first served. Whoever has to wait lines up at a second file, the turnstile, by sleeping in its flock, and keeps
 * that until it has the lock: one process at a time sleeps at the lock itself, the others behind it in the kernel's queue.
 *
 * The file holds three tickets: who lined up last, who went through last, and who stands at the lock. If the first two are
 * the same nobody waits, and a newcomer may try the lock directly; if not, it lines up, also if it has just released the
 * lock and is faster than the one who is being woken. (A waiter that died leaves them different; the next one through
 * makes them the same.) Nobody ever tries the flock without sleeping, or interrupts a sleep in it: either would send
 * somebody to the end of the kernel's queue.
 *
 * For fairness ONLY. Exclusion never depends on it: it may be missing, removed, wrong, or differ between two users, and all
 * that suffers is the order. Nor may the lock get stuck on it: a waiter that was stopped (Ctrl-Z) at the head of the line
 * is overtaken (look.ts).
 *
 * It lies in a private folder of the user in /tmp, not beside the data, under a name made from the data's folder and file
 * name. It appears when somebody has to wait, and goes when a process that has waited ends and nobody is behind it.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { errnoCode } from "../errors.ts";
import { sleepInFlock, tryFlock, unlockFlock } from "./kernel.ts";

const { O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
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
    const folder = statSync(dirname(path), { bigint: true });
    // By device and inode: two spellings of one folder are one lock.
    const name = Bun.hash(`${folder.dev}:${folder.ino}:${basename(path)}`).toString(36);
    return `/tmp/lanes-${process.getuid?.()}/${name}`;
  } catch {
    return undefined;
  }
}

/** Whether somebody is in line. */
export function hasLine(turnstile: string | undefined): boolean {
  if (turnstile === undefined || !existsSync(turnstile)) return false;
  const tickets = readTickets(turnstile);
  return tickets !== undefined && tickets.arrived !== tickets.passed;
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
  const ticket = token.slice(0, ticketBytes);
  for (;;) {
    const fd = turnstile === undefined ? undefined : open(turnstile);
    if (fd === undefined) return { pass() {} };
    writeSync(fd, ticket, offset.arrived);
    if (sleepInFlock(fd) === "interrupted") {
      closeSync(fd);
      return undefined;
    }
    if (fstatSync(fd).nlink > 0) {
      writeSync(fd, ticket, offset.head);
      return {
        pass() {
          writeSync(fd, ticket, offset.passed);
          unlockFlock(fd);
          closeSync(fd);
        },
      };
    }
    // Somebody who thought that nobody stood here has removed it.
    closeSync(fd);
  }
}

const used = new Set<string>();

/** This process is going to line up there: when it ends it takes the turnstile away, unless somebody is in line. */
export function leaveNoTrace(turnstile: string | undefined): void {
  if (turnstile === undefined) return;
  if (used.size === 0) process.once("exit", () => used.forEach(remove));
  used.add(turnstile);
}

function remove(turnstile: string): void {
  if (hasLine(turnstile)) return;
  try {
    const fd = openSync(turnstile, O_RDWR | O_NOFOLLOW);
    if (tryFlock(fd) && fstatSync(fd).nlink > 0) unlinkSync(turnstile);
    closeSync(fd);
  } catch {
    // Gone already.
  }
}

function readTickets(turnstile: string): Record<keyof typeof offset, string> | undefined {
  try {
    const fd = openSync(turnstile, O_RDWR | O_NOFOLLOW);
    const buffer = Buffer.alloc(3 * ticketBytes);
    readSync(fd, buffer, 0, buffer.length, 0);
    closeSync(fd);
    const ticket = (at: number) => buffer.toString("latin1", at, at + ticketBytes);
    return { arrived: ticket(offset.arrived), passed: ticket(offset.passed), head: ticket(offset.head) };
  } catch {
    return undefined;
  }
}

function open(turnstile: string): number | undefined {
  const folder = dirname(turnstile);
  for (;;) {
    try {
      if (!isPrivate(folder)) mkdirSync(folder, { mode: 0o700 });
      return openSync(turnstile, O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
    } catch (error) {
      // Somebody else made the folder meanwhile. Anything else: no turnstile.
      if (errnoCode(error) !== "EEXIST" || !isPrivate(folder)) return undefined;
    }
  }
}

/** /tmp is everybody's: a folder there is ours only if we own it and nobody else may enter. */
function isPrivate(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
}
