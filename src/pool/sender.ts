/** The pool's end of the wire to a worker: writes what it takes, and the rest when it takes more. Never blocks. */
import { connectFd } from "../process/socket.ts";
import { writeWire } from "../process/write.ts";

export class FrameSender {
  readonly #queue: Uint8Array[] = [];
  #socket: Bun.Socket | null = null;
  #ending = false;
  #closed = false;

  /**
   * @param first sent at once, and not when the event loop next has time: a new socket has room for it. At most a few KiB.
   * @param ended called when the worker does not listen any more.
   */
  constructor(fd: number, first: Uint8Array, ended: () => void) {
    writeWire(fd, first);
    const end = () => {
      this.#closed = true; // a worker that ends while it is written to: its exit tells more
      ended();
    };
    void connectFd(fd, { drain: () => this.#flush(), end }).then((socket) => {
      this.#socket = socket;
      this.#flush();
    });
  }

  write(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    if (this.#queue.length === 1) this.#flush();
  }

  end(): void {
    this.#ending = true;
    this.#flush();
  }

  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.#socket?.terminate();
  }

  #flush(): void {
    if (this.#socket === null || this.#closed) return;
    for (let bytes = this.#queue[0]; bytes !== undefined; bytes = this.#queue[0]) {
      const written = Math.max(0, this.#socket.write(bytes));
      if (written < bytes.length) {
        this.#queue[0] = bytes.subarray(written);
        return;
      }
      this.#queue.shift();
    }
    if (this.#ending) this.#socket.end();
  }
}
