/** Which file and which export of it `FILE[#EXPORT]` names. Looked at before anything is started. */
import { accessSync, constants, statSync } from "node:fs";
import { errnoCode, usageError } from "../errors.ts";
import { absolutePath, realPath, systemPath } from "../os/paths.ts";
import { printable } from "../os/printable.ts";
import { modulesAbove } from "../pool/index.ts";

/**
 * The module and export named. A file whose own name contains `#` is found too.
 * @throws LanesError (usage) if there is no such file, its path is not UTF-8, or this process is below a worker of that very module.
 */
export function moduleNamed(word: string): { module: string; exportName: string } {
  const hash = word.lastIndexOf("#");
  const whole = hash <= 0 || kindOf(word) !== null;
  const file = whole ? word : word.slice(0, hash);
  const exportName = whole ? "" : word.slice(hash + 1);
  const kind = kindOf(file);
  if (kind === null) throw usageError("map.module.missing", { file });
  if (kind === "folder") throw usageError("map.module.folder", { file });
  const module = absolutePath(file);
  try {
    accessSync(systemPath(module), constants.R_OK);
  } catch (error) {
    throw usageError("map.module.unreadable", { file, reason: errnoCode(error) ?? String(error) }, error);
  }
  // The engine reads modules by names in UTF-8, links followed.
  const plain = [module, realPath(module)].every((path) => path.isWellFormed());
  if (!plain) throw usageError("map.module.bytes", { file: printable(module) });
  if (modulesAbove().includes(module)) throw usageError("map.module.nested", { file });
  return { module, exportName: exportName === "" ? "default" : exportName };
}

function kindOf(path: string): "file" | "folder" | null {
  const stat = path === "" ? undefined : statSync(systemPath(path), { throwIfNoEntry: false });
  if (stat === undefined) return null;
  return stat.isDirectory() ? "folder" : "file";
}
