/** Why there can be no lock at a path, in words: one place that turns the system's codes into what happened and what to do. */
import { errnoCode, LanesError, usageError } from "../errors.ts";
import { userName } from "../os/process/users.ts";
import { folderOf } from "./path.ts";
import { sys } from "./system/sys.ts";
import type { Stat } from "./system/sys-calls.ts";

/** The error for a system call on a lock file that failed; what already is an error for people stays as it is. */
export function cannotLock(path: string, error: unknown): LanesError {
  if (error instanceof LanesError) return error;
  const code = errnoCode(error) ?? String(error);
  switch (code) {
    case "EISDIR":
      return usageError("lock.isFolder", { path }, error);
    case "ELOOP":
      return usageError("lock.isSymlink", { path }, error);
    case "ENXIO":
    case "ENODEV":
    case "EOPNOTSUPP":
      return usageError("lock.notAFile", { path }, error);
    case "ENOENT":
      return usageError("lock.noFolder", { path, folder: folderOf(path) }, error);
    case "ENOTDIR":
      return usageError("lock.notAFolder", { path, folder: folderOf(path) }, error);
    case "EACCES":
    case "EPERM":
      return usageError("lock.denied", { path, code }, error);
    case "EROFS":
      return usageError("lock.readOnly", { path }, error);
    case "ENOSPC":
    case "EDQUOT":
      return usageError("lock.full", { path, code }, error);
    case "ENAMETOOLONG":
      return usageError("lock.nameTooLong", { path }, error);
    case "EMFILE":
    case "ENFILE":
      return usageError("lock.noDescriptor", { path, code }, error);
    default:
      return usageError("lock.cannot", { path, code }, error);
  }
}

/** Something is at the path that is no regular file. */
export function notAFile(path: string, stat: Stat): LanesError {
  return usageError(stat.isFolder ? "lock.isFolder" : "lock.notAFile", { path });
}

/** The file is free, or cannot even be opened, and it is somebody else's. */
export function notOurs(path: string): LanesError {
  let uid: number | undefined;
  try {
    uid = sys().statAt(path)?.uid;
  } catch {
    // Then it is nobody's in particular.
  }
  if (uid === undefined) return usageError("lock.denied", { path, code: "EACCES" });
  return usageError("lock.notOurs", { path, user: userName(uid) ?? String(uid), uid });
}

/** The call's result. @throws LanesError for the system's errors. */
export function orTrouble<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw cannotLock(path, error);
  }
}
