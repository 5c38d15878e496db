/** This program, started again in another role. */

/** The first argument of a process that is to become a command in bytes that Bun.spawn cannot pass on (spawnable.ts). */
export const EXEC_SENTINEL = "--lanes-exec";

/** The command that starts this program in another role: the same executable, and the script only from source. */
export function selfCommand(sentinel: string, ...args: string[]): string[] {
  const script = Bun.isStandaloneExecutable ? [] : [`${import.meta.dir.slice(0, -"/os/exec".length)}/main.ts`];
  return [process.execPath, ...script, sentinel, ...args];
}
