/** The pool's end of the wire to a worker: writes what it takes, and the rest when it takes more. Never blocks. */
import { connectFd } from "../process/socket.ts";

export class Sender {
  readonly #queue: Uint8Array[] = [];
  #socket: Bun.Socket | null = null;
  #ending = false;
  #closed = false;

  constructor(fd: number) {
    const end = () => {
      this.#closed = true; // a worker that ends while it is written to: its exit tells more
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
