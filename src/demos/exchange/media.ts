/**
 * How the demo `exchange` opens each medium at both ends. A medium is loaded when it is used, so that nobody who only looks
 * at the menu waits for a database. The sender's end is opened first and makes what the receiver's needs.
 */
import type { Receiver, Sender } from "../../channel/channel.ts";
import type { IpcLine } from "../../channel/ipc.ts";

export const mediumNames = ["ipc", "pipe", "file", "sqlite", "shared-memory"] as const;
export type MediumName = (typeof mediumNames)[number];

interface Medium {
  /** `path` does not exist yet; `line` leads to the other process. */
  send(path: string, line: IpcLine): Promise<Sender>;
  receive(path: string, line: IpcLine): Promise<Receiver>;
}

/** How much the ring of shared memory holds, bytes. */
const RING = 2 ** 22;

export const media: Readonly<Record<MediumName, Medium>> = {
  ipc: {
    send: async (_path, line) => new (await import("../../channel/ipc.ts")).IpcSender(line),
    receive: async (_path, line) => new (await import("../../channel/ipc.ts")).IpcReceiver(line),
  },
  pipe: {
    async send(path) {
      const { makePipe, PipeSender } = await import("../../channel/pipe.ts");
      makePipe(path);
      return new PipeSender(path);
    },
    receive: async (path) => new (await import("../../channel/pipe.ts")).PipeReceiver(path),
  },
  file: {
    send: async (path) => new (await import("../../channel/file.ts")).FileSender(path),
    receive: async (path) => new (await import("../../channel/file.ts")).FileReceiver(path),
  },
  sqlite: {
    send: async (path) => new (await import("../../channel/sqlite.ts")).SqliteSender(path),
    receive: async (path) => new (await import("../../channel/sqlite.ts")).SqliteReceiver(path),
  },
  "shared-memory": {
    async send(path) {
      const { makeRing, SharedMemorySender } = await import("../../channel/shared-memory.ts");
      makeRing(path, RING);
      return new SharedMemorySender(path);
    },
    receive: async (path) => new (await import("../../channel/shared-memory.ts")).SharedMemoryReceiver(path),
  },
};
