/** `lanes --version`: loads nothing else, because scripts ask it often. */
import { writeSync } from "node:fs";
import { commit, target, version } from "../version.ts";

/** Prints version, Bun version, target and commit. @returns the exit code. */
export async function printVersion(): Promise<number> {
  try {
    writeSync(1, `lanes ${version}\nbun ${Bun.version}\ntarget ${target}\ncommit ${commit}\n`);
    return 0;
  } catch (error) {
    return (await import("./report.ts")).report(error);
  }
}
