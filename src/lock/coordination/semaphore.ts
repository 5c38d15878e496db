/**
 * A semaphore between processes: of those who ask, at most N are in at the same time.
 *
 * THE SLOTS of the semaphore FILE are N lock files, FILE.1 … FILE.N, each of them all that lockfile.ts says: created
 * exclusively, vouched for by the kernel, free the moment its owner dies, kill -9 included. Whoever has one is in. Nothing is
 * counted, so no count can be wrong after a crash, and every slot says who has it. Two who name different N share the
 * slots that both know of.
 *
 * TO ENTER one takes the first slot that is free, unless others wait.
 * TO WAIT one takes a further lock, FILE.next, in the order of asking, asleep. Whoever has it is next: it tries the slots, and
 * if none is free it sleeps at all of them at once, a thread each, until the kernel gives it the first one that comes free
 * (of two at the same moment one goes back). With the slot in hand it lets go of FILE.next, for the one behind it.
 *
 * INVARIANTS
 *   - At most N processes are in, whatever becomes of FILE.next: that is for order only, and whoever does not wait passes by it.
 *   - At most one process at a time sleeps at the slots; only it can hold two of them, and for no longer than it takes to give
 *     one back.
 *   - Nobody gets stuck behind one that was stopped (Ctrl-Z) when it was next: it is overtaken, as at any lock.
 */
import { ExitCode, LanesError, usageError } from "../../errors.ts";
import type { LockHandle } from "../handle.ts";
import { isOurs } from "../held-locks.ts";
import { removeLeftover } from "../leftover.ts";
import { type LockOptions, type LockWaitOptions, lock } from "../lock.ts";
import type { OwnerRecord } from "../owner.ts";
import { absolute } from "../path.ts";
import type { ReleaseOutcome } from "../release.ts";
import { status } from "../status.ts";
import { Overtaking } from "../wait/overtaking.ts";
import { hasLine, turnstileOf } from "../wait/turnstile.ts";
import { foreignOf, nextFile, ownersOf, pidsOf, slotFiles, tryAny } from "./slots.ts";

/** How to take a slot, and how long to wait for it. */
export interface SlotOptions extends LockOptions {
  /** The most to wait, in ms; 0: not at all; undefined: for ever. */
  readonly wait?: number | undefined;
  /** Aborting it ends the wait, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when it turns out that no slot can be had at once, with those who have one. */
  readonly onWait?: ((owners: readonly OwnerRecord[]) => unknown) | undefined;
  /** Called, when no slot can be had at once, for each slot's file that is not lanes' own: nobody is going to release it. */
  readonly onForeign?: ((file: string) => void) | undefined;
}

/** A slot this process has, until it is released or the process ends. */
export interface SemaphoreSlot extends Disposable {
  /** 1 … N. */
  readonly number: number;
  readonly handle: LockHandle;
  /** How long it took to get it, in ms. */
  readonly waitedMs: number;
  /** Gives it back; the second time does nothing. As {@link LockHandle.release}. */
  release(): ReleaseOutcome;
}

/**
 * Takes a slot, and waits for one if need be: woken by the kernel, in the order of asking. A wait does not keep the process alive.
 * @throws LanesError (exit code 75) when `wait` is over, the signal's reason when it is aborted, LanesError (exit code 2) when
 * there can be no lock at this path, or when this process, or one that started it, has a slot already.
 */
export async function acquireSlot(path: string, slots: number, options: SlotOptions = {}): Promise<SemaphoreSlot> {
  options.signal?.throwIfAborted();
  const startMs = performance.now();
  const files = slotFiles(path, slots);
  refuseTwice(files);
  try {
    const atOnce = options.wait === 0 || !hasWaiters(path) ? tryAny(files, options) : undefined;
    if (atOnce === undefined && options.onForeign) foreignOf([...files, nextFile(path)]).forEach(options.onForeign);
    const taken = atOnce ?? (options.wait === 0 ? undefined : await inTurn(path, files, options, startMs));
    if (taken !== undefined) return slotOf(files, taken, performance.now() - startMs, options);
  } catch (error) {
    if (!isNotAcquired(error)) throw error;
  }
  throw notAcquired(absolute(path), files, options.wait ?? 0);
}

