/** This program, started again in another role. */
import { isLibrary, ownRoot } from "../files/own-files.ts";

/** The first argument of a process that is to become a command in bytes that Bun.spawn cannot pass on (spawnable.ts). */
export const EXEC_SENTINEL = "--lanes-exec";

/** The command that starts this program in another role: the same executable, and the script only from source. */
export function selfCommand(sentinel: string, ...args: string[]): string[] {
  if (isLibrary) return [process.execPath, `${ownRoot}api/program/library-child.js`, sentinel, ...args];
  const script = Bun.isStandaloneExecutable ? [] : [`${ownRoot}main.ts`];
  return [process.execPath, ...script, sentinel, ...args];
}
