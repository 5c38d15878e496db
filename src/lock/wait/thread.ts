/**
 * The thread that sleeps for the others: entry point of a Worker (its own file in the executable). Takes one job at a time,
 * blocks in it, answers with the outcome. threads.ts is its other end.
 */
import { ExitCode, LanesError } from "../../errors.ts";
import type { MessageKey, ParamsOf } from "../../i18n/phrase.ts";
import type { HeldLock, LockClaim } from "../lockfile.ts";
import { newOwner } from "../owner.ts";
import { release } from "../release.ts";
import { threadId } from "../system/kernel.ts";
import { waitForLock } from "./sleep.ts";

/** A wait. `control` is shared: see {@link State}, {@link threadSlot} and {@link Handed}. */
export interface WaitJob {
  readonly path: string;
  readonly claim: LockClaim;
  readonly control: SharedArrayBuffer;
}

/** What became of it; an error crosses as its message key and parameters. A plain success is not answered: see {@link Handed}. */
export type WaitAnswer =
  | { readonly held: HeldLock }
  | { readonly cancelled: true }
  | {
      readonly failed:
        | { readonly key: MessageKey; readonly params: ParamsOf<MessageKey>; readonly exitCode: number }
        | { readonly message: string };
    };

/** Int32 0 of the control block. Whoever moves it away from `waiting` decides: the thread to `acquired` or `handed`, the other end to `cancelled`. */
export const State = { waiting: 0, acquired: 1, cancelled: 2, handed: 3 } as const;
/** BigInt64 1: the thread, for waking it. */
export const threadSlot = 1;

/**
 * A lock that was simply free goes to the other end in a few numbers (Float64 from 2 on) and a wake-up: a message would take
 * as long again as the kernel took to wake this thread.
 */
const handedSlot = 2;
const handedNumbers = 7;
export const controlBytes = 8 * (handedSlot + handedNumbers);

function handOver({ opened, owner }: HeldLock, control: SharedArrayBuffer): void {
  const { fd, dev, inoHigh, inoLow, created } = opened;
  const numbers = [fd, dev, inoHigh, inoLow, Number(created), owner.since, Number(owner.found ?? false)];
  new Float64Array(control).set(numbers, handedSlot);
}

/** The lock a thread has handed over for this claim. */
export function takeHanded(claim: LockClaim, control: SharedArrayBuffer): HeldLock {
  const numbers = new Float64Array(control).subarray(handedSlot);
  const [fd = -1, dev = 0, inoHigh = 0, inoLow = 0, created, since = 0, found] = numbers;
  const owner = { ...newOwner(claim.command, claim.token, claim.inherit, found === 1), since };
  const opened = { fd, dev, inoHigh, inoLow, created: created === 1, writable: true };
  return { state: "held", opened, owner, recovered: null };
}

/** Undefined: handed over. */
function work({ path, claim, control }: WaitJob): WaitAnswer | undefined {
  const state = new Int32Array(control, 0, 1);
  new BigInt64Array(control)[threadSlot] = threadId();
  try {
    const held = waitForLock(path, claim, {
      cancelled: () => Atomics.load(state, 0) === State.cancelled,
      sleep: (ms) => void Atomics.wait(state, 0, State.waiting, ms),
    });
    if (held === undefined) return { cancelled: true };
    if (held.recovered === null) handOver(held, control);
    const reached = held.recovered === null ? State.handed : State.acquired;
    if (Atomics.compareExchange(state, 0, State.waiting, reached) === State.waiting) {
      Atomics.notify(state, 0);
      return held.recovered === null ? undefined : { held };
    }
    // Cancelled in the very last moment: nobody is there to receive it.
    release(path, held.opened, held.owner.found ? "always" : "no");
    return { cancelled: true };
  } catch (error) {
    if (error instanceof LanesError)
      return { failed: { key: error.key, params: error.params, exitCode: error.exitCode ?? ExitCode.failed } };
    return { failed: { message: String(error) } };
  }
}

declare const self: Worker;
if (!Bun.isMainThread)
  self.onmessage = (event: MessageEvent<WaitJob>) => {
    const answer = work(event.data);
    if (answer !== undefined) self.postMessage(answer);
  };
