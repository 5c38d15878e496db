/** Lets idle workers take over what others have not begun: else a chunk of long items would have the others wait for one. */
import type { Tasks } from "./tasks.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** How soon an idle worker looks for items to take over, ms. */
const LOOK_MS = 2;

/** What of the pool it has to do with. */
interface Parts {
  readonly workers: ReadonlySet<WorkerProcess>;
  readonly waiting: Tasks;
  /** After how many tasks a worker is replaced. */
  readonly recycle: number;
  /** Whether a worker is at an item: one that is between two is about to begin the next itself. */
  isAtItem(worker: WorkerProcess): boolean;
  /** Hands out what waits. */
  settle(): void;
}

export class Sharing {
  #timer: Timer | undefined;

  constructor(readonly parts: Parts) {}

  /** Has it looked for in a moment, if there is anything to be taken over. */
  look(): void {
    if (this.#timer !== undefined || !this.#isUneven) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isUneven) this.#take();
      this.parts.settle();
    }, LOOK_MS);
    this.#timer.unref();
  }

  #take(): void {
    const { workers, waiting } = this.parts;
    const [busiest] = [...workers].sort((a, b) => b.notBegun - a.notBegun);
    if (busiest === undefined || !this.parts.isAtItem(busiest)) return;
    waiting.addFirst(busiest.spare(Math.ceil(busiest.notBegun / 2)));
  }

  get #isUneven(): boolean {
    const { waiting, workers, recycle } = this.parts;
    if (waiting.first !== undefined) return false;
    const all = [...workers];
    return (
      all.some((worker) => worker.isReady && worker.outstanding === 0 && worker.given < recycle) &&
      all.some(({ notBegun }) => notBegun > 0)
    );
  }
}