/** Takes a slot if one is free this moment, else null. @throws LanesError as {@link acquireSlot} does, but never for a wait. */
export function tryAcquireSlot(path: string, slots: number, options: LockOptions = {}): SemaphoreSlot | null {
  const startMs = performance.now();
  const files = slotFiles(path, slots);
  refuseTwice(files);
  const handle = tryAny(files, options);
  return handle === undefined ? null : slotOf(files, handle, performance.now() - startMs, options);
}

function slotOf(files: readonly string[], handle: LockHandle, waitedMs: number, { keep }: LockOptions): SemaphoreSlot {
  const release = () => {
    const ending = handle.release();
    // Of slots nobody has: with --keep, or by a crash.
    if (!keep) for (const file of files) removeLeftover(file, handle.owner.command);
    return ending;
  };
  return { number: files.indexOf(handle.path) + 1, handle, waitedMs, release, [Symbol.dispose]: () => void release() };
}

/** Whether somebody is next, or in line behind. */
const hasWaiters = (path: string) => status(nextFile(path)).state === "held" || hasLine(turnstileOf(nextFile(path)));

/** A slot, in the order of asking. */
async function inTurn(path: string, files: readonly string[], options: SlotOptions, startMs: number) {
  const { command, wait, signal } = options;
  const leftMs = () => (wait === undefined ? undefined : Math.max(0, wait - (performance.now() - startMs)));
  let told = false;
  const tell = () => {
    if (!told) options.onWait?.(ownersOf(files));
    told = true;
  };
  const overtaking = new Overtaking(path, files, options);
  try {
    const until = signal === undefined ? overtaking.signal : AbortSignal.any([signal, overtaking.signal]);
    const onWait = () => {
      tell();
      overtaking.begin();
    };
    using _next = await lock(nextFile(path), { ...(command && { command }), wait: leftMs(), signal: until, onWait });
    overtaking.end();
    const taken = overtaking.taken ?? tryAny(files, options);
    if (taken !== undefined) return taken;
    tell();
    signal?.throwIfAborted();
    return await firstOf(files, { ...options, onWait: undefined, onForeign: undefined }, leftMs());
  } catch (error) {
    // Not next, and yet in.
    if (overtaking.taken !== undefined) return overtaking.taken;
    throw error;
  } finally {
    overtaking.end();
  }
}

/** Sleeps at all the slots at once. When it returns every other one that came has gone back. */
async function firstOf(
  files: readonly string[],
  options: Omit<LockWaitOptions, "wait">,
  wait: number | undefined,
): Promise<LockHandle> {
  const enough = new AbortController();
  const signal = options.signal === undefined ? enough.signal : AbortSignal.any([options.signal, enough.signal]);
  const waits = files.map((file) => lock(file, { ...options, wait, signal }));
  try {
    const first = await Promise.any(waits);
    enough.abort();
    for (const { status, value } of (await Promise.allSettled(waits)) as readonly PromiseFulfilledResult<LockHandle>[])
      if (status === "fulfilled" && value !== first) value.release();
    return first;
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

/** A second slot for the same work could be the one that everybody in it waits for. */
function refuseTwice(files: readonly string[]): void {
  for (const file of files) {
    const { state, owner } = status(file);
    if (state === "held" && owner !== null && isOurs(owner.token))
      throw usageError("lock.twice", { path: file, pid: owner.pid });
  }
}

const isNotAcquired = (error: unknown) => error instanceof LanesError && error.exitCode === ExitCode.notAcquired;

function notAcquired(path: string, files: readonly string[], waitMs: number): LanesError {
  const who = { path, slots: files.length, pids: pidsOf(ownersOf(files)) };
  const options = { exitCode: ExitCode.notAcquired };
  return waitMs === 0
    ? new LanesError("lock.slots.busy", who, options)
    : new LanesError("lock.slots.timeout", { ...who, seconds: waitMs / 1000 }, options);
}
