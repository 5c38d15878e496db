/** A worker of a pool, from the pool's side: started, given tasks, listened to. */

import { SLOTS } from "../../pool/control.ts";
import type { ControlFile } from "../../pool/control-file.ts";
import { FrameParser, frameFor, frameWith, HEADER_BYTES, type Header, writeHeader } from "../../pool/wire.ts";
import type { Child } from "../../process/child.ts";
import { nowLive } from "../../process/live.ts";
import { ParentWire } from "../../process/wire.ts";
import { within } from "../../process/within.ts";
import { RemoteError, type WorkerLost } from "../errors.ts";
import type { FunctionPlace } from "../place/place.ts";
import { endableOf } from "../program/ending.ts";
import { nextNumber, self } from "../program/self.ts";
import { programOf, startChild } from "../program/start-program.ts";
import type { PoolCall, PoolTask } from "./task.ts";
import { ANSWERS_FD, CONTROL_FD, type PoolJob, pack, TASKS_FD, TaskFrameKind } from "./wire.ts";

/** How long after its end a worker's last words may take, ms; longer only if something it started holds its socket. */
const LAST_WORDS_MS = 250;
/** A task that waits behind another one costs memory twice: what is larger than this does not, bytes. */
const MOST_AHEAD = 1 << 20;

/** Who hears of a worker. */
export interface WorkerListener {
  frame(worker: WorkerProcess, header: Header, body: Buffer): void;
  /** All frames that have come by now are heard. */
  heard(): void;
  ended(worker: WorkerProcess): void;
}

export class WorkerProcess {
  readonly name: string;
  /** The tasks it has not answered, by slot. */
  readonly tasks: (PoolTask | null)[] = new Array(SLOTS).fill(null);
  /** Its initializer has run. */
  isReady = false;
  /** It has answered something. */
  hasAnswered = false;
  /** It was told to end. */
  isLeaving = false;
  /** How many tasks it was given. */
  given = 0;
  /** Resolves when it has ended and its last words are heard. */
  readonly gone: Promise<void>;
  readonly child: Child;
  readonly #toWorker: ParentWire;
  readonly #fromWorker: ParentWire;
  /** The numbers of places it knows. */
  readonly #places = new Set<number>();

