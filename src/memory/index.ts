/**
 * Objects that stay one thing in all processes, and survive the death of any of them: Lock, RLock, Semaphore, BoundedSemaphore,
 * Condition, Event, Barrier, SharedValue, SharedArray; and QueueItems and End, of which queues and pipes are made (api/queue.ts,
 * api/pipe.ts).
 *
 * HOW A HANDLE TRAVELS. A handle has an own enumerable getter `$lanes`: structured clone reads it, and takes nothing else of the
 * handle along, so `bun:jsc`'s serialize makes `{ $lanes: HandleAddress }` of it, wherever in a value it is. The sender:
 *
 *     const { encoded, handles } = sending(() => serialize(value));   // handles: one was read; send that along
 *
 * The getter may throw (`memory.full`, `memory.folder`: a LanesError to be shown as it is). The receiver, only where `handles`:
 *
 *     const value = await revive(deserialize(bytes));
 *
 * which puts handles where addresses were (in place) and resolves when this process is known to their hubs: from then on
 * `lock.tryAcquire()` works without a wait. It rejects with LanesError `memory.ended` if the process they came from is gone. A
 * handle can be sent on by whoever was given it.
 *
 * WHAT IS STARTED, AND WHEN. `new Lock()` makes nothing but a word in this process's own memory. The first time a handle is sent
 * (its `$lanes` is read), or that one of this process's own has to be waited for, or with a SharedArray, the hub comes to be: a
 * folder in /dev/shm and a thread (a Worker, hub/thread.ts, an entry point of the executable), which takes some 15 ms beside what
 * goes on here. A process that was given a handle connects to its hub when it is revived.
 *
 * AT A CHILD'S START nothing is to be called. AT ITS END neither: `process.on("exit")` removes the folder of an own hub, and
 * tells the hubs of others, where the exit code is 0, that this process was done (semaphore.ts says what that is for). That needs
 * an end by `process.exit` or by itself. A hub ends with its process, and with it everything that process has made: others get
 * `memory.ended`. What a killed process leaves in /dev/shm the next hub removes. A wait that is going on keeps its process alive,
 * nothing else does: neither thread nor sockets.
 *
 * WHAT CAN BE SEEN. `watch((happening) => currentProcess().emit(happening))`: from then on this process's `wait`, `hold`, `release` (`on`:
 * the object's name) and `run` (it goes on after an event, a barrier) are told, as recording/event.ts has them. Names are given
 * (`new Lock({ name: "ticket" })`) or made (`Lock-1`); they go along with the handle.
 */
export { SharedArray } from "./array.ts";
export { defineHandle, Handle, type HandleAddress, nameOfOwn, ObjectPlace, revive, sending } from "./handle.ts";
export type { Circle } from "./hub/circles.ts";
export type { Element, NumberKind, NumberKinds } from "./numbers.ts";
export { Barrier, type BarrierOptions, BrokenBarrier } from "./primitives/barrier.ts";
export { Condition } from "./primitives/condition.ts";
export { Event } from "./primitives/event.ts";
export { Hold } from "./primitives/held.ts";
export { Lock, type NameOptions } from "./primitives/lock.ts";
export { RLock } from "./primitives/rlock.ts";
export { BoundedSemaphore, Semaphore } from "./primitives/semaphore.ts";
export {
  type EncodedItem,
  End,
  makeEnds,
  makeQueuePlace,
  notingEnds,
  QueueClosed,
  QueueEmpty,
  QueueFull,
  QueueItems,
} from "./queue/index.ts";
export { SharedValue } from "./value.ts";
export { timeoutOf, type WaitOptions } from "./wait.ts";
export { watch, watchCircles } from "./watch.ts";
