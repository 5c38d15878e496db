/**
 * Text to stdout and stderr, whole and in order. Synchronous: what was written is out when the call returns, whatever
 * happens next, and a program that only prints a line does not pay for Node's streams (4 ms of start-up).
 */
import { openSync, writeSync } from "node:fs";
import { errnoCode, LanesError } from "../errors.ts";
import { isPlaceholder } from "./bun.ts";
import { procPath } from "./platform.ts";
import { procText } from "./process/proc-of.ts";

/** Thrown when the reader of our output is gone (`lanes … | head -1`): end quietly, as a program killed by SIGPIPE would. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of it.
 * @throws OutputClosed if the reader is gone; LanesError `error.output` if it cannot be written (ENOSPC …).
 */
export function writeAll(fd: number, data: string | Uint8Array): void {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = errnoCode(error);
      if (code === "EPIPE") throw new OutputClosed();
      if (code !== "EAGAIN")
        throw new LanesError("error.output", { reason: (error as Error).message }, { cause: error });
      Atomics.wait(pause, 0, 0, 1); // a pipe that someone made non-blocking is full: let its reader read
    }
  }
}

let results: number | undefined;

/**
 * Where results are written: stdout. Where that was closed when lanes was started it is a descriptor that cannot be written to,
 * so that whoever writes is told (EBADF), and does not write into what stands in its place.
 */
export function stdoutDescriptor(): number {
  results ??= isPlaceholder(procText("self/fdinfo/1")) ? openSync(procPath("self/stat"), "r") : 1;
  return results;
}

/** Results: to stdout. */
export const writeOut = (data: string | Uint8Array): void => writeAll(stdoutDescriptor(), data);

/** Everything else: to stderr. A closed or full stderr is not worth failing for. */
export function writeErr(data: string): void {
  try {
    writeAll(2, data);
  } catch {
    // nobody is listening
  }
}
