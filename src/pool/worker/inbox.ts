/** A worker's end of the wire on which it is sent what it is to do. */
import { usageError } from "../../errors.ts";
import { connectFd } from "../../process/socket.ts";
import { FrameParser, type Header } from "../wire.ts";

/** What the pool has sent and is not worked at yet. The socket is read while items wait for something, not during one. */
export class Inbox {
  readonly #frames: { header: Header; body: Buffer }[] = [];
  #waiting: PromiseWithResolvers<void> | null = null;
  #ended = false;

  /** Whether {@link next} has to wait. */
  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** @throws LanesError (usage) where nobody is at the other end: a person has typed the sentinel. */
  async listen(fd: number): Promise<void> {
    const parser = new FrameParser((header, body) => this.#frames.push({ header, body }));
    const end = () => {
      this.#ended = true;
      this.#waiting?.resolve();
    };
    const data = (bytes: Uint8Array) => {
      parser.push(bytes);
      this.#waiting?.resolve();
    };
    try {
      await connectFd(fd, { data, end });
    } catch (error) {
      throw usageError("error.byHand", {}, error);
    }
  }

  /** The next chunk; null when there will be none. */
  async next(): Promise<{ header: Header; body: Buffer } | null> {
    while (this.#frames.length === 0 && !this.#ended) {
      this.#waiting = Promise.withResolvers();
      await this.#waiting.promise;
      this.#waiting = null;
    }
    return this.#frames.shift() ?? null;
  }
}
