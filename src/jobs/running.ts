/**
 * The jobs that run now, and what ended ones left running: the one place through which they are signalled. Slots are
 * numbered from 1, and a number is free again when its job has ended.
 */
import { nowMs } from "../recording/clock.ts";
import type { Attempt } from "./attempt.ts";
import { Leftovers } from "./leftovers.ts";

interface Running {
  /** The job's number in the input. */
  readonly seq: number;
  readonly slot: number;
  readonly command: string;
}

export class RunningJobs {
  readonly #jobs = new Map<Attempt, Running>();
  readonly #leftovers = new Leftovers();
  readonly #freeSlots: number[] = [];
  #slots = 0;

  get size(): number {
    return this.#jobs.size;
  }

  /** For whoever watches, by slot. */
  list(): { seq: number; lane: string; pid: number; command: string; ms: number }[] {
    const bySlot = [...this.#jobs].sort(([, a], [, b]) => a.slot - b.slot);
    return bySlot.map(([attempt, { seq, slot, command }]) => {
      return { seq, lane: `P${slot}`, pid: attempt.pid, command, ms: elapsedMs(attempt) };
    });
  }

  takeSlot(): number {
    return this.#freeSlots.pop() ?? ++this.#slots;
  }

  freeSlot(slot: number): void {
    this.#freeSlots.push(slot);
  }

  add(attempt: Attempt, running: Running): void {
    this.#jobs.set(attempt, running);
  }

  /** It has ended; what it left running is remembered. */
  remove(attempt: Attempt): void {
    this.#jobs.delete(attempt);
    this.#leftovers.keepOrRelease(attempt.group);
  }

  /** Asks all to end, and later makes them. */
  stop(): void {
    for (const attempt of this.#jobs.keys()) attempt.stop("stop");
  }

  kill(): void {
    for (const attempt of this.#jobs.keys()) attempt.kill();
    this.#leftovers.signal("SIGKILL");
  }

  suspend(): void {
    for (const attempt of this.#jobs.keys()) attempt.group.signal("SIGSTOP");
    this.#leftovers.signal("SIGSTOP");
  }

  /** @param pausedMs how long they were suspended: no job is charged for it. */
  resume(pausedMs: number): void {
    for (const attempt of this.#jobs.keys()) {
      attempt.pausedMs += pausedMs;
      attempt.group.signal("SIGCONT");
    }
    this.#leftovers.signal("SIGCONT");
  }

  /** Stops those that run longer than this, ms. */
  expire(limitMs: number): void {
    for (const attempt of this.#jobs.keys()) {
      if (attempt.stopReason === null && elapsedMs(attempt) > limitMs) attempt.stop("timeout");
    }
  }

  /** Stops the one that was started last, to be run again later; never the only one. */
  putOffYoungest(): void {
    const running = [...this.#jobs.keys()].filter(({ over }) => !over);
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

function elapsedMs(attempt: Attempt): number {
  return nowMs() - attempt.startedMs - attempt.pausedMs;
}
