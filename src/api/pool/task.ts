/** What a pool's workers are given to do. */
import { notingEnds } from "../../memory/index.ts";
import { frameWith } from "../../pool/wire.ts";
import type { FunctionPlace } from "../place/place.ts";
import { encodeItems } from "../sending/values.ts";

/** A call of a pool: one function and its items, in one task or many. What comes after it has settled is of no interest to it. */
export interface PoolCall {
  readonly place: FunctionPlace;
  /** Each item is a list of arguments. */
  readonly isStar: boolean;
  /** What is not begun of it need not be. */
  isDropped: boolean;
  /** What a person calls an item. */
  pathOf(index: number): string;
  /** Results of items from `first` on. */
  values(first: number, values: readonly unknown[]): void;
  /** It was made of items, which have numbers. */
  readonly hasItems: boolean;
  /** An item fails by itself: those after it are done all the same. */
  readonly goesOn: boolean;
  /** These items have failed, or were lost with their worker; or the pool cannot go on. */
  failed(first: number, count: number, error: Error): void;
}

/** Consecutive items of a call, as they are sent. */
export interface Payload {
  readonly call: PoolCall;
  /** Room for the header, then the items. */
  readonly frame: Buffer;
  /** How many items. */
  readonly count: number;
  /** It can be given to two workers, in parts: nothing in it counts how often it arrives. */
  readonly isDivisible: boolean;
  /** It has been sent once: the frame may still be waiting for the system, and must not be changed. */
  isSent: boolean;
  /** It does not come to any worker any more; or the worker it was for, with this pid, has ended. */
  lost(pid: number): void;
}

/** Some of a payload's items, for one worker. */
export interface PoolTask {
  readonly payload: Payload;
  /** The number of its first item in the call. */
  readonly first: number;
  /** The same in the payload. */
  readonly from: number;
  /** How many. Those that were taken back count no more. */
  count: number;
}

/** A task of a call's items from `first` on. @throws NotSendable, with the item's path. */
export function taskOf(call: PoolCall, first: number, items: readonly unknown[]): PoolTask {
  const { value: bytes, ends, ended: lost } = notingEnds(() => encodeItems(items, (i) => call.pathOf(first + i)));
  const { length: count } = items;
  return {
    payload: { call, frame: frameWith(bytes), count, isDivisible: ends === 0, isSent: false, lost },
    first,
    from: 0,
    count,
  };
}

/** All items of a call, so many in a task. @throws NotSendable: then none of them is on its way. */
export function tasksOf(call: PoolCall, items: readonly unknown[], chunk: number): PoolTask[] {
  const tasks: PoolTask[] = [];
  try {
    for (let at = 0; at < items.length; at += chunk) tasks.push(taskOf(call, at, items.slice(at, at + chunk)));
  } catch (error) {
    for (const { payload } of tasks) payload.lost(0);
    throw error;
  }
  return tasks;
}
