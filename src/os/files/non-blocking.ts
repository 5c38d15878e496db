/** An open file that is never waited for, where others have the same one that waits. */
import { constants, openSync, writeSync } from "node:fs";
import { errnoCode } from "../../errors.ts";
import { procPath } from "../platform.ts";

/**
 * The same pipe or terminal, to be written to without blocking: O_NONBLOCK on an open file of our own concerns nobody else
 * (proc_pid_fd(5)). Null where there is none: a socket, another user's terminal, no /proc.
 */
export function openNonBlocking(fd: number): number | null {
  try {
    return openSync(procPath(`self/fd/${fd}`), constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
}

/**
 * Writes what a descriptor that does not block takes of it. @returns how many bytes; 0 if none at this moment.
 * @throws Error if it cannot be written to any more.
 */
export function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if (errnoCode(error) === "EAGAIN" || errnoCode(error) === "EINTR") return 0;
    throw error;
  }
}
