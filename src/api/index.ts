/** What `import … from "lanes"` gives; lanes.d.ts says to the user's editor what this is. */
import { usableCores } from "../os/cores.ts";
import { ProcessError } from "./errors.ts";
import { callerOf } from "./place/caller.ts";
import type { Named } from "./place/place.ts";
import { registerIn } from "./place/registered.ts";

export { LanesError } from "../errors.ts";
export {
  Barrier,
  BoundedSemaphore,
  BrokenBarrier,
  Condition,
  Event,
  Lock,
  QueueClosed,
  QueueEmpty,
  QueueFull,
  RLock,
  Semaphore,
  SharedArray,
  SharedValue,
} from "../memory/index.ts";
export { asCompleted } from "./as-completed.ts";
export {
  GuardMissing,
  NotReachable,
  NotSendable,
  ProcessError,
  ProcessLost,
  RemoteError,
  WorkerLost,
} from "./errors.ts";
export { FileLock } from "./file-lock.ts";
export { Connection, ConnectionClosed, Pipe } from "./pipe.ts";
export { Pool } from "./pool/pool.ts";
export { activeChildren, Process } from "./process.ts";
export { currentProcess, parentProcess } from "./program/self.ts";
export { Queue, Queue as JoinableQueue, Queue as SimpleQueue } from "./queue.ts";

/** The cores this process may use: its affinity and its container's quota counted. */
export function cpuCount(): number {
  return usableCores();
}

/** Gives functions and classes names by which a child finds them, where a file cannot be loaded again as it is: a bundle. */
export function register(functions: Readonly<Record<string, Named>>): void {
  const call = callerOf();
  if (call === null) throw new ProcessError("api.register", {});
  const wrong = Object.keys(functions).find((name) => typeof functions[name] !== "function");
  if (wrong !== undefined) throw new ProcessError("api.registered", { name: wrong });
  registerIn(call.file, functions);
}
