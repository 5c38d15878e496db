/** Tasks that wait for a worker, first in, first out. */
import type { PoolTask } from "./task.ts";

export class Tasks {
  #all: PoolTask[] = [];
  /** Where the first one is: to move all of many thousands for each that is taken would cost more than the task. */
  #at = 0;

  /** The next one. Those of calls that were dropped are left out on the way. */
  get first(): PoolTask | undefined {
    for (let task = this.#all[this.#at]; task !== undefined; task = this.#all[this.#at]) {
      if (!task.payload.call.isDropped) return task;
      this.#leaveOut();
      if (task.count === task.payload.count) task.payload.lost(0);
    }
    return undefined;
  }

  add(task: PoolTask): void {
    this.#all.push(task);
  }

  /** Before all others: they have waited already. */
  addFirst(tasks: readonly PoolTask[]): void {
    if (tasks.length === 0) return;
    this.#all = [...tasks, ...this.#all.slice(this.#at)];
    this.#at = 0;
  }

  shift(): PoolTask | undefined {
    const task = this.first;
    if (task !== undefined) this.#leaveOut();
    return task;
  }

  /** Takes out all. */
  removeAll(): PoolTask[] {
    const all = this.#all.slice(this.#at);
    this.#all = [];
    this.#at = 0;
    return all;
  }

  #leaveOut(): void {
    this.#at++;
    if (this.#at < this.#all.length && this.#at <= 1000) return;
    this.#all = this.#all.slice(this.#at);
    this.#at = 0;
  }
}
