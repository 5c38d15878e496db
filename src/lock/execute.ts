/**
 * Starting the command that runs under a lock, so that it notices nothing of it: the same terminal, the same process group,
 * the same descriptors, the same ignored signals; and saying why it cannot be started in the words of POSIX shells: 127 not
 * found, 126 found but not executable.
 */
import { ExitCode, errnoCode, LanesError } from "../errors.ts";
import { environment } from "../os/bytes.ts";
import { spawnable } from "../os/spawnable.ts";
import { tokensForChild, tokensVariable } from "./held.ts";
import { sys } from "./sys.ts";

/** Shell scripts use the descriptors up to 9; the lock stays out of their way. */
const firstLockFd = 10;

/** What the command is to get from us. */
export interface Inheritance {
  /** Descriptors above 2, under the same numbers. */
  readonly descriptors: readonly number[];
  /** Numbers of the signals it ignores from its start. */
  readonly ignored: readonly number[];
  /** The lock's descriptor; without it the command does not keep the lock. */
  readonly lock?: number | undefined;
}

/** Starts a command. @throws LanesError (exit code 126 or 127) if it cannot be executed. */
export function execute(command: readonly string[], inheritance: Inheritance): Bun.Subprocess {
  const stdio = stdioOf(inheritance);
  const env = { ...environment(), [tokensVariable]: tokensForChild() };
  try {
    const words = spawnable(ignoring(inheritance.ignored, command), env, stdio);
    return Bun.spawn(words.cmd, { stdio, env: words.env });
  } catch (error) {
    // A script without #!: execvp(3) and every shell hand it to sh.
    if (errnoCode(error) === "ENOEXEC") return Bun.spawn(["/bin/sh", ...command], { stdio, env });
    throw cannotExecute(command[0] ?? "", error);
  }
}

type Stdio = (number | "inherit" | "ignore")[];

/** Every descriptor under its own number, the lock under one that is free; "ignore" above 2 leaves the number unused. */
function stdioOf({ descriptors, lock }: Inheritance): ["inherit", "inherit", "inherit", ...Stdio] {
  const places = new Map(descriptors.map((fd) => [fd, fd]));
  if (lock !== undefined) {
    let at = firstLockFd;
    while (places.has(at)) at += 1;
    places.set(at, lock);
  }
  const extra = Array.from({ length: Math.max(2, ...places.keys()) - 2 }, (_, at) => places.get(at + 3) ?? "ignore");
  return ["inherit", "inherit", "inherit", ...extra];
}

/** Bun starts its children with no signal ignored: where some have to be, a shell ignores them and becomes the command. */
function ignoring(signals: readonly number[], command: readonly string[]): string[] {
  const [name = ""] = command;
  // What cannot be found had better fail in our words than in the shell's.
  if (signals.length === 0 || Bun.which(name) === null) return [...command];
  return ["/bin/sh", "-c", `trap '' ${signals.join(" ")}; exec "$@"`, name, ...command];
}

function cannotExecute(name: string, error: unknown): LanesError {
  const code = errnoCode(error) ?? String(error);
  const missing = code === "ENOTDIR" || (code === "ENOENT" && !isSomewhere(name));
  if (missing) return new LanesError("lock.notFound", { name }, { exitCode: ExitCode.notFound, cause: error });
  return new LanesError("lock.notExecutable", { name, code }, { exitCode: ExitCode.notExecutable, cause: error });
}

/** Whether there is a file of this name, though without permission to execute it, or without the interpreter it asks for. */
function isSomewhere(name: string): boolean {
  if (name === "") return false;
  const folders = name.includes("/")
    ? [""]
    : (environment().PATH ?? "").split(":").map((folder) => `${folder || "."}/`);
  return folders.some((folder) => {
    try {
      return sys().statAt(`${folder}${name}`)?.isFolder === false;
    } catch {
      return false;
    }
  });
}
