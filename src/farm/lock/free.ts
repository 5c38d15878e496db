/** Letting go of a lock, whatever the connection is like. */
import { bootMs } from "../../os/boot-clock.ts";
import type { FarmConnection } from "../connection.ts";
import { freeLock, type HeldLease } from "./statements.ts";

/** Between two tries, ms. */
const AGAIN_MS = 200;

/**
 * Tries again and again to free it, `tryMs` for a try, until `limitMs` are over.
 * @returns whether it was still held; undefined if no try came through.
 */
export async function keepFreeing(
  connection: FarmConnection,
  held: HeldLease,
  tryMs: number,
  limitMs: number,
): Promise<boolean | undefined> {
  return keepTrying(() => freeLock(connection, held, tryMs), limitMs);
}

/** Tries again and again, whatever goes wrong, until `limitMs` are over. @returns undefined if no try came through. */
export async function keepTrying<T>(ask: () => Promise<T>, limitMs: number): Promise<T | undefined> {
  const overMs = bootMs() + limitMs;
  for (;;) {
    try {
      return await ask();
    } catch {
      if (bootMs() >= overMs) return undefined;
      await Bun.sleep(AGAIN_MS);
    }
  }
}