  /** @throws LanesError if the system refuses. */
  constructor(
    /** Its line of the control page. */
    readonly line: number,
    readonly control: ControlFile,
    job: Omit<PoolJob, "is" | "line">,
    listener: WorkerListener,
  ) {
    const path = [...self().path, nextNumber()];
    this.name = `PoolWorker-${path.join(":")}`;
    control.reset(line);
    const program = programOf(this.name, true, path, { is: "pool", line, ...job });
    const more = { [TASKS_FD]: "socket-fd", [ANSWERS_FD]: "socket-fd", [CONTROL_FD]: control.fd } as const;
    this.child = startChild(program, Object.values(more));
    nowLive(endableOf(this.child), this.child.ended);
    const parser = new FrameParser((header, body) => listener.frame(this, header, body));
    this.#toWorker = new ParentWire(this.child.descriptor(TASKS_FD), () => {});
    this.#fromWorker = new ParentWire(this.child.descriptor(ANSWERS_FD), (bytes) => {
      parser.push(bytes);
      listener.heard();
    });
    this.gone = this.#end().then(() => listener.ended(this));
  }

  /** How many tasks it has not answered. */
  get outstanding(): number {
    return this.tasks.reduce((sum, task) => sum + Number(task !== null), 0);
  }

  /** Whether it can be given this task now. @param most how many tasks it may be given in all. */
  takes(task: PoolTask, most: number): boolean {
    if (this.isLeaving || this.given >= most) return false;
    const { outstanding } = this;
    return outstanding === 0 || (outstanding < SLOTS && task.payload.frame.length <= MOST_AHEAD);
  }

  /** Sends it a task. @param number what stands for the task's place on the wire. */
  give(task: PoolTask, number: number): void {
    const { payload, from, count } = task;
    const { call, frame } = payload;
    const slot = this.tasks.indexOf(null);
    this.tasks[slot] = task;
    this.given++;
    this.control.assign(this.line, slot, count);
    if (!this.#places.has(number)) this.#tell(number, call.place);
    const header = { slot, first: number, from, count };
    const kind = call.isStar ? TaskFrameKind.starTask : TaskFrameKind.task;
    if (payload.isSent) {
      const head = writeHeader(frameFor(0), kind, header);
      head.writeUInt32LE(frame.length - HEADER_BYTES, 0);
      this.#toWorker.write(head);
      this.#toWorker.write(frame.subarray(HEADER_BYTES));
    } else {
      payload.isSent = true;
      this.#toWorker.write(writeHeader(frame, kind, header));
    }
  }

  /** How many items it has not begun that another could be given. */
  get notBegun(): number {
    return this.tasks.reduce((sum, task, slot) => sum + (task === null ? 0 : this.#free(task, slot)), 0);
  }

  /** Takes back up to so many items that it has not begun, the last ones first, for another worker. */
  spare(wanted: number): PoolTask[] {
    const back: PoolTask[] = [];
    let left = wanted;
    // First of the task it is not at.
    const slots = [...this.tasks.keys()].sort((a, b) => this.begun(a) - this.begun(b));
    for (const slot of slots) {
      const task = this.tasks[slot] ?? null;
      if (task === null || this.#free(task, slot) === 0) continue;
      const taken = this.#shorten(task, slot, left);
      left -= taken?.count ?? 0;
      if (taken !== null) back.push(taken);
    }
    return back;
  }

  /** Takes back all it has not begun of a call. */
  drop(call: PoolCall): PoolTask[] {
    const dropped = this.tasks.map((task, slot) =>
      task?.payload.call === call ? this.#shorten(task, slot, task.count) : null,
    );
    return dropped.filter((task) => task !== null);
  }

  /** How many items it has begun of the task in this slot. */
  begun(slot: number): number {
    return this.control.begun(this.line, slot);
  }

  /** No more tasks: it ends when it has answered those it has. */
  leave(): void {
    this.isLeaving = true;
    this.#toWorker.end();
  }

  /** Ends it: one that has nothing to do by itself, another by SIGTERM; after `graceMs` SIGKILL. */
  async stop(graceMs: number): Promise<void> {
    const isIdle = this.isReady && this.outstanding === 0;
    this.leave();
    const ended = isIdle && (await within(graceMs, this.child.ended));
    if (!ended) await endableOf(this.child).stop(isIdle ? 0 : graceMs);
  }

  /** Whether this process goes on as long as the worker does. */
  keepAwake(awake: boolean): void {
    this.child.keepAwake(awake);
    this.#toWorker.keepAwake(awake);
    this.#fromWorker.keepAwake(awake);
  }

  /** How it has ended, for an error. */
  get ending(): ConstructorParameters<typeof WorkerLost>[2] {
    const { pid, exitCode, signal, last, error } = this.child;
    const thrown = last?.kind === "error" ? RemoteError.of(this.name, last.error) : error;
    return { name: this.name, pid, exitCode, signal: signal as NodeJS.Signals | null, error: thrown };
  }

  /** How many items of a task another worker could be given. */
  #free({ payload, count }: PoolTask, slot: number): number {
    return payload.isDivisible || count === 1 ? this.control.notBegun(this.line, slot) : 0;
  }

  #shorten(task: PoolTask, slot: number, wanted: number): PoolTask | null {
    const { payload, first, from, count } = task;
    const left = this.control.takeBack(this.line, slot, wanted);
    if (left >= count) return null;
    task.count = left;
    if (left === 0) this.given--;
    return { payload, first: first + left, from: from + left, count: count - left };
  }

  #tell(number: number, place: FunctionPlace): void {
    this.#places.add(number);
    this.#toWorker.write(writeHeader(frameWith(pack(place)), TaskFrameKind.place, { from: number }));
  }

  async #end(): Promise<void> {
    await this.child.ended;
    await within(LAST_WORDS_MS, this.#fromWorker.closed);
    this.#toWorker.end();
  }
}
