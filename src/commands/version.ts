/** `lanes --version`: loads nothing else (`node:fs` alone would cost it 1 ms), because scripts ask it often. */
import { commit, target, version } from "../version.ts";

/** Prints version, Bun version, target and commit. @returns the exit code. */
export async function printVersion(): Promise<number> {
  try {
    await Bun.write(Bun.file(1), `lanes ${version}\nbun ${Bun.version}\ntarget ${target}\ncommit ${commit}\n`);
    return 0;
  } catch (error) {
    return (await import("../cli/report.ts")).report(error);
  }
}
