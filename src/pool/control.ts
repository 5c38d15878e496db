/**
 * The control page: one page of memory shared by the pool and its workers, through which they agree on who runs which
 * item without a message an item. It is a file without a name, mapped by all; a worker's descriptor for it is inherited.
 *
 * Each worker has 64 bytes of its own (one cache line): two *slots*, one for each chunk it may have been sent, and what it
 * does right now.
 *
 *     slot: next (16 bits) | end (16 bits)      items next … end-1 of the chunk are not begun
 *
 * The worker begins an item by moving `next` on, the pool takes items back by moving `end` down, both by compare and
 * exchange of the one word: an item is begun or taken back, never both. A slot is set anew only when its chunk has been
 * answered for, so no word is ever mistaken for an older one. When a worker has died, the page still says which item it
 * was at: that one is the suspect, all others are innocent.
 */
/** How many chunks a worker may have been sent and not answered: one to work at, one so that it need not wait. */
export const SLOTS = 2;
/** The most items in a chunk: `next` and `end` share 32 bits. */
export const MAX_CHUNK_ITEMS = 0xffff;

/** What a worker has of the page. */
export const LINE_BYTES = 64;
const WORDS = LINE_BYTES / 4;
/** Word SLOTS of a line: 1 + the slot whose item is being run, 0 between items. */
const RUNNING = SLOTS;
/** When that item began, as a double, in the upper half of the line. */
const BEGAN = LINE_BYTES / 2;

/** What a worker is at: an item of a slot's chunk, counted from the chunk's first. */
export interface RunningItem {
  readonly slot: number;
  readonly item: number;
  /** When it began, ms by nowMs(); 0 unless the worker was told to note it. */
  readonly beganMs: number;
}

export class ControlPage {
  readonly #words: Int32Array;
  readonly #times: Float64Array;

  protected constructor(memory: Uint8Array<ArrayBuffer>) {
    this.#words = new Int32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4);
    this.#times = new Float64Array(memory.buffer, memory.byteOffset, memory.byteLength / 8);
  }

  /** The page in the file at this path, which is the pool's; see control-file.ts for how the pool makes one. */
  static at(path: string): ControlPage {
    return new ControlPage(Bun.mmap(path, { shared: true }));
  }

  /** The pool: this slot now stands for a chunk of `count` items, none begun. Before the chunk is sent. */
  assign(worker: number, slot: number, count: number): void {
    Atomics.store(this.#words, worker * WORDS + slot, count);
  }

  /** The pool: a new process takes this worker's place; it runs nothing. */
  reset(worker: number): void {
    for (let word = 0; word <= RUNNING; word++) Atomics.store(this.#words, worker * WORDS + word, 0);
  }

  /** The worker: begins the next item; its number in the chunk, or -1 when there is none (any more). */
  begin(worker: number, slot: number, atMs: number): number {
    const at = worker * WORDS + slot;
    for (;;) {
      const word = Atomics.load(this.#words, at);
      const next = word >>> 16;
      if (next >= (word & 0xffff)) {
        this.#words[worker * WORDS + RUNNING] = 0;
        return -1;
      }
      if (Atomics.compareExchange(this.#words, at, word, word + 0x10000) !== word) continue;
      if (atMs > 0) this.#times[(worker * LINE_BYTES + BEGAN) / 8] = atMs;
      this.#words[worker * WORDS + RUNNING] = slot + 1;
      return next;
    }
  }

  /** The pool: takes back up to `wanted` of the last items not begun; how many items the chunk has now. */
  takeBack(worker: number, slot: number, wanted: number): number {
    const at = worker * WORDS + slot;
    for (;;) {
      const word = Atomics.load(this.#words, at);
      const end = word & 0xffff;
      const less = Math.max(word >>> 16, end - wanted);
      if (less >= end) return end;
      if (Atomics.compareExchange(this.#words, at, word, (word & ~0xffff) | less) === word) return less;
    }
  }

  /** How many items of a slot's chunk are not begun. */
  notBegun(worker: number, slot: number): number {
    const word = Atomics.load(this.#words, worker * WORDS + slot);
    return Math.max(0, (word & 0xffff) - (word >>> 16));
  }

  /** How many items of a slot's chunk were begun. */
  begun(worker: number, slot: number): number {
    return Atomics.load(this.#words, worker * WORDS + slot) >>> 16;
  }

  /** What the worker is at (or was when it died); null between chunks. */
  running(worker: number): RunningItem | null {
    const slot = Atomics.load(this.#words, worker * WORDS + RUNNING) - 1;
    if (slot < 0) return null;
    const item = (Atomics.load(this.#words, worker * WORDS + slot) >>> 16) - 1;
    return { slot, item, beganMs: this.#times[(worker * LINE_BYTES + BEGAN) / 8] ?? 0 };
  }
}
