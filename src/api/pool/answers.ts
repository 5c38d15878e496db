/**
 * What comes of a task, for the call it is of: results, an error, or a worker that ended before it answered. Each of these says how
 * many of the task's items are over; what is left of it is another task.
 */
import type { Header } from "../../pool/wire.ts";
import type { ErrorData } from "../../thrown.ts";
import { ProcessError, RemoteError, WorkerLost } from "../errors.ts";
import { decodeSoon } from "../sending/values.ts";
import type { PoolTask } from "./task.ts";
import { TaskFrameKind } from "./wire.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Tells the call what a worker has answered. What cannot be decoded is an error of its items. */
export function tellAnswer({ name }: WorkerProcess, task: PoolTask, { kind, count }: Header, body: Buffer): void {
  const { call } = task.payload;
  // What it holds may be gone with the process that made it.
  void Promise.try(() =>
    decodeSoon(body, (value) => {
      const [values, error] =
        kind === TaskFrameKind.failed ? (value as [unknown[], ErrorData]) : [value as unknown[], null];
      if (count > 0) call.values(task.first, values);
      if (error === null) return;
      const at = task.first + count;
      call.failed(at, 1, RemoteError.of(name, error, call.hasItems ? { index: at } : {}));
    }),
  ).catch((error: Error) => call.failed(task.first, kind === TaskFrameKind.failed ? count + 1 : count, error));
}

/** Tells the call that a worker ended which had begun a task. @returns how many of the task's items are over with it. */
export function tellLost(worker: WorkerProcess, { payload, first, count }: PoolTask, slot: number): number {
  const { call } = payload;
  const begun = worker.begun(slot);
  // What it had done of the task is lost with it; the items after the one it was at are not.
  const gone = call.goesOn && payload.isDivisible ? begun : count;
  const { name } = call.place;
  const at = call.hasItems ? `${name}(${call.pathOf(first + begun - 1)})` : name;
  payload.lost(worker.child.pid);
  call.failed(first, gone, new WorkerLost("api.pool.lost", at, worker.ending));
  return gone;
}

/** What is left to be done of a task when so many of its items are over; null if nothing is, or nothing can be: that the call is told. */
export function restOf({ payload, first, from, count }: PoolTask, over: number): PoolTask | null {
  if (over >= count) return null;
  const rest = { payload, first: first + over, from: from + over, count: count - over };
  if (payload.isDivisible) return rest;
  const error = new ProcessError("api.pool.rest", { function: payload.call.place.name });
  payload.call.failed(rest.first, rest.count, error);
  return null;
}
