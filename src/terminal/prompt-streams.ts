/**
 * What @clack/prompts reads from and writes to. It gets keys one by one and never the terminal itself, whose mode is not
 * its to change; what it writes goes out at once, in the terminal's size, with its alphabet, and without colours where
 * there are to be none (the library has no option for either).
 */
import { Readable, Writable } from "node:stream";
import { COLOUR } from "./ansi.ts";
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
    const text = chunk.toString();
    this.#terminal.write(this.#terminal.style.color ? text : text.replace(COLOUR, ""));
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stopResize();
    done(error);
  }
}
