/** A child's way to write to its end of a socket pair, which blocks. */
import { errnoCode } from "../errors.ts";

/** Bun.write is synchronous for what is smaller than 256 KiB; larger goes to a thread, and frames would overtake. */
const SMALL_BYTES = 64 * 1024;

/**
 * Writes the bytes to the wire, all of them before it returns: they are the parent's even if this process is killed the
 * next instant. Small ones, which is nearly all, by Bun.write: loading `node:fs` would cost every worker 1 ms. A parent
 * that is gone is nobody to tell.
 */
export function writeWire(fd: number, bytes: Uint8Array): void {
  if (bytes.length <= SMALL_BYTES) {
    Bun.write(Bun.file(fd), bytes).catch(() => {});
    return;
  }
  const { writeSync } = process.getBuiltinModule("node:fs");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch (error) {
    if (errnoCode(error) !== "EPIPE") throw error;
  }
}
