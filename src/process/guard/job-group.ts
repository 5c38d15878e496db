/**
 * The processes of one job (or of one worker of a pool): a process group of its own, so that whatever a job starts is stopped with it, even when the
 * job itself has already ended. Listed with the guard from before it exists until nothing of it is left.
 */
import { isGroupRunning, signalTarget } from "./groups.ts";
import type { Guard, GuardEntry } from "./guard.ts";

export class JobGroup {
  readonly #entry: GuardEntry;
  #target = 0;

  /** @param mark what the job's processes carry in their environment. */
  constructor(guard: Guard, mark: string) {
    this.#entry = guard.note(mark);
  }

  /** @param own whether the process leads a group of its own; if not it stands alone (`--tty`). */
  started(pid: number, own: boolean): void {
    this.#target = own ? -pid : pid;
    this.#entry.started(pid, own);
  }

  /** Whether there is such a group, if only of zombies: one call to the kernel. */
  get exists(): boolean {
    return this.#target < 0 && signalTarget(this.#target, 0);
  }

  /** Whether anything of it still runs. */
  get running(): boolean {
    return this.#target < 0 && isGroupRunning(-this.#target);
  }

  /** Signals all of it. */
  signal(signal: NodeJS.Signals): void {
    if (this.#target !== 0) signalTarget(this.#target, signal);
  }

  /** Nothing of it is left, or what is left may live on. */
  release(): void {
    this.#target = 0;
    this.#entry.clear();
  }
}
