/** Command lines as one would type them. */
import { givenArguments } from "../os/bytes/bytes.ts";

/** A word as one would type it into a shell. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command line of this process. */
export function typedCommand(): string {
  return ["lanes", ...givenArguments()].map(shellQuoted).join(" ");
}
