/** From the address of something shared to a handle of it, in the process that was given the address. */
import { revive } from "../../memory/index.ts";
import { FileLock } from "../file-lock.ts";
import { ADDRESS } from "./sendable.ts";

/** A handle, and when it can be used. */
export interface Revived {
  readonly handle: unknown;
  /** Rejects with LanesError `memory.ended` if the process that made it is gone. */
  readonly ready: Promise<unknown>;
}

export function reviveHandle(address: unknown): Revived {
  const {
    kind,
    path = "",
    name,
  } = address as { readonly kind: string; readonly path?: string; readonly name?: string };
  if (kind === "file-lock") return { handle: new FileLock(path, { name }), ready: Promise.resolve() };
  // What is to be a handle is put in its place before anything is waited for.
  const box: { handle: unknown } = { handle: { [ADDRESS]: address } };
  const ready = revive(box);
  return { handle: box.handle, ready };
}
