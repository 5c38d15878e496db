/** Lines at the bottom of what was written, drawn over and over in place, without waiting for the terminal. */
import { CLEAR_BELOW, CLEAR_LINE_END, upToStart } from "./ansi.ts";
import type { Terminal } from "./terminal.ts";

const LINE_FEED = "\n".charCodeAt(0);

/** The lines may change in number but must fit on the screen. */
export class Frame {
  #height = 0;
  /** What stands above is not at the end of its line. */
  #midLine = false;

  constructor(readonly terminal: Pick<Terminal, "rows" | "offer" | "isOut" | "withdraw">) {}

  /** Draws the lines where the last ones were; below what stands there, be its last line whole or not. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, this.terminal.rows - 1));
    const top = this.#midLine ? "\r\n" : this.#toTop();
    this.terminal.offer(top + shown.map((line) => CLEAR_LINE_END + line).join("\r\n") + CLEAR_BELOW + "\r\n");
    this.#height = shown.length;
    this.#midLine = false;
  }

  /** Takes the lines away; what the terminal has taken of them only in part stays there. */
  clear(): void {
    if (!this.terminal.isOut) this.terminal.withdraw();
    else if (this.#height > 0) this.terminal.offer(this.#toTop() + CLEAR_BELOW);
    this.#height = 0;
  }

  /**
   * Takes the lines away, for something else that is going to be written in their place, by whoever it may be.
   * @param text all of it, or its end.
   */
  giveWay(text: string | Uint8Array): void {
    this.clear();
    const end = text.at(-1);
    if (end !== undefined) this.#midLine = end !== "\n" && end !== LINE_FEED;
  }

  /** What is on the screen is no longer what was drawn: the next frame begins where the cursor is. */
  forget(): void {
    this.#height = 0;
    this.#midLine = false;
  }

  #toTop(): string {
    return upToStart(this.#height);
  }
}
