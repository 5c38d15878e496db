/**
 * The jobs that run now, and what ended ones left running: the one place through which they are signalled. Slots are
 * numbered from 1, and a number is free again when its job has ended.
 */
import type { Attempt } from "./attempt.ts";
import { Leftovers } from "./leftovers.ts";

export class RunningJobs {
  readonly #jobs = new Set<Attempt>();
  readonly #leftovers = new Leftovers();
  readonly #freeSlots: number[] = [];
  #slots = 0;

  get size(): number {
    return this.#jobs.size;
  }

  /** For whoever watches, by slot. */
  list(): { seq: number; lane: string; pid: number; command: string; ms: number }[] {
    const bySlot = [...this.#jobs].sort((a, b) => a.slot - b.slot);
    return bySlot.map(({ job, slot, pid, command, elapsedMs }) => {
      return { seq: job.seq, lane: `P${slot}`, pid, command, ms: elapsedMs };
    });
  }

  takeSlot(): number {
    return this.#freeSlots.pop() ?? ++this.#slots;
  }

  freeSlot(slot: number): void {
    this.#freeSlots.push(slot);
  }

  add(attempt: Attempt): void {
    this.#jobs.add(attempt);
  }

  /** It has ended; what it left running is remembered. */
  remove(attempt: Attempt): void {
    this.#jobs.delete(attempt);
    this.#leftovers.keepOrRelease(attempt.group);
  }

  /** Asks all to end, and later makes them. */
  stop(): void {
    for (const attempt of this.#jobs) attempt.stop("stop");
  }

  kill(): void {
    for (const attempt of this.#jobs) attempt.kill();
    this.#leftovers.signal("SIGKILL");
  }

  suspend(): void {
    for (const attempt of this.#jobs) attempt.suspend();
    this.#leftovers.signal("SIGSTOP");
  }

  /** @param pausedMs how long they were suspended: no job is charged for it. */
  resume(pausedMs: number): void {
    for (const attempt of this.#jobs) attempt.resume(pausedMs);
    this.#leftovers.signal("SIGCONT");
  }

  /** Stops those that run longer than this, ms. */
  expire(limitMs: number): void {
    for (const attempt of this.#jobs) {
      if (attempt.isLeftAlone && attempt.elapsedMs > limitMs) attempt.stop("timeout");
    }
  }

  /** Stops the one that was started last, to be run again later; never the only one. */
  putOffYoungest(): void {
    const running = [...this.#jobs].filter(({ isOver }) => !isOver);
    if (running.length > 1) running.at(-1)?.stop("memory");
  }

  /** Ends what was left running. */
  stopLeftovers(): Promise<void> {
    return this.#leftovers.stop();
  }

  /** What was left running may live on. */
  releaseLeftovers(): void {
    this.#leftovers.release();
  }
}
