/** Runs a command under a lock for `lanes lock`. Loads nothing it does not need: see lock-request.ts. */
import { ExitCode, LanesError } from "../errors.ts";
import { languageFrom, setLanguage } from "../i18n/index.ts";
import { guard } from "../lock/guard.ts";
import { type LockRequest, plainRequest } from "./lock-request.ts";

/** Runs a plain `lanes lock` line. @returns its exit code; undefined if the line has to be parsed in earnest. */
export async function runPlainLock(args: readonly string[]): Promise<number | undefined> {
  const request = plainRequest(args);
  if (request === undefined) return undefined;
  setLanguage(languageFrom(undefined, process.env));
  try {
    return await runLock(request, false);
  } catch (error) {
    const { report } = await import("./report.ts");
    return report(error);
  }
}

/** Runs a request. @returns the exit code. @throws LanesError with the exit code for what went wrong. */
export async function runLock(request: LockRequest, quiet: boolean): Promise<number> {
  try {
    return await guard({ ...request, quiet }, tell);
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
