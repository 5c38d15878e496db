/** A way to a server that can be cut: what comes in by one Unix socket goes out by another, until nothing is passed on any more. */
import { connect, createServer, type Server, type Socket } from "node:net";

export class Cuttable implements Disposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  /** Listens at `from`, connects to `to`. @param change what is made of what comes in. */
  constructor(from: string, to: string, change = (data: Buffer): Buffer => data) {
    this.#server = createServer((near) => {
      const far = connect(to);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("data", (data: Buffer) => this.#cut || other.write(socket === near ? change(data) : data));
        socket.on("error", () => {});
        // A cut network does not tell either side that the other one is gone.
        socket.on("close", () => this.#cut || other.destroy());
      }
    });
    this.#server.listen(from);
  }

  /** From now on nothing gets through, and nobody is told. */
  cut(): void {
    this.#cut = true;
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
