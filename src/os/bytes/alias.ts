/** Other names for folders, where one in plain text is needed (SQLite, mmap). */
import { closeSync, constants, openSync } from "node:fs";
import { isLinux, procPath } from "../platform.ts";
import { systemPath } from "./paths.ts";

/** A folder by a path that is UTF-8, for this process and its children, until it is disposed of. */
export interface FolderAlias extends Disposable {
  readonly path: string;
}

/** The folder's own path if that is UTF-8; else, on Linux, one through a descriptor. @throws what open(2) says. */
export function folderAlias(folder: string): FolderAlias {
  if (folder.isWellFormed() || !isLinux) return { path: folder, [Symbol.dispose]() {} };
  const fd = openSync(systemPath(folder), constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: procPath(`${process.pid}/fd/${fd}`), [Symbol.dispose]: () => closeSync(fd) };
}
