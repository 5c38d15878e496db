/** What one has, until a block ends. */

/** `using held = await lock.hold()`. */
export class Hold implements Disposable {
  #release: (() => void) | null;

  constructor(
    release: () => void,
    /** The last who had it died with it: what it protects may be half done. */
    readonly recovered: boolean,
  ) {
    this.#release = release;
  }

  /** Once; later calls do nothing. */
  release(): void {
    const release = this.#release;
    this.#release = null;
    release?.();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
