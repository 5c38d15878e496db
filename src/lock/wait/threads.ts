/**
 * The other end of thread.ts: hires a thread for a wait, wakes it now and then to look around (woken-early.ts), and makes it stop. An idle
 * thread is kept for the next wait, asleep; none of them keeps the process alive, nor does a wait.
 */
import { LanesError } from "../../errors.ts";
import { ownThread } from "../../os/files/own-files.ts";
import type { HeldLock, LockClaim } from "../lockfile.ts";
import { prepareToWake, wakeThread } from "../system/kernel.ts";
import { controlBytes, State, takeHanded, threadSlot, type WaitAnswer, type WaitJob } from "./thread.ts";
import { looksMs } from "./woken-early.ts";

/** How often a cancelled sleeper is woken until it has noticed: a wake-up just before it falls asleep is lost. */
const insistMs = 5;
const idleKept = 2;
const idle: Worker[] = [];

/** A wait that is going on. */
export interface ThreadWait {
  /** Settles when the lock is held, or with undefined after a cancel that came in time. */
  readonly result: Promise<HeldLock | undefined>;
  /** Gives up. The result settles at once; the thread, its place in the line and its descriptors follow on their own. */
  cancel(): void;
}

/** Waits for the lock on a thread of its own. */
export function waitOnThread(path: string, claim: LockClaim): ThreadWait {
  const control = new SharedArrayBuffer(controlBytes);
  const state = new Int32Array(control, 0, 1);
  const { promise, resolve, reject } = Promise.withResolvers<HeldLock | undefined>();
  if (idle.length === 0) prepareToWake();
  const worker = idle.pop() ?? new Worker(ownThread("lock/wait/thread"));
  worker.unref();

  let timer: ReturnType<typeof setTimeout> | undefined;
  const wake = () => {
    const thread = new BigInt64Array(control)[threadSlot] ?? 0n;
    if (thread !== 0n) wakeThread(thread);
  };
  const wakeLater = (look = 0) => {
    const cancelled = Atomics.load(state, 0) === State.cancelled;
    timer = setTimeout(
      () => {
        wake();
        wakeLater(Math.min(look + 1, looksMs.length - 1));
      },
      cancelled ? insistMs : looksMs[look],
    ).unref();
  };
  const finish = () => {
    clearTimeout(timer);
    Atomics.notify(state, 0); // nothing is awaited any more, whatever came of it
    worker.onmessage = null;
    worker.onerror = null;
    if (idle.length < idleKept) idle.push(worker);
    else worker.terminate();
  };
  worker.onmessage = (event: MessageEvent<WaitAnswer>) => {
    finish();
    const answer = event.data;
    if ("held" in answer) resolve(answer.held);
    else if ("cancelled" in answer) resolve(undefined);
    else reject(revive(answer.failed));
  };
  worker.onerror = (event) => {
    finish();
    idle.splice(idle.indexOf(worker), 1);
    reject(new LanesError("lock.noThread", { reason: event.message }));
  };
  Promise.resolve(Atomics.waitAsync(state, 0, State.waiting).value).then(() => {
    if (Atomics.load(state, 0) !== State.handed) return;
    resolve(takeHanded(claim, control));
    finish();
  });
  worker.postMessage({ path, claim, control } satisfies WaitJob);
  wakeLater();

  return {
    result: promise,
    cancel() {
      if (Atomics.compareExchange(state, 0, State.waiting, State.cancelled) !== State.waiting) return;
      Atomics.notify(state, 0);
      resolve(undefined);
      clearTimeout(timer);
      wake();
      wakeLater();
    },
  };
}

function revive(failed: Extract<WaitAnswer, { failed: unknown }>["failed"]): Error {
  if ("message" in failed) return new Error(failed.message);
  const { key, params, exitCode } = failed;
  return new LanesError(key, params, { exitCode });
}
