/** From the address of something shared to a handle of it, in the process that was given the address. */
import { FileLock } from "./file-lock.ts";

/** A handle, and when it can be used. */
export interface Revived {
  readonly handle: unknown;
  readonly ready: Promise<unknown>;
}

/** @throws Error for an address that no version of lanes gives. */
export function reviveHandle(address: unknown): Revived {
  const { kind, path } = address as { readonly kind: string; readonly path?: string };
  if (kind === "file-lock") return { handle: new FileLock(path ?? ""), ready: Promise.resolve() };
  throw new Error(`an address of an unknown kind: ${kind}`);
}
