/** Names of users. */

/** The name of a user of this machine, by /etc/passwd; undefined if it is not in there. */
export function userName(uid: number): string | undefined {
  try {
    const { readFileSync } = process.getBuiltinModule("node:fs");
    const entries = readFileSync("/etc/passwd", "utf8").split("\n");
    return entries.map((line) => line.split(":")).find(([, , its]) => its === String(uid))?.[0];
  } catch {
    return undefined;
  }
}

/** Whether others than its owner may read, write or execute it. */
export const isForOthers = ({ mode }: { readonly mode: number }): boolean => (mode & 0o077) !== 0;
