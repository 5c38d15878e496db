/** The parent's end of the wire: bytes come as they arrive, bytes go in order, as fast as the child reads them. */
import { connectFd } from "./socket.ts";

export class ParentWire {
  /** Resolves when nobody has the other end any more. */
  readonly closed: Promise<void>;
  /** How many bytes have come. */
  bytesRead = 0;
  readonly #closed = Promise.withResolvers<void>();
  #socket: Bun.Socket | null = null;
  #queue: Uint8Array[] = [];
  #ending = false;
  #awake = true;

  /** Listens to an open descriptor, which belongs to the wire from now on. */
  constructor(fd: number, onBytes: (bytes: Uint8Array) => void) {
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

  /** Sends them when those before have gone. What can no longer arrive is dropped: the child's exit tells more. */
  write(bytes: Uint8Array): void {
    if (this.#ending) return;
    this.#queue.push(bytes);
    this.#flush();
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
