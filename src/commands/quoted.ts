/** Command lines as one would type them. */

/** A word as one would type it into a shell. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command line of this process. */
export function typedCommand(): string {
  return ["lanes", ...process.argv.slice(2)].map(shellQuoted).join(" ");
}
