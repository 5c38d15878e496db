/** Runs a command under a lock for `lanes lock`. Loads nothing it does not need. */
import { ExitCode, LanesError } from "../../errors.ts";
import type { LockRequest } from "./request.ts";
import { runLocked } from "./run-locked.ts";

/** Runs a request. @returns the exit code. @throws LanesError with the exit code for what went wrong. */
export async function runLock(request: LockRequest, quiet: boolean): Promise<number> {
  try {
    if (request.on !== undefined) {
      return await (await import("./farm/run-locked.ts")).runLockedOnFarm({ ...request, on: request.on, quiet }, tell);
    }
    return await runLocked({ ...request, quiet }, tell);
  } catch (error) {
    if (!(error instanceof LanesError) || error.exitCode !== ExitCode.notAcquired) throw error;
    if (!quiet) tell(error.message);
    return request.conflictCode;
  }
}

/** A line on stderr. There is nobody to tell that it could not be written. */
function tell(line: string): void {
  try {
    process.getBuiltinModule("node:fs").writeSync(2, `lanes: ${line}\n`);
  } catch {
    // see above
  }
}
