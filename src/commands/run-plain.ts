/** The way to `lanes run` that loads nothing it does not need. */
import { languageFrom, setLanguage } from "../i18n/index.ts";
import { compileLater } from "../jobs/engine.ts";
import { plainRunRequest } from "./run-request.ts";

/** Runs a plain `lanes run` line. @returns its exit code; undefined if the line has to be parsed in earnest. */
export async function runPlainRun(args: readonly string[]): Promise<number | undefined> {
  compileLater();
  setLanguage(languageFrom(undefined, process.env));
  const request = plainRunRequest(args);
  if (request === undefined) return undefined;
  try {
    const { runJobs } = await import("./run-jobs.ts");
    return await runJobs(request);
  } catch (error) {
    const { report } = await import("./report.ts");
    return report(error);
  }
}
