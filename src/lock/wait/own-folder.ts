/**
 * A folder of this user in one that is everybody's (/tmp). Its name can be foretold, so anybody may have made it before: a link
 * to somewhere, a folder of his own, a file. Nothing in it is therefore listed, opened or removed by its path, but only through
 * a descriptor of the folder that has been looked at first, by {@link withOwnFolder}.
 */
import { errnoCode } from "../../errors.ts";
import { isForOthers } from "../../os/process/users.ts";
import { sys } from "../system/sys.ts";

/**
 * Calls `use` with a descriptor of the folder, which is closed afterwards, if that is really ours: a folder, not a link to one,
 * that we own and nobody else may enter. Undefined: it is not, or there is none.
 * @param make make the folder if there is none.
 * @throws what the system says where there can be none, and what `use` throws.
 */
export function withOwnFolder<T>(folder: string, use: (fd: number) => T, make = false): T | undefined {
  const fd = make ? makeFolder(folder) : sys().openFolder(folder);
  if (fd === undefined) return undefined;
  try {
    const { isFolder, uid, mode } = sys().statOf(fd);
    return isFolder && uid === sys().userId() && !isForOthers({ mode }) ? use(fd) : undefined;
  } finally {
    sys().close(fd);
  }
}

function makeFolder(folder: string): number | undefined {
  const there = sys().openFolder(folder);
  if (there !== undefined) return there;
  try {
    sys().makeFolder(folder, 0o700);
  } catch (error) {
    if (errnoCode(error) !== "EEXIST") throw error; // somebody was quicker: one of us, or not
  }
  return sys().openFolder(folder);
}
