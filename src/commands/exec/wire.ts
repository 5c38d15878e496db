/** `lanes exec`, done: the program in this very process, or, if what it does is to be seen, in one of its own that is watched. */
import { runMain } from "../../api/program/main-program.ts";
import { ExitCode } from "../../errors.ts";
import { never } from "../../os/awake.ts";
import { enterGeneration } from "../../process/reexec.ts";
import { wantsExport } from "../export-options.ts";
import { userFile } from "../user-file.ts";
import type { ExecRequest } from "./request.ts";

/** Whether somebody wants to see or to keep what happens. */
function isWatched({ options }: ExecRequest): boolean {
  return Boolean(options.live || options.json || options.jsonl) || wantsExport(options);
}

/** Runs it. @returns the exit code, if this process does not end by itself with the program's. @throws LanesError (usage). */
export async function runExec(request: ExecRequest): Promise<number> {
  const { file, args } = request;
  const { path, real } = userFile(file, "exec.folder");
  if (request.options.check) {
    const code = await (await import("../check/wire.ts")).runCheck([file]);
    if (code !== ExitCode.ok) return code;
  }
  if (isWatched(request)) return (await import("./watched.ts")).execWatched(request, path, real);
  enterGeneration();
  await runMain(real, [path, ...args]);
  return never;
}
