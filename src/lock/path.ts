/** The few things the lock does with paths, without node:path, which takes as long to load as the lock itself. */

import { currentFolder } from "../os/bytes/bytes.ts";

/** The same path from any folder; what `..` and links in it mean is left to the system. */
export function absolute(path: string): string {
  return path.startsWith("/") ? path : `${currentFolder()}/${path}`;
}

/** The folder an absolute path is in. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
