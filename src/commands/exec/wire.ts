/** `lanes exec`, done: the program in this very process, or, if what it does is to be seen, in one of its own that is watched. */
import { runMain } from "../../api/main-program.ts";
import { never } from "../../os/awake.ts";
import { enterGeneration } from "../../process/reexec.ts";
import { userFile } from "../user-file.ts";
import type { ExecRequest } from "./request.ts";

/** Runs it. @returns the exit code, if this process does not end by itself with the program's. @throws LanesError (usage). */
export async function runExec({ file, args }: ExecRequest): Promise<number> {
  const { path, real } = userFile(file, "exec.folder");
  enterGeneration();
  await runMain(real, [path, ...args]);
  return never;
}
