/** The parent's end of the wire: bytes come as they arrive, bytes go in order, as fast as the child reads them. */
import { errnoCode } from "../errors.ts";
import { connectFd } from "./socket.ts";

export class ParentWire {
  /** Resolves when nobody has the other end any more. */
  readonly closed: Promise<void>;
  /** How many bytes have come. */
  bytesRead = 0;
  readonly #fd: number;
  readonly #closed = Promise.withResolvers<void>();
  #socket: Bun.Socket | null = null;
  #queue: Uint8Array[] = [];
  #ending = false;
  #awake = true;

  /** Listens to an open descriptor, which belongs to the wire from now on. */
  constructor(fd: number, onBytes: (bytes: Uint8Array) => void) {
    this.#fd = fd;
    this.closed = this.#closed.promise;
    const data = (bytes: Uint8Array) => {
      this.bytesRead += bytes.length;
      onBytes(bytes);
    };
    const end = () => {
      this.#queue = [];
      this.#socket?.end();
      this.#closed.resolve();
    };
    connectFd(fd, { data, drain: () => this.#flush(), end }).then((socket) => {
      this.#socket = socket;
      this.keepAwake(this.#awake);
      this.#flush();
    }, end);
  }

  /**
   * Sends them when those before have gone. What can no longer arrive is dropped: the child's exit tells more. The first words go
   * at once, as far as there is room for them: a child begins, whether or not its parent gets to its event loop.
   */
  write(bytes: Uint8Array): void {
    if (this.#ending) return;
    const isFirst = this.#socket === null && this.#queue.length === 0;
    const rest = isFirst ? bytes.subarray(this.#writeNow(bytes)) : bytes;
    if (rest.length === 0) return;
    this.#queue.push(rest);
    this.#flush();
  }

  /** How many bytes have gone without the event loop. */
  #writeNow(bytes: Uint8Array): number {
    const { writeSync } = process.getBuiltinModule("node:fs");
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch (error) {
      if (errnoCode(error) !== "EAGAIN") return bytes.length; // there is nobody to read it
    }
    return written;
  }

  /** Whether this process goes on as long as the wire is open. */
  keepAwake(awake: boolean): void {
    this.#awake = awake;
    if (awake) this.#socket?.ref();
    else this.#socket?.unref();
  }

  /** Hangs up once everything has gone. */
  end(): void {
    this.#ending = true;
    this.#flush();
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket === null) return;
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const written = socket.write(first);
      if (written < first.length) {
        this.#queue[0] = first.subarray(Math.max(0, written));
        return; // it is full: the drain event goes on
      }
      this.#queue.shift();
    }
    if (this.#ending) socket.shutdown(); // half: what still comes is heard, until the other end closes
  }
}
