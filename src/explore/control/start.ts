/** Starting a command so that it is ordered from its first instruction on. */
import { closeSync, openSync } from "node:fs";
import { spawnCommand } from "../../os/exec/posix-spawn.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { libcFunctions } from "../../os/libc.ts";
import { restoring } from "../../os/signals.ts";
import { CONTROL, type Ptrace } from "../../trace/ptrace.ts";
import type { ControlRequest } from "./messages.ts";

/** A shell that goes to the folder, stops until it is traced, and becomes the command. */
const BEGIN = 'cd -- "$1" && shift && kill -STOP $$ && exec "$@"';
const SHELL = "/bin/sh";
const WUNTRACED = 2;
const ENOENT = 2;

/** Starts the shell and takes it over; it has not executed the command yet. @returns its pid, or the error number. */
export function startTraced(
  { argv, env, folder }: ControlRequest,
  output: readonly number[],
  ptrace: Ptrace,
): { readonly pid: number } | { readonly errno: number } {
  const nothing = openSync("/dev/null", "r");
  const spawned = spawnCommand({
    path: SHELL,
    argv: [SHELL, "-c", BEGIN, SHELL, folder, ...restoring(env, argv[0] ?? ""), ...argv],
    env,
    descriptors: new Map([
      ...givenDescriptors().map((fd) => [fd, fd] as const),
      ...[nothing, ...output].map((fd, at) => [at, fd] as const),
    ]),
  });
  closeSync(nothing);
  if ("errno" in spawned) return spawned;
  const { pid } = spawned;
  const { waitpid } = libcFunctions({ waitpid: { args: ["i32", "ptr", "i32"], returns: "i32" } });
  const status = new Int32Array(1);
  waitpid(pid, status, WUNTRACED); // until it has stopped itself
  if ((status[0]! & 0xff) !== 0x7f) return { errno: ENOENT }; // the folder is gone
  const errno = ptrace.seize(pid, CONTROL);
  process.kill(pid, errno === 0 ? "SIGCONT" : "SIGKILL");
  if (errno === 0) return { pid };
  waitpid(pid, status, 0);
  return { errno };
}
