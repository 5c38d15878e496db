/** What goes wrong between a process and its child, in words that say what to do. */
import { errnoCode, LanesError } from "../errors.ts";
import type { ErrorData } from "../thrown.ts";
import { buildId } from "../version.ts";
import { unclonablePath } from "./clone.ts";

/** What a child threw: its name and message, and its own stack under the parent's. */
export class RemoteError extends Error {
  constructor(
    /** The process that threw it. */
    readonly processName: string,
    /** What was thrown, as the child saw it. */
    readonly remote: ErrorData,
  ) {
    super(`${processName}: ${remote.name}: ${remote.message}`);
    this.name = "RemoteError";
    this.stack = `${this.message}\n  in ${processName}:\n${remote.stack.replace(/^/gm, "    ")}`;
  }
}

/** Anything thrown, in a form that survives the crossing. */
export function errorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: "" };
  return { name: error.name, message: error.message, stack: error.stack ?? "" };
}

/** Why the system would not start a process. */
export function spawnError(name: string, error: unknown): LanesError {
  const code = errnoCode(error) ?? "";
  const cause = { cause: error };
  if (code === "EAGAIN" || code === "ENOMEM") return new LanesError("error.spawn.again", { name }, cause);
  if (code === "EMFILE" || code === "ENFILE") return new LanesError("error.spawn.files", { name, code }, cause);
  if (code === "ENOENT" || code === "EACCES")
    return new LanesError("error.spawn.gone", { name, path: process.execPath }, cause);
  return new LanesError(
    "error.spawn.other",
    { name, reason: error instanceof Error ? error.message : String(error) },
    cause,
  );
}

/** The arguments or the state cannot be sent; `parts` are what was to be sent, by the name a person knows it under. */
export function cloneError(name: string, parts: Readonly<Record<string, unknown>>, error: unknown): LanesError {
  const path =
    Object.entries(parts)
      .map(([part, value]) => unclonablePath(value, part))
      .find(Boolean) ?? "";
  const reason = error instanceof Error ? error.message : String(error);
  return new LanesError("error.clone", { name, path, reason }, { cause: error });
}

/** The child is another build of lanes: the file was replaced while this one ran. */
export function replacedError(name: string, other: string): LanesError {
  return new LanesError("error.spawn.replaced", { name, path: process.execPath, mine: buildId, other });
}

/** The child ended without a word; `signal` if one ended it. */
export function silentError(name: string, pid: number, signal: string | null, exitCode: number | null): LanesError {
  if (signal !== null) return new LanesError("error.spawn.killed", { name, pid, signal });
  const ending = `exit code ${exitCode}`;
  return new LanesError("error.spawn.silent", { name, pid, ending, path: process.execPath });
}

/** What a process is called and how it ended: a Process has it all. */
interface Ended {
  readonly name: string;
  readonly pid: number | null;
  readonly signal: string | null;
  readonly exitCode: number | null;
}

/** The child had begun, and ended without having said what was expected of it. */
export function lostError({ name, pid, signal, exitCode }: Ended): LanesError {
  return new LanesError("error.process.lost", { name, pid: pid ?? 0, ending: signal ?? `exit code ${exitCode}` });
}
