/** A held lock. */

import { isNamed, type Opened } from "./file.ts";
import { forget, rememberHeld } from "./held-locks.ts";
import type { HeldLock } from "./lockfile.ts";
import type { OwnerRecord } from "./owner.ts";
import { type ReleaseOutcome, release, rewriteHead } from "./release.ts";
import { startOf } from "./system/identity.ts";
import { isExpected, turnstileOf } from "./wait/turnstile.ts";

/** What is needed only where somebody waits: each file that is loaded is felt at a start. */
const removeLeftover = (file: string, command: readonly string[]): void =>
  (require("./leftover.ts") as typeof import("./leftover.ts")).removeLeftover(file, command);

/** What `release` leaves: see {@link LockHandle.release}. */
export interface HandleOptions {
  /** Leave the file there after release, as a tombstone. */
  readonly keep?: boolean;
}

/** A lock this process holds, until `release` or the end of the process. */
export class LockHandle implements AsyncDisposable, Disposable {
  /** The dead owner this lock was adopted from; null if it was simply free. */
  readonly recovered: OwnerRecord | null;
  #owner: OwnerRecord;
  #opened: Opened | undefined;

  constructor(
    /** The absolute path of the lock file. */
    readonly path: string,
    held: HeldLock,
    /** How long it took to get it, in ms. */
    readonly waitedMs: number,
    private readonly options: HandleOptions = {},
  ) {
    this.recovered = held.recovered;
    this.#owner = held.owner;
    this.#opened = held.opened;
    rememberHeld(this);
  }

  /** The record in the file. */
  get owner(): OwnerRecord {
    return this.#owner;
  }

  /** The descriptor a command inherits so that it keeps the lock; undefined once released. */
  get fd(): number | undefined {
    return this.#opened?.fd;
  }

  /** Whether the lock is held and its file is still there, the same. Somebody who removes it lets others in. */
  get intact(): boolean {
    return this.#opened !== undefined && isNamed(this.path, this.#opened);
  }

  /** Names the command that runs under the lock in the record. */
  nameChild(child: number): void {
    if (this.#opened === undefined) return;
    this.#owner = { ...this.#owner, child, childStarted: startOf(child) };
    if (this.intact) rewriteHead(this.path, this.#opened, this.#owner);
  }

  /**
   * Lets go; the second time does nothing. The answer is how the file was found: `removed` or `replaced` by somebody else
   * means that the lock protected nothing from then on. @throws LanesError if the file cannot be removed; the lock is free all the same.
   */
  release(): ReleaseOutcome {
    const opened = this.#opened;
    if (opened === undefined) return "released";
    this.#opened = undefined;
    forget(this);
    // Somebody sleeps on this very file: it takes it over as it is, sooner than it could make a new one.
    const { keep } = this.options;
    const isLeft = !keep && !this.#owner.found && isExpected(turnstileOf(this.path));
    const ending = release(this.path, opened, this.#owner.found ? "always" : keep || isLeft ? "once" : "no");
    if (isLeft) removeLeftover(this.path, this.#owner.command);
    return ending;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}
