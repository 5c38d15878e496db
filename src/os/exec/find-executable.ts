/** Where a command is, as execvp(3) finds it: in bytes, which `Bun.which` does not do. */
import { systemPath } from "../bytes/paths.ts";

/** Where commands are looked for if PATH is not set (confstr(3), _CS_PATH). */
const DEFAULT_PATH = "/bin:/usr/bin";

/**
 * The file that a command's name stands for.
 * @param path the value of PATH the command is to be looked for in.
 * @throws an error with the `code` that execvp(3) would fail with: ENOENT, EACCES …
 */
export function findExecutable(name: string, path: string | undefined): string {
  if (name.includes("/")) {
    check(name);
    return name;
  }
  let denied: unknown;
  for (const folder of name === "" ? [] : (path ?? DEFAULT_PATH).split(":")) {
    const file = `${folder || "."}/${name}`;
    try {
      check(file);
      return file;
    } catch (error) {
      if ((error as { code?: unknown }).code === "EACCES") denied ??= error;
    }
  }
  throw denied ?? coded("ENOENT");
}

/** The same, or null if there is no such command, or it cannot be executed. */
export function findIfExecutable(name: string, path: string | undefined): string | null {
  try {
    return findExecutable(name, path);
  } catch {
    return null;
  }
}

function check(file: string): void {
  const { accessSync, constants, statSync } = process.getBuiltinModule("node:fs");
  const path = systemPath(file);
  if (!statSync(path).isFile()) throw coded("EACCES");
  accessSync(path, constants.X_OK);
}

const coded = (code: string) => Object.assign(new Error(code), { code });
