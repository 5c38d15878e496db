/** Which file and which export of it `FILE[#EXPORT]` names. Looked at before anything is started. */
import { dirname } from "node:path";
import { usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { realPath } from "../../os/bytes/paths.ts";
import { writeErr } from "../../os/stdout.ts";
import { compileOptions, modulesAbove } from "../../pool/index.ts";
import { kindOf, userFile } from "../user-file.ts";

/**
 * The module and export named. A file whose own name contains `#` is found too.
 * @throws LanesError (usage) if there is no such file, its path is not UTF-8, or this process is below a worker of that very module.
 */
export function moduleNamed(word: string): { module: string; exportName: string } {
  const hash = word.lastIndexOf("#");
  const whole = hash <= 0 || kindOf(word) !== null;
  const file = whole ? word : word.slice(0, hash);
  const exportName = whole ? "" : word.slice(hash + 1);
  const { path: module } = userFile(file, "map.module.folder");
  if (modulesAbove().includes(module)) throw usageError("map.module.nested", { file });
  return { module, exportName: exportName === "" ? "default" : exportName };
}

/**
 * The tsconfig.json by which a module has to be compiled otherwise than Bun does by itself; null if none. What it builds on
 * and is not there is said on stderr.
 * @throws LanesError (usage) if one of these files makes no sense.
 */
export function compilesBy(module: string): string | null {
  const found = compileOptions(dirname(realPath(module)), ({ path, base }) => {
    writeErr(`lanes: ${t("map.tsconfig.base", { file: path, base })}\n`);
  });
  return found?.path ?? null;
}
