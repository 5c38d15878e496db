/**
 * Who is there of a pool's workers: they come, leave when they are told to, and are gone when they have ended.
 *
 * Always true: each worker has a line of the control page to itself until it has ended; so there is room for as many that leave as
 * for those that work.
 */
import { ControlFile } from "../../pool/control-file.ts";
import type { PoolJob } from "./wire.ts";
import { type WorkerListener, WorkerProcess } from "./worker-process.ts";

export class Roster {
  readonly #able = new Set<WorkerProcess>();
  readonly #all = new Set<WorkerProcess>();
  readonly #control: ControlFile;
  #isOpen = true;
  #isAwake = true;

  /** @param size how many are to work. */
  constructor(
    readonly size: number,
    readonly listener: WorkerListener,
  ) {
    this.#control = ControlFile.create(2 * size);
  }

  /** Those that can be given something. */
  get able(): ReadonlySet<WorkerProcess> {
    return this.#able;
  }

  /** Those that have not ended. */
  get all(): ReadonlySet<WorkerProcess> {
    return this.#all;
  }

  /** Whether there is a line for one more: those that leave may take their time. */
  get hasRoom(): boolean {
    return this.#all.size < 2 * this.size;
  }

  /** Whether a worker is at an item, and not between two. */
  isAtItem({ line }: WorkerProcess): boolean {
    return this.#control.running(line) !== null;
  }

  /** One more comes; there must be room. @param job what it is told. @throws LanesError if the system refuses. */
  hire(job: Omit<PoolJob, "is" | "line">): void {
    const lines = new Set([...this.#all].map(({ line }) => line));
    let line = 0;
    while (lines.has(line)) line++;
    const worker = new WorkerProcess(line, this.#control, job, this.listener);
    worker.keepAwake(this.#isAwake);
    this.#all.add(worker);
    this.#able.add(worker);
  }

  /** It is given no more, and ends when it has answered what it has. */
  leave(worker: WorkerProcess): void {
    this.#able.delete(worker);
    worker.leave();
  }

  /** All are told to end, and given no more. After `graceMs` SIGKILL. */
  stop(graceMs: number): void {
    this.#able.clear();
    for (const worker of this.#all) void worker.stop(graceMs);
  }

  /** It has ended. */
  ended(worker: WorkerProcess): void {
    this.#all.delete(worker);
    this.#able.delete(worker);
  }

  /** Whether this process goes on as long as workers do. */
  keepAwake(awake: boolean): void {
    if (awake === this.#isAwake) return;
    this.#isAwake = awake;
    for (const worker of this.#all) worker.keepAwake(awake);
  }

  /** Resolves when none is left. */
  async gone(): Promise<void> {
    while (this.#all.size > 0) await Promise.all([...this.#all].map((worker) => worker.gone));
  }

  /** Nobody will come any more: if none is left, the page is closed. */
  mayClose(): void {
    if (this.#all.size > 0 || !this.#isOpen) return;
    this.#isOpen = false;
    this.#control.close();
  }
}
