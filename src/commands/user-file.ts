/** A file of the user's that is going to be loaded as a module: looked at before anything is started. */
import { accessSync, constants, statSync } from "node:fs";
import { errnoCode, usageError } from "../errors.ts";
import type { MessageKey } from "../i18n/phrase.ts";
import { absolutePath, realPath, systemPath } from "../os/bytes/paths.ts";

/** Messages of which the file is all that has to be said. */
type FolderKey = Extract<MessageKey, "map.module.folder" | "exec.folder" | "check.folder">;

/**
 * The file's absolute path, and the same with links followed.
 * @param folder what is said if it is a folder.
 * @throws LanesError (usage) if it is not there, cannot be read, or has a path that the engine cannot load.
 */
export function userFile(file: string, folder: FolderKey): { readonly path: string; readonly real: string } {
  const kind = kindOf(file);
  if (kind === null) throw usageError("map.module.missing", { file });
  if (kind === "folder") throw usageError(folder, { file });
  if (kind === "stream") throw usageError("map.module.stream", { file });
  const path = absolutePath(file);
  try {
    accessSync(systemPath(path), constants.R_OK);
  } catch (error) {
    throw unreadable(file, error);
  }
  // The engine reads modules by names in UTF-8, links followed; and what stands after a `?` it takes for a query.
  const real = realPath(path);
  if (![path, real].every((each) => each.isWellFormed())) throw usageError("map.module.bytes", { file: path });
  if (real.includes("?")) throw usageError("map.module.query", { file: real });
  return { path, real };
}

const unreadable = (file: string, error: unknown) =>
  usageError("map.module.unreadable", { file, reason: errnoCode(error) ?? String(error) }, error);

/** What is there; null: nothing. @throws LanesError (usage) if that cannot be found out: a circle of links, a folder one may not enter. */
export function kindOf(path: string): "file" | "folder" | "stream" | null {
  try {
    const stat = path === "" ? undefined : statSync(systemPath(path), { throwIfNoEntry: false });
    if (stat === undefined) return null;
    if (stat.isDirectory()) return "folder";
    return stat.isFile() ? "file" : "stream";
  } catch (error) {
    if (errnoCode(error) === "ENOTDIR") return null;
    throw unreadable(path, error);
  }
}
