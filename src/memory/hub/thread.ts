/**
 * The thread a hub is: a Worker with a socket, so that others go on while this process's own code computes for seconds. An entry
 * point of its own inside the executable (scripts/build/compile.ts). It ends with its process, and everything shared with it.
 */
import { Arena } from "../arena.ts";
import { basesOfFolders, SOCKET } from "../files.ts";
import { Cutter, Out } from "../frames.ts";
import { Guest, Hub } from "./hub.ts";
import { removeLeftovers } from "./leftovers.ts";

declare const self: Worker;

/** What it is told: where the memory is, and where its socket is to be. */
export interface HubJob {
  readonly folder: string;
}

interface Connected {
  readonly guest: Guest;
  readonly cutter: Cutter;
  readonly out: Out;
}

function listen(folder: string): void {
  const hub = new Hub(new Arena(folder));
  Bun.listen<Connected>({
    unix: `${folder}/${SOCKET}`,
    socket: {
      open(socket) {
        const out = new Out();
        const guest = new Guest((op, object, seq, arg) => out.send(op, object, seq, arg));
        const cutter = new Cutter((op, object, seq, arg) => hub.take(guest, op, object, seq, arg));
        socket.data = { guest, cutter, out };
        out.connect(socket);
      },
      data: ({ data }, bytes) => data.cutter.push(bytes),
      drain: ({ data }) => data.out.drain(),
      close: ({ data }) => hub.end(data.guest),
    },
  });
}

if (!Bun.isMainThread)
  self.onmessage = ({ data }: MessageEvent<HubJob>) => {
    listen(data.folder);
    postMessage("listening");
    void removeLeftovers(basesOfFolders());
  };
