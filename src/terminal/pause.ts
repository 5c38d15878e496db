/** Waits for a key, so that what stands on the terminal can be read: a question without an answer, and without the library of prompts.ts. */
import { CLEAR_LINE_END } from "./ansi.ts";
import { Key } from "./keyboard.ts";
import { InputEnded, type PromptsOptions } from "./prompts.ts";
import { paintOf } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Shows a line until a key is typed, so that what stands above it can be read; then it is gone.
 * @returns `resized` if what stands above has to be drawn anew first: the size has changed.
 * @throws the signal's reason; InputEnded.
 */
export async function pause(
  terminal: Terminal,
  { signal, onInterrupt }: Pick<PromptsOptions, "signal" | "onInterrupt">,
  text: string,
): Promise<"resized" | undefined> {
  for (;;) {
    signal.throwIfAborted();
    terminal.hideCursor();
    terminal.write(paintOf(terminal.style).dim(text));
    const event = await keyOr(terminal, signal);
    if (event === "resized") return event;
    terminal.write(`\r${CLEAR_LINE_END}`);
    if (event === Key.interrupt) onInterrupt();
    signal.throwIfAborted();
    if (event === Key.end) throw new InputEnded();
    if (event === Key.suspend) await terminal.suspend(signal);
    else if (event !== "returned") return undefined;
  }
}

/** The next key that is typed; or what happened to the terminal before; empty if the signal comes first. */
async function keyOr(terminal: Terminal, signal: AbortSignal): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const abort = () => resolve("");
  signal.addEventListener("abort", abort, { once: true });
  const stops = [
    terminal.keyboard.read(resolve),
    terminal.onResize(() => resolve("resized")),
    terminal.onReturn(() => resolve("returned")),
  ];
  try {
    return await promise;
  } finally {
    for (const stop of stops) stop();
    signal.removeEventListener("abort", abort);
  }
}
