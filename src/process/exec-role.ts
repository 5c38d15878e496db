/** The process that becomes a command (os/spawnable.ts): what main.ts runs when it finds the sentinel. */
import { become } from "../os/exec/exec.ts";
import { readExecWords } from "../os/exec/exec-words.ts";

/** Becomes the command. @returns the exit code, if these are no words for it. @throws LanesError if it cannot be executed. */
export async function runExecRole(words: readonly string[]): Promise<number> {
  const exec = readExecWords(words);
  if (exec === undefined) return 2;
  const error = become(exec);
  // Loaded only now: each command that can be executed would have to wait for it.
  const { ExitCode, LanesError } = await import("../errors.ts");
  const { errnoName } = await import("../os/errno.ts");
  const params = { name: exec.argv[0] ?? "", code: errnoName(error) };
  throw new LanesError("error.command.notExecutable", params, { exitCode: ExitCode.notExecutable });
}
