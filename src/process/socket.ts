/** A socket pair's end as a socket of the event loop. `node:net` can do this too, but takes 10 ms to load. */
import { connectDescriptor } from "../os/bun.ts";

/** What is heard of a socket. */
export interface SocketListener {
  data?(bytes: Uint8Array): void;
  drain?(): void;
  /** The other side is gone, or the socket failed: nothing more will come. */
  end(): void;
}

/** Listens to an open descriptor, which belongs to the socket from now on. */
export function connectFd(fd: number, listener: SocketListener): Promise<Bun.Socket> {
  return connectDescriptor({
    fd,
    socket: {
      data: (_socket, bytes) => listener.data?.(bytes),
      drain: () => listener.drain?.(),
      end: () => listener.end(),
      close: () => listener.end(),
      error: () => listener.end(),
    },
  });
}
