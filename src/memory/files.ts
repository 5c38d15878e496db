/**
 * The files behind shared memory, in a folder of the hub's own that only this user can enter. In a file system in memory where
 * there is one that takes files; else in the folder for temporary files.
 */

import { errnoCode, LanesError } from "../errors.ts";
import { temporaryFolder } from "../os/bytes/bytes.ts";
import { isLinux } from "../os/platform.ts";

/** What folders of hubs are called; what follows is chosen by mkdtemp(3), and never used twice. */
export const FOLDER_PREFIX = "lanes-hub-";
/** The name of a hub's socket in its folder. */
export const HUB_SOCKET = "hub";
const MEMORY = "/dev/shm";
/** What is left of a socket's path for the folder (unix(7): 108 bytes, on macOS 104). */
const MOST_FOLDER_BYTES = 90;

// Not before something is shared: to load it takes a part of what an empty program takes to start.
const fs = () => process.getBuiltinModule("node:fs");

/** Where hubs' folders can be, the best place first. */
export function basesOfFolders(): string[] {
  const temporary = temporaryFolder();
  const fits = temporary.isWellFormed() && Buffer.byteLength(temporary) + FOLDER_PREFIX.length + 7 <= MOST_FOLDER_BYTES;
  return [...(isLinux ? [MEMORY] : []), ...(fits ? [temporary] : []), "/tmp"];
}

/**
 * Makes a folder for a hub. One that is full is not passed over for a slower place: whoever can see to it has to know.
 * @throws LanesError `memory.full`, `memory.folder`.
 */
export function makeFolder(bases = basesOfFolders()): string {
  let first: unknown;
  for (const base of bases) {
    try {
      return fs().mkdtempSync(`${base}/${FOLDER_PREFIX}`);
    } catch (error) {
      if (isFull(error)) throw full(base, 0, error);
      first ??= error;
    }
  }
  const reason = errnoCode(first) ?? String(first);
  throw new LanesError("memory.folder", { folder: bases[0] ?? "", reason }, { cause: first });
}

/** Removes a folder and what is in it, as far as that can be. */
export function removeFolder(folder: string): void {
  try {
    fs().rmSync(folder, { recursive: true, force: true });
  } catch {
    // not ours to remove
  }
}

/**
 * Makes a file of so many zero bytes. Written, not just made so long: a hole has no place in memory yet, and whoever stores into
 * one when the file system is full dies of it (SIGBUS).
 * @throws LanesError `memory.full` if there is no room for it: then there is no file.
 */
export function makeFile(folder: string, name: string, bytes: number): void {
  const { openSync, writeSync, closeSync, rmSync } = fs();
  const path = `${folder}/${name}`;
  const zeros = Buffer.alloc(Math.min(bytes, 1 << 20));
  try {
    const fd = openSync(path, "wx", 0o600);
    try {
      for (let at = 0; at < bytes; ) at += writeSync(fd, zeros, 0, Math.min(zeros.length, bytes - at), at);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    rmSync(path, { force: true });
    if (isFull(error)) throw full(folder, bytes, error);
    throw errnoCode(error) === "ENOENT" ? ended(error) : error;
  }
}

/** Removes a file, if it is there. */
export function removeFile(folder: string, name: string): void {
  fs().rmSync(`${folder}/${name}`, { force: true });
}

/** Gives a file a name, if no other has it. @returns whether it has it now. */
export function nameFile(folder: string, draft: string, name: string): boolean {
  const { linkSync, rmSync } = fs();
  try {
    linkSync(`${folder}/${draft}`, `${folder}/${name}`);
    return true;
  } catch (error) {
    if (errnoCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(`${folder}/${draft}`, { force: true });
  }
}

/** Maps a file that is there. @throws LanesError `memory.ended` if it is not: its hub's process has ended. */
export function mapFile(folder: string, name: string): Uint8Array<ArrayBufferLike> {
  try {
    return Bun.mmap(`${folder}/${name}`, { shared: true });
  } catch (error) {
    throw errnoCode(error) === "ENOENT" ? ended(error) : error;
  }
}

/** What is shared is gone with the process that made it. */
export const ended = (cause?: unknown): LanesError => new LanesError("memory.ended", {}, { cause });

const isFull = (error: unknown) => ["ENOSPC", "EDQUOT", "EFBIG", "ENOMEM"].includes(errnoCode(error) ?? "");
const full = (folder: string, bytes: number, cause: unknown) =>
  new LanesError(
    "memory.full",
    { folder: folder.startsWith(`${MEMORY}/`) ? MEMORY : folder, bytes, reason: errnoCode(cause) ?? "" },
    { cause },
  );
