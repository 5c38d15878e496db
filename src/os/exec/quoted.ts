/** Command lines as one would type them. */

/** A word as one would type it into a shell. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command line, its words as one would type them into a shell. */
export function typedLine(argv: readonly string[]): string {
  return argv.map(shellQuoted).join(" ");
}
