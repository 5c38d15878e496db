/**
 * An event between processes: one says that something has happened, all who wait for it go on.
 *
 * THE EVENT is a file that is there (set) or not (clear), so any program can set it, clear it or look, and it survives
 * whoever set it. Who waits watches the file's folder (path-watch.ts): the kernel wakes all of them at once, and nobody who comes
 * later waits at all.
 *
 * It is a state, not a message: set and cleared again at once it may pass unseen. Nobody owns it, so nobody's death, kill -9
 * included, clears or sets it; who waits for a setter that died waits until it is told not to.
 */
import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { errnoCode } from "../../errors.ts";
import { cannotLock } from "../lock-errors.ts";
import { absolute, folderOf } from "../path.ts";
import { PathWatch } from "./path-watch.ts";

export interface EventWait {
  /** Aborting it ends the wait, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, if the event is not set yet. */
  readonly onWait?: (() => void) | undefined;
}

export class SharedEvent implements Disposable {
  /** The absolute path of the file. */
  readonly path: string;
  #watch: PathWatch | undefined;

  /** On a path in a folder that exists; nothing is done to it. */
  constructor(path: string) {
    this.path = absolute(path);
  }

  get isSet(): boolean {
    return existsSync(this.path);
  }

  /** Lets everybody go on who waits, or is going to. Does nothing if it is set. @throws LanesError if the file cannot be made. */
  set(): void {
    try {
      closeSync(openSync(this.path, "wx", 0o600));
    } catch (error) {
      if (errnoCode(error) !== "EEXIST") throw cannotLock(this.path, error);
    }
  }

  /** From now on one has to wait. */
  clear(): void {
    rmSync(this.path, { force: true });
  }

  /** Waits until it is set; at once if it is. Does not keep the process alive. @throws the signal's reason when it is aborted. */
  async wait({ signal, onWait }: EventWait = {}): Promise<void> {
    if (this.isSet) return;
    onWait?.();
    this.#watch ??= new PathWatch(folderOf(this.path));
    await this.#watch.until(() => this.isSet, signal);
  }

  /** Lets go of the watch; the event stays as it is. */
  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]();
  }
}
