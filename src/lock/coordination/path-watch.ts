/**
 * Waiting until something can be seen at a path, woken by the kernel when what is there changes (inotify, kqueue: fs.watch).
 * A notice only says "look": what counts is what one sees, so it does no harm if one comes too often, or late.
 *
 * Nor if one does not come. Of several changes within some ms Bun 1.4.5 tells the first one only, so after each notice one
 * looks a few times more, ever more seldom; and now and then anyway, or every few ms where there can be no watch at all
 * (a user has a limited number of them).
 */
import { type FSWatcher, watch } from "node:fs";

/** When to look after a notice, ms after the look before. */
const laterMs = [1, 2, 4, 8, 16, 32];
/** How often one looks without being told; and without a watch. */
const seldomMs = 100;
const blindMs = 5;

/** A watch on a file or folder that exists. */
export class PathWatch implements Disposable {
  readonly #watcher: FSWatcher | undefined;
  #look = () => {};
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(path: string) {
    this.#watcher = watcherOf(path, () => this.#told());
  }

  /**
   * Resolves as soon as `look` says yes. One wait at a time; it does not keep the process alive.
   * @throws the signal's reason when it is aborted; what `look` throws.
   */
  async until(look: () => boolean, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const seen = Promise.withResolvers<void>();
    const leave = () => seen.reject(signal?.reason);
    this.#look = () => {
      try {
        if (look()) seen.resolve();
      } catch (error) {
        seen.reject(error);
      }
    };
    const timer = setInterval(() => this.#look(), this.#watcher === undefined ? blindMs : seldomMs).unref();
    signal?.addEventListener("abort", leave);
    try {
      this.#told(); // what happened before somebody waited
      await seen.promise;
    } finally {
      this.#look = () => {};
      signal?.removeEventListener("abort", leave);
      clearInterval(timer);
      clearTimeout(this.#later);
    }
  }

  [Symbol.dispose](): void {
    this.#watcher?.close();
  }

  #told(looks = 0): void {
    this.#look();
    clearTimeout(this.#later);
    const ms = laterMs[looks];
    if (ms !== undefined) this.#later = setTimeout(() => this.#told(looks + 1), ms).unref();
  }
}

function watcherOf(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on("error", () => {}); // the looks go on without it
    return watcher;
  } catch {
    return undefined;
  }
}
