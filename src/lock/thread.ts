/**
 * The thread that sleeps for the others: entry point of a Worker (its own file in the executable). Takes one job at a time,
 * blocks in it, answers with the outcome. hire.ts is its other end.
 */
import { LanesError } from "../errors.ts";
import { threadId } from "./kernel.ts";
import { type Claim, type Held, release } from "./lockfile.ts";
import { type Place, waitForLock } from "./sleep.ts";

/** A wait. `control` is shared: see {@link State}, {@link places} and {@link threadSlot}. */
export interface Job {
  readonly path: string;
  readonly claim: Claim;
  readonly control: SharedArrayBuffer;
}

/** What became of it; an error crosses as its message key and parameters. */
export type Answer =
  | { readonly held: Held }
  | { readonly cancelled: true }
  | {
      readonly failed:
        | { readonly key: string; readonly params: object; readonly exitCode: number }
        | { readonly message: string };
    };

/** Int32 0 of the control block. Whoever moves it away from `waiting` decides: the thread to `acquired`, the other end to `cancelled`. */
export const State = { waiting: 0, acquired: 1, cancelled: 2 } as const;
/** Int32 1: where the thread sleeps. */
export const places: readonly Place[] = ["line", "lock"];
/** BigInt64 1: the thread, for waking it. */
export const threadSlot = 1;

function work({ path, claim, control }: Job): Answer {
  const state = new Int32Array(control, 0, 2);
  new BigInt64Array(control)[threadSlot] = threadId();
  try {
    const held = waitForLock(path, claim, {
      cancelled: () => Atomics.load(state, 0) === State.cancelled,
      goTo: (place) => void Atomics.store(state, 1, places.indexOf(place)),
      sleep: (ms) => void Atomics.wait(state, 0, State.waiting, ms),
    });
    if (held === undefined) return { cancelled: true };
    if (Atomics.compareExchange(state, 0, State.waiting, State.acquired) === State.waiting) return { held };
    // Cancelled in the very last moment: nobody is there to receive it.
    release(path, held.opened);
    return { cancelled: true };
  } catch (error) {
    if (error instanceof LanesError)
      return { failed: { key: error.key, params: error.params, exitCode: error.exitCode } };
    return { failed: { message: String(error) } };
  }
}

declare const self: Worker;
if (!Bun.isMainThread) self.onmessage = (event: MessageEvent<Job>) => self.postMessage(work(event.data));
