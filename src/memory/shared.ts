/**
 * Where a process finds what it shares: its own hub, with what it has made itself, and the hubs of others, with what it was
 * given. Its own one costs nothing until something of it is sent to another process, or has to be waited for.
 */
import { LanesError } from "../errors.ts";
import { ownThread } from "../os/files/own-files.ts";
import { Arena } from "./arena.ts";
import { HubConnection } from "./connection.ts";
import { ended, makeFile, makeFolder, mapFile, removeFolder } from "./files.ts";
import type { HubJob, HubWord } from "./hub/thread.ts";
import { emitCircle } from "./watch.ts";
import { OWNER } from "./word.ts";

/** As it is now: what a program makes of its own workers is not for this thread. */
const Thread = globalThis.Worker;

export class Shared {
  readonly arena: Arena;
  /** This process's number at that hub; 0 as long as it has none, and then it can hold nothing. */
  peer: number;
  #connection: HubConnection | undefined;
  #folder: string | undefined;
  #memory = 0;

  /** @param folder of a hub that is there; undefined: this process's own. */
  constructor(folder?: string) {
    this.arena = new Arena(folder);
    this.#folder = folder;
    this.peer = folder === undefined ? OWNER : 0;
    if (folder !== undefined) this.#connect(new HubConnection(folder, false));
  }

  /**
   * The folder, by which another process finds it. Starts the hub's thread if it is not there yet.
   * @throws LanesError `memory.full`, `memory.folder`: nothing is shared, and it can be tried again.
   */
  get folder(): string {
    this.#folder ??= this.#open();
    return this.#folder;
  }

  /** Whether it is the hub in this folder. */
  isAt(folder: string): boolean {
    return this.#folder === folder;
  }

  /** The way to the hub. @throws what {@link folder} does. */
  get connection(): HubConnection {
    void this.folder;
    return this.#connection!;
  }

  /** Resolves when this process can hold something. Rejects with LanesError `memory.ended`, `memory.connect`. */
  get ready(): Promise<unknown> {
    return this.peer !== 0 ? Promise.resolve() : this.connection.ready;
  }

  /** Makes memory of its own for an object; returns the name it is mapped by. @throws LanesError `memory.full`. */
  makeMemory(bytes: number): string {
    const name = `memory-${this.peer}-${++this.#memory}`;
    makeFile(this.folder, name, Math.max(1, bytes));
    return name;
  }

  /** @throws LanesError `memory.ended`. */
  mapMemory(name: string): Uint8Array<ArrayBufferLike> {
    return mapFile(this.folder, name);
  }

  #open(): string {
    const folder = makeFolder();
    try {
      this.arena.share(folder);
    } catch (error) {
      removeFolder(folder);
      throw error;
    }
    this.#connect(new HubConnection(folder, true, startThread(folder)));
    atEnd.push(() => removeFolder(folder));
    return folder;
  }

  #connect(connection: HubConnection): void {
    if (atEnd.length === 0) process.on("exit", leave);
    atEnd.push((code) => {
      if (code === 0) connection.bye();
    });
    this.#connection = connection;
    connection.ready.then(
      (peer) => {
        this.peer = peer;
      },
      () => {}, // whoever waits for it is told
    );
  }
}

/** What is to be done when this process ends with an exit code: the hubs of others are told, its own one leaves nothing. */
const atEnd: ((code: number) => void)[] = [];
const leave = (code: number) => {
  for (const each of atEnd.splice(0)) each(code);
};

/** Resolves when it listens. */
function startThread(folder: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  const thread = new Thread(ownThread("memory/hub/thread"));
  thread.unref();
  thread.onmessage = ({ data }: MessageEvent<HubWord>) => {
    if (data === "listening") resolve();
    else emitCircle(data.circle);
  };
  thread.onerror = ({ message }) => reject(new LanesError("memory.hub", { reason: message }));
  thread.postMessage({ folder } satisfies HubJob);
  return promise;
}

let own: Shared | undefined;
const all = new Map<string, Shared>();

/** What this process has made. */
export function ownShared(): Shared {
  own ??= new Shared();
  return own;
}

/** What belongs to the hub in this folder. @throws LanesError `memory.ended` if there is none any more. */
export function sharedAt(folder: string): Shared {
  if (own?.isAt(folder)) return own;
  let shared = all.get(folder);
  if (shared === undefined) {
    try {
      shared = new Shared(folder);
    } catch (error) {
      throw error instanceof LanesError ? error : ended(error);
    }
    all.set(folder, shared);
  }
  return shared;
}
