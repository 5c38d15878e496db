/**
 * Hands out items: says which worker is sent what next, and when the source is asked for more.
 *
 *     queue (to be sent again) ──┐
 *     source (new, if there is   ├──► the worker that has least, or a new one
 *        room for their results) ┘
 *
 * Always true: nothing is handed out once it has ended; new items are only taken while their results have room, so that memory
 * is bounded, whatever the input's length. A chunk that could not be sent is in the queue again.
 */
import type { MapCrew } from "./crew.ts";
import type { Chunk } from "./items/chunk.ts";
import type { ResultSink } from "./items/output.ts";
import type { ItemSource } from "./items/source.ts";
import { CHUNK_BYTES, Tempo } from "./items/tempo.ts";
import type { Lane } from "./lane.ts";
import type { Answers, MapPoolOptions } from "./options.ts";
import { ChunkQueue } from "./queue.ts";
import type { ChunkStats } from "./worker/runner.ts";

/** Results that may wait for an earlier item's, and pieces of them. */
const WINDOW_BYTES = 32 * 1024 * 1024;
const WINDOW_PIECES = 20_000;
/** How soon an idle worker looks again for items to take over, ms. */
const SPARE_MS = 2;

/** The parts of the pool that handing out touches. */
export interface HandoutParts {
  readonly options: Pick<MapPoolOptions, "chunk" | "recycle">;
  readonly source: Pick<ItemSource, "take" | "fill" | "empty" | "ended">;
  readonly output: Pick<ResultSink, "full">;
  readonly answers: Pick<Answers, "held" | "heldBytes">;
  readonly crew: Pick<MapCrew, "hungriest" | "start" | "spare" | "uneven">;
  /** The source has read on: there is more to hand out, or its end was reached. */
  filled(): void;
  /** The source cannot read on. */
  unreadable(error: Error): void;
  /** No worker can be started in this place. */
  refused(error: Error, lane: string): void;
}

export class Handout {
  /** What is to be sent again. */
  readonly queue = new ChunkQueue();
  readonly #parts: HandoutParts;
  readonly #tempo: Tempo;
  #filling = false;
  #spareTimer: Timer | null = null;
  #over = false;

  constructor(parts: HandoutParts) {
    this.#parts = parts;
    this.#tempo = new Tempo(parts.options.chunk);
  }

  /** Whether it has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether there is nothing left to hand out, and nothing will come but from workers. */
  get exhausted(): boolean {
    return this.queue.empty && this.#parts.source.ended;
  }

  /** No more is handed out. */
  end(): void {
    this.#over = true;
    if (this.#spareTimer !== null) clearTimeout(this.#spareTimer);
  }

  /** A chunk is done: from how long it took follows how large the next ones are. */
  learn(chunk: Chunk, { ms, outputBytes }: ChunkStats): void {
    this.#tempo.learn(chunk.count, ms, outputBytes);
  }

  /** Hands out what can be, and sees that more will be. To be called after anything happened. */
  goOn(): void {
    const { crew, options } = this.#parts;
    while (!this.#over) {
      const to = crew.hungriest();
      if (to === null) return;
      const chunk = this.#next(typeof to === "number" ? (options.recycle ?? Number.POSITIVE_INFINITY) : to.room);
      if (chunk === null) break;
      this.#give(to, chunk);
    }
    this.#fill();
    this.#share();
  }

  /** What is to be sent next, `most` items: what must be sent again, else new ones if there is room for results. */
  #next(most: number): Chunk | null {
    const again = this.queue.take(most);
    if (again !== null) return again;
    return this.#hasRoom ? this.#parts.source.take(Math.min(most, this.#tempo.size), CHUNK_BYTES) : null;
  }

  #give(to: Lane | number, chunk: Chunk): void {
    try {
      (typeof to === "number" ? this.#parts.crew.start(to) : to).send(chunk);
    } catch (error) {
      this.queue.add([chunk]);
      this.#parts.refused(error as Error, `P${Number(to) + 1}`);
    }
  }

  /** Whether more results may come: they wait neither for a reader nor (too many) for an earlier one. */
  get #hasRoom(): boolean {
    const { output, answers } = this.#parts;
    return !output.full && answers.heldBytes <= WINDOW_BYTES && answers.held <= WINDOW_PIECES;
  }

  /** Reads on if nothing is at hand. */
  #fill(): void {
    const { source, filled, unreadable } = this.#parts;
    if (this.#filling || this.#over || !source.empty || source.ended || !this.#hasRoom) return;
    this.#filling = true;
    source.fill().then(() => {
      this.#filling = false;
      filled();
    }, unreadable);
  }

  /** Lets idle workers take over what others have not begun. */
  #share(): void {
    if (this.#over || this.#spareTimer !== null || !this.#parts.crew.uneven) return;
    this.#spareTimer = setTimeout(() => {
      this.#spareTimer = null;
      this.queue.add(this.#parts.crew.spare());
      this.goOn();
    }, SPARE_MS);
  }
}
