/**
 * Who looks at a stream, and how it may be written to: the one answer for stdout and for stderr, each asked by itself, because
 * one of them is often a file while the other is a terminal.
 */
import { isTerminal, windowSize } from "../os/tty/tty.ts";
import type { Style } from "../terminal/style.ts";

/** What the options of a line say of how anything may look. */
export interface Look {
  readonly noColor: boolean;
  readonly ascii: boolean;
}

/** Whether lines on it may be drawn over: a terminal that can, and no CI run, whose log would keep every frame. */
export function canDraw(fd: 1 | 2): boolean {
  return isTerminal(fd) && !process.env.CI && process.env.TERM !== "dumb";
}

/** Whether a person sits at it: can read what is on it, and answer. */
export function isInteractive(fd: 1 | 2 = 1): boolean {
  return canDraw(fd) && isTerminal(0);
}

/** Whether escape sequences for colour may be written to it: a terminal, and nobody asked for none (https://no-color.org). */
export function mayColor(fd: 1 | 2, { noColor }: Pick<Look, "noColor">): boolean {
  return !noColor && !process.env.NO_COLOR && process.env.TERM !== "dumb" && isTerminal(fd);
}

/** How text for a person is to look on it: as wide as the terminal, or 80 columns. */
export function styleOn(fd: 1 | 2, look: Look): Style {
  return { color: mayColor(fd, look), ascii: look.ascii, columns: windowSize(fd).columns };
}
