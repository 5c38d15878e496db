/**
 * Becoming another program: execve(2). This is how a command gets arguments and an environment that are not UTF-8, which
 * Bun.spawn cannot pass on: it starts this program again, which becomes the command. The pid, the group, the descriptors, the
 * folder and what the parent set up for them all stay.
 */
import { type Pointer, ptr } from "bun:ffi";
import { cString } from "../bytes/byte-strings.ts";
import { splitStrings } from "../bytes/bytes.ts";
import { errno, libcFunctions } from "../libc.ts";
import { isLinux, procPath } from "../platform.ts";
import type { Exec } from "./exec-words.ts";

const ENOEXEC = 8;
const F_SETFD = 2;
/** SIGPIPE, SIGXFSZ: what Bun ignores in every process. Bun.spawn starts programs with all signals at their defaults. */
const IGNORED_BY_BUN = [13, 25];

/**
 * Becomes the command; whatever this process has in its environment is the command's, too. Returns only if the system
 * refuses, with the error number. A script without `#!` is run by `sh`, as execvp(3) does.
 */
export function become({ path, argv, variables, descriptors }: Exec): number {
  const { execve, signal, fcntl, dup, dup2, close } = libcFunctions({
    execve: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
    signal: { args: ["i32", "ptr"], returns: "ptr" },
    fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
    dup: { args: ["i32"], returns: "i32" },
    dup2: { args: ["i32", "i32"], returns: "i32" },
    close: { args: ["i32"], returns: "i32" },
  });
  for (const descriptor of descriptors) {
    // Bun has marked them close-on-exec.
    if (isLinux) fcntl(descriptor, F_SETFD, 0);
    else {
      // A copy has no mark; fcntl is variadic, which macOS passes in another way.
      const copy = dup(descriptor);
      dup2(copy, descriptor);
      close(copy);
    }
  }
  for (const number of IGNORED_BY_BUN) signal(number, null);
  const environment = list([...startedWith(), ...variables.map(cString)]);
  const run = (file: string, words: readonly string[]) => {
    execve(pointer(cString(file)), list(words.map(cString)), environment);
    return errno();
  };
  const error = run(path, argv);
  return error === ENOEXEC ? run("/bin/sh", ["/bin/sh", path, ...argv.slice(1)]) : error;
}

/** The environment this process was started with, as C has it. */
function startedWith(): Buffer[] {
  const block = isLinux
    ? splitStrings(process.getBuiltinModule("node:fs").readFileSync(procPath("self/environ")))
    : (require("../bytes/mac-strings.ts") as typeof import("../bytes/mac-strings.ts")).environmentStrings();
  return block.map((entry) => Buffer.concat([entry, Buffer.of(0)]));
}

/** What C has pointers to; kept until this process is another one. */
const kept: (Buffer | BigUint64Array)[] = [];

function pointer(memory: Buffer | BigUint64Array): Pointer {
  kept.push(memory);
  return ptr(memory);
}

/** A `char *[]` with its end. */
const list = (strings: readonly Buffer[]): Pointer =>
  pointer(BigUint64Array.from([...strings.map((string) => BigInt(pointer(string))), 0n]));
