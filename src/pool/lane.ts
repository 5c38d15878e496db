/**
 * One worker, from the pool's side: the chunks it was sent and has not finished, and what is known of it. What it did not
 * answer for when it ended is still in {@link Lane.chunks}. Its process is a {@link MapWorkerProcess}.
 *
 * Always true: what is known of a worker is written here alone. What it says of itself (that it is ready, why it quits) is
 * heard here before the pool hears it; what the pool decides about it is a method.
 */
import type { LanesError } from "../errors.ts";
import { nowMs } from "../recording/clock.ts";
import { type ControlPage, SLOTS } from "./control.ts";
import type { Chunk } from "./items/chunk.ts";
import { type Header, Kind } from "./wire.ts";
import type { BeginWorker, MapWorkerProcess, ProcessListener, WorkerSignal, WorkerTask } from "./wired-process.ts";
import type { QuitData } from "./worker/worker.ts";

/** Who hears what a worker says and how it ends. */
export interface LaneListener {
  frame(lane: Lane, header: Header, body: Buffer): void;
  /** A line the worker printed. */
  said(lane: Lane, text: string): void;
  ended(lane: Lane): void;
}

/** Why the pool killed a worker, and at which item. */
export interface Killed {
  readonly kind: "timeout" | "memory";
  readonly slot: number;
  readonly item: number;
}

export class Lane {
  readonly name: string;
  readonly startedMs = nowMs();
  readonly #process: MapWorkerProcess;
  readonly #chunks: (Chunk | null)[] = new Array(SLOTS).fill(null);
  #phase: "load" | "init" = "load";
  #ready = false;
  #retiring = false;
  #excused = false;
  #sent = 0;
  #quit: QuitData | null = null;
  #killed: Killed | null = null;
  #broken: LanesError | null = null;

  /** @throws LanesError `error.spawn.*`, `error.depth` */
  constructor(
    readonly index: number,
    readonly control: ControlPage,
    task: WorkerTask,
    readonly listener: LaneListener,
    /** Items after which it retires, or null. */
    readonly recycle: number | null,
    begin: BeginWorker,
  ) {
    this.name = task.lane;
    control.reset(index);
    const heard: ProcessListener = {
      frame: (header, body) => this.#hear(header, body),
      said: (text) => listener.said(this, text),
      ended: () => {
        const hadDoneAll = this.outstanding === 0;
        listener.ended(this);
        return hadDoneAll;
      },
    };
    this.#process = begin(task, heard, control);
  }

  /** The chunks it has not finished, by slot. */
  get chunks(): readonly (Chunk | null)[] {
    return this.#chunks;
  }

  /** What it does before it can be sent items, since `startedMs` (by nowMs()). */
  get phase(): "load" | "init" {
    return this.#phase;
  }

  /** It has loaded the module, and its --init has ended. */
  get ready(): boolean {
    return this.#ready;
  }

  /** It gets no more chunks, and ends when it has done those it has. */
  get retiring(): boolean {
    return this.#retiring;
  }

  /** It could not begin, through no fault of the module's. */
  get excused(): boolean {
    return this.#excused;
  }

  /** Why it ends, as it said itself. */
  get quit(): QuitData | null {
    return this.#quit;
  }

  get killed(): Killed | null {
    return this.#killed;
  }

  /** Why it never gets ready. */
  get broken(): LanesError | null {
    return this.#broken;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get ended(): boolean {
    return this.#process.ended;
  }

  /** Resolves when it has ended, its last words are heard, and what it started has ended. */
  get gone(): Promise<void> {
    return this.#process.gone;
  }

  /** `SIGSEGV`, `exit code 3`: how it ended. */
  get ending(): string {
    return this.#process.ending;
  }

  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  get signal(): string | null {
    return this.#process.signal;
  }

  get outstanding(): number {
    return this.#chunks.reduce((count, chunk) => count + (chunk === null ? 0 : 1), 0);
  }

  /** How many of its items are not begun. */
  get notBegun(): number {
    return this.#chunks.reduce((sum, chunk, slot) => sum + (chunk ? this.control.notBegun(this.index, slot) : 0), 0);
  }

  /** How many more items it may be sent. */
  get room(): number {
    return this.recycle === null ? Number.POSITIVE_INFINITY : this.recycle - this.#sent;
  }

  /** Whether it may be sent anything more at all. */
  get takes(): boolean {
    return !this.#retiring && this.room > 0;
  }

  /** Sends a chunk; there must be a free slot. */
  send(chunk: Chunk): void {
    const slot = this.#chunks.indexOf(null);
    this.#chunks[slot] = chunk;
    this.#sent += chunk.count;
    this.control.assign(this.index, slot, chunk.count);
    this.#process.write(chunk.frameTo(slot));
  }

  /** What is in this slot is its no longer: it has done it, or has ended and another is given it. */
  free(slot: number): void {
    this.#chunks[slot] = null;
  }

  /** Takes back what it has not begun of the items from `from` (in the input) on. */
  takeBack(from: number): (Chunk | null)[] {
    return this.#chunks.map((chunk, slot) =>
      chunk === null ? null : this.#takeBack(slot, chunk.count - Math.max(0, from - chunk.first)),
    );
  }

  /** Gives away so many items that are not begun, the last ones first. */
  giveAway(wanted: number): (Chunk | null)[] {
    let left = wanted;
    const slots = [...this.#chunks.keys()].sort(
      (a, b) => (this.#chunks[b]?.first ?? 0) - (this.#chunks[a]?.first ?? 0),
    );
    return slots.map((slot) => {
      const chunk = left > 0 ? this.#takeBack(slot, left) : null;
      left -= chunk?.count ?? 0;
      return chunk;
    });
  }

  /** It gets no more chunks, and ends when it has done the items it has begun. @returns the others. */
  retire(): (Chunk | null)[] {
    this.#retiring = true;
    return this.takeBack(0);
  }

  /** No more chunks: it ends when it has answered for those it has. */
  end(): void {
    this.#retiring = true;
    this.#process.end();
  }

  /** It cannot begin, through no fault of the module's: that counts for nothing. */
  excuse(): void {
    this.#excused = true;
  }

  /** It cannot begin, or has not begun in time. */
  cannotBegin(error: LanesError): void {
    this.#broken = error;
  }

  /** Kills it because of the item it is at. */
  killAt(killed: Killed): void {
    this.#killed = killed;
    this.kill("SIGKILL");
  }

  /** SIGTERM asks the worker; the others are for all that it has started, too. */
  kill(signal: WorkerSignal): void {
    this.#process.kill(signal);
  }

  #takeBack(slot: number, wanted: number): Chunk | null {
    const chunk = this.#chunks[slot];
    if (!chunk || wanted <= 0) return null;
    const had = chunk.count;
    const count = this.control.takeBack(this.index, slot, wanted);
    chunk.shorten(count);
    this.#sent -= had - count;
    return chunk.slice(count, had, chunk.tries);
  }

  #hear(header: Header, body: Buffer): void {
    const { kind } = header;
    if (kind === Kind.loaded) this.#phase = "init";
    else if (kind === Kind.ready) this.#ready = true;
    else if (kind === Kind.quit) this.#quit = JSON.parse(body.toString()) as QuitData;
    this.listener.frame(this, header, body);
  }
}
