/** Tasks that wait for a worker, first in, first out. */
import type { Call, Task } from "./task.ts";

export class Tasks {
  #all: Task[] = [];
  /** Where the first one is: to move all of many thousands for each that is taken would cost more than the task. */
  #at = 0;

  get length(): number {
    return this.#all.length - this.#at;
  }

  get first(): Task | undefined {
    return this.#all[this.#at];
  }

  add(task: Task): void {
    this.#all.push(task);
  }

  /** Before all others: they have waited already. */
  addFirst(tasks: readonly Task[]): void {
    if (tasks.length === 0) return;
    this.#all = [...tasks, ...this.#all.slice(this.#at)];
    this.#at = 0;
  }

  shift(): Task | undefined {
    const task = this.#all[this.#at];
    if (task === undefined) return undefined;
    this.#at++;
    if (this.#at === this.#all.length || this.#at > 1000) {
      this.#all = this.#all.slice(this.#at);
      this.#at = 0;
    }
    return task;
  }

  /** Takes out those of a call, or all. */
  remove(call?: Call): Task[] {
    const all = this.#all.slice(this.#at);
    const removed = call === undefined ? all : all.filter(({ payload }) => payload.call === call);
    this.#all = call === undefined ? [] : all.filter(({ payload }) => payload.call !== call);
    this.#at = 0;
    return removed;
  }
}
