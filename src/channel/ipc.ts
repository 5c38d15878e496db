/**
 * Medium `ipc`: messages over the line that a parent and its child have anyway (in lanes the wire of process/frames.ts: a
 * socket pair carrying structured clones, which is also what Bun's own `ipc` with advanced serialization is).
 *
 * How: a value a message. The receiver acknowledges what it has taken; the sender keeps at most {@link WINDOW} bytes
 * unacknowledged, so that a slow receiver slows it down instead of filling its memory, and `end()` waits for the last
 * acknowledgement, so that a sender that exits right after it has lost nothing.
 *
 * When: parent and child, values rather than bytes, a moderate number of them. Nothing has to be set up, and objects,
 * Maps, Dates and typed arrays arrive as what they were. Every message is encoded, copied and decoded.
 */
import type { Receiver, Sender } from "./channel.ts";

/** A line to another process that keeps the order: a Process, or currentProcess(). */
export interface IpcLine {
  send(value: unknown): void;
  receive(): Promise<unknown>;
}

/** How much may be under way, bytes. */
const WINDOW = 4 * 2 ** 20;
/** What a message counts for besides its bytes: small ones fill the window too. */
const OVERHEAD = 64;

export class IpcSender implements Sender {
  #sent = 0;
  #acknowledged = 0;

  /** Until it has ended, nothing else may be received on this line. */
  constructor(readonly line: IpcLine) {}

  async send(message: Uint8Array): Promise<void> {
    // A clone takes the whole memory a view looks into: a part of something larger is copied out first.
    this.line.send(message.byteLength === message.buffer.byteLength ? message : message.slice());
    this.#sent += message.byteLength + OVERHEAD;
    while (this.#sent - this.#acknowledged > WINDOW) await this.#acknowledgement();
  }

  async end(): Promise<void> {
    this.line.send(null);
    this.#sent += OVERHEAD;
    while (this.#acknowledged < this.#sent) await this.#acknowledgement();
  }

  async #acknowledgement(): Promise<void> {
    this.#acknowledged = Number(await this.line.receive());
  }
}

export class IpcReceiver implements Receiver {
  #received = 0;
  #acknowledged = 0;

  constructor(readonly line: IpcLine) {}

  async receive(): Promise<Uint8Array | null> {
    const message = (await this.line.receive()) as Uint8Array | null;
    this.#received += (message?.byteLength ?? 0) + OVERHEAD;
    if (message === null || this.#received - this.#acknowledged > WINDOW / 4) {
      this.#acknowledged = this.#received;
      this.line.send(this.#received);
    }
    return message;
  }

  async close(): Promise<void> {}
}
