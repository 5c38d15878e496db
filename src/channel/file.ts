/**
 * Medium `file`: one process appends, another reads behind it.
 *
 * How: a length before each message, an end mark at the end; the receiver remembers how far it has read. Nothing tells it
 * that there is more, so it looks (backoff.ts). What is there is in the kernel's memory at once for everybody, long
 * before it is on the disk. A message that is only half written is not taken until the rest has come.
 *
 * When: the data is to stay, to be read again, later, or by several receivers at their own pace. The file grows with
 * everything that was ever sent; a sender that died leaves no sign, the receiver waits on.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { Backoff } from "./backoff.ts";
import type { Receiver, Sender } from "./channel.ts";
import { endMark, MessageCutter, writeFully, writeMessage } from "./framing.ts";

const CHUNK = 256 * 1024;

export class FileSender implements Sender {
  readonly #fd: number;

  /** Makes the file, or goes on at its end. */
  constructor(path: string) {
    this.#fd = openSync(path, "a", 0o600);
  }

  async send(message: Uint8Array): Promise<void> {
    writeMessage(this.#fd, message);
  }

  async end(): Promise<void> {
    writeFully(this.#fd, endMark());
    closeSync(this.#fd);
  }
}

export class FileReceiver implements Receiver {
  readonly #fd: number;
  readonly #cutter = new MessageCutter();
  readonly #backoff = new Backoff();
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  #position = 0;

  /** Reads from the beginning of a file that exists. */
  constructor(path: string) {
    this.#fd = openSync(path, "r");
  }

  async receive(): Promise<Uint8Array | null> {
    for (;;) {
      const message = this.#cutter.next();
      if (message !== undefined) return message;
      if (this.#cutter.ended) return null;
      const length = readSync(this.#fd, this.#chunk, 0, CHUNK, this.#position);
      this.#position += length;
      this.#cutter.push(this.#chunk.subarray(0, length));
      if (length > 0) this.#backoff.reset();
      else await this.#backoff.wait();
    }
  }

  async close(): Promise<void> {
    closeSync(this.#fd);
  }
}
