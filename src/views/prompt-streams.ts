/**
 * What @clack/core reads from and writes to. It gets keys one by one and never the terminal itself, whose mode is not its
 * to change; what it writes goes out at once, in the terminal's size and with its alphabet.
 */
import { Readable, Writable } from "node:stream";
import type { Terminal } from "./terminal.ts";

/** Keys, pushed. */
export class PromptInput extends Readable {
  override _read(): void {}
}

export class PromptOutput extends Writable {
  readonly isTTY = true;
  readonly #terminal: Terminal;
  readonly #stopResize: () => void;

  constructor(terminal: Terminal) {
    super({ decodeStrings: false });
    this.#terminal = terminal;
    this.#stopResize = terminal.onResize(() => this.emit("resize"));
  }

  get columns(): number {
    return this.#terminal.columns;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.#terminal.write(chunk.toString());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stopResize();
    done(error);
  }
}
