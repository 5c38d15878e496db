/**
 * What a process and a hub tell each other: frames of four 32-bit numbers, in the machine's own byte order, over a Unix socket.
 *
 *     op, object (a cell's id), seq (what is to be answered; 0: nothing), arg
 */

/** From a process to a hub. */
export const Op = {
  /** The first frame. object: the pid; arg 1: the process that the hub belongs to. Answered with the peer's number. */
  hello: 1,
  /** It ends because it is done: what it has taken of a Semaphore stays taken. */
  bye: 2,
  /** It no longer waits for the answer to `seq`; it is told whether it had got it. arg: see {@link GaveUp}. */
  cancel: 3,
  /** Waits for the lock. */
  lockWait: 10,
  /** The lock's word says that it is free. */
  lockFreed: 11,
  permitWait: 20,
  permitFreed: 21,
  /** Waits until the event's state is not `arg` any more. */
  eventWait: 30,
  eventSet: 31,
  /** Lets go of the condition's lock and waits to be notified; answered when the lock is held again. */
  conditionWait: 40,
  /** arg: how many. */
  conditionNotify: 41,
  /** Takes part: its end breaks the barrier. */
  barrierJoin: 50,
  barrierWait: 51,
  barrierReset: 52,
  barrierAbort: 53,
  /** Waits until there is an item, or none will come. */
  getWait: 60,
  /** Waits until there is room, or the queue is closed. */
  putWait: 61,
  /** Waits until all that was put is done. */
  joinWait: 62,
  /** Items were put or taken, or are done; or it was closed. */
  queueChanged: 63,
  /** This process has an end of a pipe; arg 1: it was given it. */
  endOpen: 70,
  /** This process has it no more. */
  endClose: 71,
  /** It is on its way to another process; arg 1: and this one has it no more. */
  endSent: 72,
  /** The process with the pid `arg` has ended: if an end was on its way to it, it never came. */
  endLost: 73,
} as const;

/** Why somebody waits no longer. */
export const GaveUp = { timeout: 0, signal: 1 } as const;

/** From a hub to a process: the same frame with `seq`, op one of these, and `arg` a note. */
export const Answer = {
  granted: 1,
  /** It was cancelled before. */
  cancelled: 2,
  /** A barrier's; the note is why, see cells.ts. */
  broken: 3,
} as const;

export const FRAME_BYTES = 16;
type OnFrame = (op: number, object: number, seq: number, arg: number) => void;

/** Cuts what comes into frames. */
export class Cutter {
  readonly #rest = Buffer.alloc(FRAME_BYTES);
  #have = 0;

  constructor(readonly onFrame: OnFrame) {}

  push(chunk: Uint8Array): void {
    let at = 0;
    if (this.#have > 0) {
      at = Math.min(FRAME_BYTES - this.#have, chunk.length);
      this.#rest.set(chunk.subarray(0, at), this.#have);
      this.#have += at;
      if (this.#have < FRAME_BYTES) return;
      this.#have = 0;
      this.#read(this.#rest, 0);
    }
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (; bytes.length - at >= FRAME_BYTES; at += FRAME_BYTES) this.#read(bytes, at);
    this.#have = bytes.copy(this.#rest, 0, at);
  }

  #read(bytes: Buffer, at: number): void {
    this.onFrame(
      bytes.readInt32LE(at),
      bytes.readInt32LE(at + 4),
      bytes.readInt32LE(at + 8),
      bytes.readInt32LE(at + 12),
    );
  }
}

/** What bytes are written to; returns how many it took. */
export interface Writable {
  write(bytes: Uint8Array): number;
}

/** What is sent in one turn of the event loop goes in one write; what does not fit waits for the drain event. */
export class Out {
  /** How often something was written. */
  writes = 0;
  #socket: Writable | null = null;
  #bytes: Buffer = Buffer.alloc(64 * FRAME_BYTES);
  #length = 0;
  #flushes = false;
  #full = false;

  /** Where it goes to; before that everything waits. */
  connect(socket: Writable): void {
    this.#socket = socket;
    this.flush();
  }

  send(op: number, object: number, seq: number, arg: number): void {
    if (this.#length + FRAME_BYTES > this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    const length = this.#length;
    this.#bytes.writeInt32LE(op, length);
    this.#bytes.writeInt32LE(object, length + 4);
    this.#bytes.writeInt32LE(seq, length + 8);
    this.#bytes.writeInt32LE(arg, length + 12);
    this.#length = length + FRAME_BYTES;
    if (this.#flushes || this.#full || this.#socket === null) return;
    this.#flushes = true;
    queueMicrotask(() => {
      this.#flushes = false;
      this.flush();
    });
  }

  /** There is room again. */
  drain(): void {
    this.#full = false;
    this.flush();
  }

  flush(): void {
    if (this.#socket === null || this.#full || this.#length === 0) return;
    const written = Math.max(0, this.#socket.write(this.#bytes.subarray(0, this.#length)));
    this.#bytes.copyWithin(0, written, this.#length);
    this.#length -= written;
    this.#full = this.#length > 0;
    this.writes++;
  }
}
