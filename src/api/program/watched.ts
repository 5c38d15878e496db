/** The user's program in a process of its own, which another lanes watches: as without, but that what happens is recorded. */
import { ExitCode, LanesError } from "../../errors.ts";
import { never } from "../../os/awake.ts";
import { writeErr } from "../../os/stdout.ts";
import { runMain } from "./main-program.ts";
import { recordProgram } from "./self.ts";

/** Runs it, recorded. Resolves, if at all, to its exit code. */
export async function runWatched(file: string, argv: readonly string[]): Promise<number> {
  recordProgram();
  try {
    await runMain(file, argv);
  } catch (error) {
    if (!(error instanceof LanesError)) throw error;
    writeErr(`lanes: ${error.message}\n`);
    return error.exitCode ?? ExitCode.failed;
  }
  return never;
}
