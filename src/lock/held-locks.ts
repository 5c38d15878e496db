/**
 * What this process holds: to release it should the process end without doing so, and to notice that somebody asks for a
 * lock that is his already, be it in this process or in a command it started (the tokens travel in the environment).
 */
import type { OwnerRecord } from "./owner.ts";

/** The environment variable with the tokens of the locks a process was started under, separated by spaces. */
export const tokensVariable = "LANES_LOCKS";

interface Releasable {
  readonly owner: OwnerRecord;
  release(): unknown;
}

const holding = new Map<string, Releasable>();
let inherited: ReadonlySet<string> | undefined;

/** Remembers a lock until it is released; released with the process at the latest, unless that is killed. */
export function rememberHeld(handle: Releasable): void {
  if (inherited === undefined) {
    inherited = new Set((process.env[tokensVariable] ?? "").split(" "));
    process.once("exit", releaseAll);
  }
  holding.set(handle.owner.token, handle);
}

/** It is released. */
export function forget(handle: Releasable): void {
  holding.delete(handle.owner.token);
}

/** Whether the lock with this token is held by this process, or by one that started it. */
export function isOurs(token: string): boolean {
  return holding.has(token) || (process.env[tokensVariable] ?? "").split(" ").includes(token);
}

/** The variable's value for a command to be started: with the tokens of everything this process holds. */
export function tokensForChild(): string {
  return [process.env[tokensVariable], ...holding.keys()].filter(Boolean).join(" ");
}

function releaseAll(): void {
  for (const handle of holding.values()) {
    try {
      handle.release();
    } catch {
      // The process ends: the kernel frees what we cannot, and nobody is left to be told.
    }
  }
}
