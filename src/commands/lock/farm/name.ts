/** The name of a lock on a farm. */
import { usageError } from "../../../errors.ts";

/** Characters; an index of PostgreSQL has room for some 2,700 bytes. */
const LONGEST_NAME = 200;

/** The name of a lock. @throws LanesError (usage) for what a database cannot hold. */
export function lockName(name: string): string {
  if (name !== "" && name.length <= LONGEST_NAME && name.isWellFormed()) return name;
  throw usageError("farm.lock.name", { name, most: LONGEST_NAME });
}
