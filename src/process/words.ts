/**
 * What a worker writes to its stdout and stderr, for whoever reads our stderr: directly, or where that is a terminal, through
 * us. For at its end, by a signal or not, Bun puts a terminal among its descriptors into the mode that it had when this
 * process began: a worker that began in a live view would make it raw after everybody else has left it.
 */
import { isTerminal } from "../os/tty/tty.ts";

/** The worker's stdout, and its stderr, for Bun.spawn. */
export function forWords(): Bun.Spawn.Readable {
  return isTerminal(2) ? "pipe" : 2;
}

/** Passes on what comes; nobody waits for it, and a stderr that is gone is nobody to tell. */
export function passOn(...streams: unknown[]): void {
  for (const stream of streams) if (stream instanceof ReadableStream) void pass(stream);
}

async function pass(stream: ReadableStream<Uint8Array>): Promise<void> {
  const { writeSync } = process.getBuiltinModule("node:fs");
  try {
    for await (const bytes of stream) for (let at = 0; at < bytes.length; ) at += writeSync(2, bytes, at);
  } catch {
    // gone
  }
}
