/**
 * The lock file of `lanes lock FILE`, for programs that know nothing of each other: whoever holds the file, a shell script
 * or a process of another program, holds it against all.
 *
 * Within this process tasks take it one after another, in the order of asking: the file only knows processes.
 */
import { ExitCode, LanesError } from "../errors.ts";
import type { LockHandle } from "../lock/index.ts";
import type { WaitOptions } from "../memory/index.ts";
import { within } from "../process/within.ts";
import { ProcessError } from "./errors.ts";
import { ADDRESS } from "./sendable.ts";

/** The last of this process's tasks in line, by absolute path: resolves when it has let go. */
const lines = new Map<string, Promise<void>>();
/** What this process holds. */
const held = new Map<string, { readonly lock: LockHandle; readonly done: () => void }>();

export class FileLock {
  readonly #path: string;

  /** @param path of the lock file; made when it is taken, removed when it is released. */
  constructor(path: string) {
    this.#path = process.getBuiltinModule("node:path").resolve(path);
    Object.defineProperty(this, ADDRESS, { enumerable: true, get: () => ({ kind: "file-lock", path: this.#path }) });
  }

  /** Its absolute path. */
  get path(): string {
    return this.#path;
  }

  /** Takes it if it is free at this moment. @throws LanesError if there can be no lock at this path. */
  tryAcquire(): boolean {
    if (lines.has(this.#path)) return false;
    const { tryLock } = require("../lock/index.ts") as typeof import("../lock/index.ts");
    const lock = tryLock(this.#path);
    if (lock === null) return false;
    this.#hold(lock, this.#stand().leave);
    return true;
  }

  /**
   * Takes it, and waits for it if need be.
   * @returns false when the timeout is over.
   * @throws the signal's reason; LanesError if there can be no lock at this path.
   */
  async acquire({ timeout, signal }: WaitOptions = {}): Promise<boolean> {
    signal?.throwIfAborted();
    const until = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
    const { before, leave } = this.#stand();
    // A wait for another process is nothing the event loop would stay for.
    const awake = setInterval(() => {}, 2 ** 31 - 1);
    try {
      if (before !== undefined && !(await within(timeout, before, signal))) {
        void before.then(leave);
        return false;
      }
      const { lock } = await import("../lock/index.ts");
      const wait = timeout === undefined ? undefined : Math.max(0, until - performance.now());
      this.#hold(await lock(this.#path, { wait, signal }), leave);
      return true;
    } catch (error) {
      // Who gives up in the middle of the line leaves when it would have been its turn.
      void (before ?? Promise.resolve()).then(leave);
      if (error instanceof LanesError && error.exitCode === ExitCode.notAcquired) return false;
      throw error;
    } finally {
      clearInterval(awake);
    }
  }

  /** Lets go. @throws ProcessError if this process does not hold it. */
  release(): void {
    const mine = held.get(this.#path);
    if (mine === undefined) throw new ProcessError("api.lock.notHeld", { path: this.#path });
    held.delete(this.#path);
    try {
      mine.lock.release();
    } finally {
      mine.done();
    }
  }

  /** `using _ = await lock.hold()`: takes it until the end of the block. @throws as {@link acquire}; LanesError when the timeout is over. */
  async hold(options: WaitOptions = {}): Promise<Disposable & { readonly recovered: boolean }> {
    if (!(await this.acquire(options))) throw new ProcessError("api.lock.timeout", { path: this.#path });
    const mine = held.get(this.#path)?.lock;
    return {
      /** The last holder died with it. */
      recovered: mine?.recovered !== null,
      [Symbol.dispose]: () => {
        if (held.get(this.#path)?.lock === mine) this.release();
      },
    };
  }

  /** Does something while holding it. @throws as {@link hold}; what `body` throws. */
  async with<T>(body: () => T | Promise<T>, options: WaitOptions = {}): Promise<T> {
    using _held = await this.hold(options);
    return await body();
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

  #hold(lock: LockHandle, done: () => void): void {
    held.set(this.#path, { lock, done });
  }
}
