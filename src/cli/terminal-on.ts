/** A stream as a terminal to draw on. Apart from audience.ts: loaded only where something is drawn. */
import { Terminal } from "../terminal/terminal.ts";
import { type Look, mayColor } from "./audience.ts";

/** The terminal behind a stream, which has to be one; keys come from stdin. */
export function terminalOn(fd: 1 | 2, look: Look): Terminal {
  return new Terminal({ out: fd, input: () => process.stdin, ascii: look.ascii, color: mayColor(fd, look) });
}
