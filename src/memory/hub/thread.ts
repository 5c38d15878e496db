/**
 * The thread a hub is: a Worker with a socket, so that others go on while this process's own code computes for seconds. An entry
 * point of its own inside the executable (scripts/build/compile.ts). It ends with its process, and everything shared with it.
 */
import { Arena } from "../arena.ts";
import { basesOfFolders, HUB_SOCKET } from "../files.ts";
import { Cutter, Out } from "../frames.ts";
import { type Circle, keyOf } from "./circles.ts";
import { Guest, Hub } from "./hub.ts";
import { removeLeftovers } from "./leftovers.ts";

declare const self: Worker;

/** What it is told: where the memory is, and where its socket is to be. */
export interface HubJob {
  readonly folder: string;
}

/** What it says: that it listens; circles that it has found, each once. */
export type HubWord = "listening" | { readonly circle: Circle };

/** Who has waited for a lock for longer, ms, is looked at … */
const LONG_MS = 1_000;
/** … so often, while anybody waits. */
const LOOK_MS = 500;

interface Connected {
  readonly guest: Guest;
  readonly cutter: Cutter;
  readonly out: Out;
}

function listen(folder: string): void {
  const hub = new Hub(new Arena(folder), () => look());
  const told = new Set<string>();
  let isLooking = false;
  const look = () => {
    if (isLooking) return;
    isLooking = true;
    setTimeout(() => {
      isLooking = false;
      for (const circle of hub.circles(LONG_MS)) {
        if (told.has(keyOf(circle))) continue;
        told.add(keyOf(circle));
        postMessage({ circle } satisfies HubWord);
      }
      if (hub.isLockWaited) look();
    }, LOOK_MS);
  };
  Bun.listen<Connected>({
    unix: `${folder}/${HUB_SOCKET}`,
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
    postMessage("listening" satisfies HubWord);
    void removeLeftovers(basesOfFolders());
  };
