/**
 * The lock file of `lanes lock FILE`, for programs that know nothing of each other: whoever holds the file, a shell script
 * or a process of another program, holds it against all. What holds of it, after kill -9 too, lock/lockfile.ts says.
 *
 * Within this process tasks take it one after another, in the order of asking: the file only knows processes.
 */
import { ExitCode, LanesError } from "../errors.ts";
import type { LockHandle } from "../lock/index.ts";
import { Hold, type NameOptions, timeoutOf, type WaitOptions } from "../memory/index.ts";
import { keepAwake } from "../os/awake.ts";
import { within } from "../process/within.ts";
import { record } from "./program/self.ts";
import { ADDRESS } from "./sending/sendable.ts";

const locks = () => require("../lock/index.ts") as typeof import("../lock/index.ts");

/** The last of this process's tasks in line, by path: resolves when it has let go. */
const lines = new Map<string, Promise<void>>();
/** What this process holds. */
const held = new Map<string, { readonly lock: LockHandle; readonly done: () => void }>();

export class FileLock {
  readonly #path: string;
  readonly #name: string;

  /** @param path of the lock file, from the folder this process is in now; made when it is taken, removed when it is released. */
  constructor(path: string, { name = path }: NameOptions = {}) {
    this.#path = placeOf(path);
    this.#name = name;
    const address = { kind: "file-lock", path: this.#path, name };
    Object.defineProperty(this, ADDRESS, { enumerable: true, get: () => address });
  }

  /** Its absolute path, links to its folder followed. */
  get path(): string {
    return this.#path;
  }

  /** What it is called in the live view and in errors. */
  get name(): string {
    return this.#name;
  }

  /** Whether anybody has it. @throws LanesError if there can be no lock at this path. */
  get isLocked(): boolean {
    const { state } = locks().status(this.#path);
    return state === "held" || state === "foreign";
  }

  /** Takes it if it is free at this moment. @throws LanesError if there can be no lock at this path. */
  tryAcquire(): boolean {
    if (lines.has(this.#path)) return false;
    const lock = locks().tryLock(this.#path);
    if (lock === null) return false;
    this.#taken(lock, this.#stand().leave);
    return true;
  }

  /**
   * Takes it, and waits for it if need be.
   * @returns false when the timeout is over.
   * @throws the signal's reason; LanesError if there can be no lock at this path.
   */
  async acquire(options: WaitOptions = {}): Promise<boolean> {
    const timeout = timeoutOf(options);
    const { signal } = options;
    signal?.throwIfAborted();
    const until = timeout === undefined ? undefined : performance.now() + timeout;
    const { before, leave } = this.#stand();
    let waits = false;
    const onWait = () => {
      if (!waits) record({ type: "wait", on: this.#name });
      waits = true;
    };
    using _awake = keepAwake();
    try {
      if (before !== undefined) {
        onWait();
        if (!(await within(timeout, before, signal))) throw new Late();
      }
      const wait = until === undefined ? undefined : Math.max(0, until - performance.now());
      this.#taken(await locks().lock(this.#path, { wait, signal, onWait }), leave);
      return true;
    } catch (error) {
      // Who gives up in the middle of the line leaves when it would have been its turn.
      void (before ?? Promise.resolve()).then(leave);
      if (waits) record({ type: "run" });
      if (error instanceof Late || (error instanceof LanesError && error.exitCode === ExitCode.notAcquired))
        return false;
      throw error;
    }
  }

  /** Lets go. @throws LanesError `memory.notHeld` if this process does not hold it. */
  release(): void {
    const mine = held.get(this.#path);
    if (mine === undefined) {
      const isWaiting = lines.has(this.#path);
      throw new LanesError(isWaiting ? "memory.notHeldYet" : "memory.notHeld", {
        name: this.#name,
        method: "release()",
      });
    }
    held.delete(this.#path);
    record({ type: "release", on: this.#name });
    try {
      mine.lock.release();
    } finally {
      mine.done();
    }
  }

  /** `using _ = await lock.hold()`: until the block ends. @throws as {@link acquire}; LanesError `memory.timeout`. */
  async hold(options: WaitOptions = {}): Promise<Hold> {
    if (!(await this.acquire(options)))
      throw new LanesError("memory.timeout", { name: this.#name, ms: options.timeout ?? 0 });
    return new Hold(() => this.release(), (held.get(this.#path)?.lock.recovered ?? null) !== null);
  }

  /** Has it while `body` runs. @returns what that returns. @throws as {@link hold}; what `body` throws. */
  async with<T>(body: () => T | Promise<T>, options: WaitOptions = {}): Promise<Awaited<T>> {
    using _ = await this.hold(options);
    return await body();
  }

  /** How it is shown. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `<FileLock ${this.#name}${held.has(this.#path) ? ": held by this process" : ""}>`;
  }

  /** Takes a place in this process's own line. */
  #stand(): { readonly before: Promise<void> | undefined; readonly leave: () => void } {
    const before = lines.get(this.#path);
    const { promise, resolve } = Promise.withResolvers<void>();
    lines.set(this.#path, promise);
    const leave = () => {
      if (lines.get(this.#path) === promise) lines.delete(this.#path);
      resolve();
    };
    return { before, leave };
  }

  #taken(lock: LockHandle, done: () => void): void {
    held.set(this.#path, { lock, done });
    record({ type: "hold", on: this.#name });
  }
}

/** The timeout was over before it was this task's turn. */
class Late extends Error {}

/** One path for one file, by whichever links its folder is reached: this process's tasks meet in one line. */
function placeOf(path: string): string {
  const { basename, dirname, join, resolve } = process.getBuiltinModule("node:path");
  const file = resolve(path);
  try {
    return join(process.getBuiltinModule("node:fs").realpathSync(dirname(file)), basename(file));
  } catch {
    // Whoever takes it is told what is wrong with the folder, if that is still so.
    return file;
  }
}
