/**
 * `lanes check`, done: by the type checker that is part of Bun and so of this executable. The types of lanes, Bun and Node.js
 * are in it too, and are used where the program's own folder has none.
 */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { ExitCode } from "../../errors.ts";
import { BE_BUN_VARIABLE } from "../../os/bun.ts";
import { currentFolder, environment } from "../../os/bytes/bytes.ts";
import { folderPath, joinPath, systemPath, uniqueFolder } from "../../os/bytes/paths.ts";
import { temporary } from "../../os/files/tempfile.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { userFile } from "../user-file.ts";
import { standardOptions, writeTypes } from "./types.ts";

/** Checks these files and what they import; all of this folder if there are none. @returns 0, or 1 for type errors. */
export async function runCheck(files: readonly string[]): Promise<number> {
  const programs = files.map((file) => userFile(file, "check.folder").path);
  const here = currentFolder();
  const folder = programs[0] === undefined ? here : folderPath(programs[0]);
  const own = nearest(folder, "tsconfig.json");
  const work = temporary((parent) => uniqueFolder(joinPath(parent, "lanes-check-")));
  try {
    const project = joinPath(work, "tsconfig.json");
    const which =
      programs.length > 0
        ? { files: programs }
        : { include: [`${here}/**/*`], exclude: [`${here}/types`, `${here}/**/node_modules`] };
    writeFileSync(systemPath(project), JSON.stringify(configOf(own, folder, joinPath(work, "types"), which)));
    const pretty = isTerminal(1) ? "--pretty" : "--no-pretty";
    const command = [process.execPath, "check", "--no-script", pretty, "-p", project];
    // Not lanes again but Bun: what it is to do is in its hands alone, and it starts nothing.
    const env = { ...environment(), [BE_BUN_VARIABLE]: "1" };
    const child = Bun.spawn(command, { env, stdio: ["ignore", "inherit", "inherit"] });
    return (await child.exited) === 0 ? ExitCode.ok : ExitCode.failed;
  } finally {
    rmSync(systemPath(work), { recursive: true, force: true });
  }
}

type Which = { readonly files: readonly string[] } | { readonly include: readonly string[] };

/** The tsconfig.json that is checked by: the program's own where there is one, with the types it lacks. */
function configOf(own: string | null, folder: string, types: string, which: Which): object {
  const lanes = own === null ? null : joinPath(folderPath(own), "types/lanes.d.ts");
  const initialised = lanes !== null && existsSync(systemPath(lanes));
  const missing = initialised || hasPackage("lanes", folder) ? [] : [joinPath(types, "lanes.d.ts")];
  if (missing.length > 0) writeTypes(types);
  const extra = initialised ? [lanes] : missing;
  const files = [...("files" in which ? which.files : []), ...extra];
  const typed = hasPackage("@types/bun", folder) || hasPackage("bun-types", folder) || initialised;
  const compilerOptions =
    own === null
      ? standardOptions(types)
      : {
          noEmit: true,
          skipLibCheck: true,
          // Whoever names a JavaScript file wants it looked at, whatever the project does with others.
          ...("files" in which && which.files.some((file) => /\.[cm]?jsx?$/.test(file)) ? { allowJs: true } : {}),
          ...(typed || missing.length === 0 ? {} : { typeRoots: [types], types: ["bun", "node"] }),
        };
  return { ...(own === null ? {} : { extends: own }), compilerOptions, ...which, files };
}

/** The nearest file of this name, from a folder upwards. */
function nearest(folder: string, name: string): string | null {
  for (let at = folder; ; at = folderPath(at)) {
    const file = joinPath(at, name);
    if (existsSync(systemPath(file))) return file;
    if (at === folderPath(at)) return null;
  }
}

const hasPackage = (name: string, folder: string): boolean =>
  nearest(folder, `node_modules/${name}/package.json`) !== null;
