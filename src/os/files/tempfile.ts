/** Temporary files without a name: nothing to clean up, whatever becomes of this process. */
import { constants, existsSync, openSync, unlinkSync } from "node:fs";
import { errnoCode, LanesError } from "../../errors.ts";
import { temporaryFolder } from "../bytes/bytes.ts";
import { joinPath, systemPath } from "../bytes/paths.ts";
import { isLinux } from "../platform.ts";

/** What a folder can be to blame for; all else (EMFILE, ENOSPC …) is a shortage that may pass. */
const trouble: ReadonlySet<string | undefined> = new Set(
  "ENOENT ENOTDIR EACCES EPERM EROFS ELOOP ENAMETOOLONG ENOTSUP EOPNOTSUPP".split(" "),
);

/**
 * Makes something in the folder for temporary files.
 * @throws LanesError `error.temp` if the folder is none, or takes none; else what `make` throws.
 */
export function temporary<T>(make: (folder: string) => T, folder = temporaryFolder()): T {
  try {
    return make(folder);
  } catch (error) {
    const reason = errnoCode(error);
    if (reason === undefined || !trouble.has(reason)) throw error;
    throw new LanesError("error.temp", { folder, reason }, { cause: error });
  }
}

/** O_TMPFILE (open(2)) is not among Node's constants; its value is the same on x64 and arm64 Linux. */
const O_TMPFILE = isLinux ? 0o20000000 | (process.arch === "arm64" ? 0o40000 : 0o200000) : 0;
let nameless = O_TMPFILE !== 0;
let made = 0;

/**
 * Opens a new, empty file in the folder for temporary files that is gone when its last descriptor is closed.
 * @param mode `append`: what is written goes to its end, by whomever; `place`: where the writer says (pwrite(2) cannot on
 *   a file opened for appending).
 * @throws what open(2) throws (EMFILE, ENOSPC …); LanesError `error.temp` for the folder.
 */
export function openTempFile(mode: "append" | "place", folder = temporaryFolder()): number {
  return temporary(() => openIn(folder, mode), folder);
}

const MEMORY = "/dev/shm";

/**
 * Opens such a file (`place`) for memory that processes share. In a file system in memory, if there is one that takes files
 * (in a container it may be read-only): that never refuses a page it has given. One on a disk may, when the disk is full,
 * and who then stores into a mapping dies of it. So in any case: what is to be mapped has to be written first.
 */
export function openMemoryFile(): number {
  try {
    if (isLinux && existsSync(MEMORY)) return openTempFile("place", MEMORY);
  } catch (error) {
    if (!(error instanceof LanesError)) throw error;
  }
  return openTempFile("place");
}

function openIn(folder: string, mode: "append" | "place"): number {
  const flags = constants.O_RDWR | (mode === "append" ? constants.O_APPEND : 0);
  if (nameless) {
    try {
      // O_EXCL: nor can anybody give it a name.
      return openSync(systemPath(folder), O_TMPFILE | constants.O_EXCL | flags, 0o600);
    } catch (error) {
      // Not every file system can (Bun calls EOPNOTSUPP by its other name).
      if (!["ENOTSUP", "EOPNOTSUPP", "EISDIR", "EINVAL", "ENOENT"].includes(errnoCode(error) ?? "")) throw error;
      nameless = false;
    }
  }
  made += 1;
  const path = systemPath(joinPath(folder, `lanes-${process.pid}-${made}-${Math.random().toString(36).slice(2)}`));
  const fd = openSync(path, flags | constants.O_CREAT | constants.O_EXCL, 0o600);
  unlinkSync(path);
  return fd;
}
