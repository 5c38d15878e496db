/** From what was typed to a farm that can be worked with, and the name of a lock on it. */
import { usageError } from "../../../errors.ts";
import { type Address, farmAddress } from "../../../farm/address.ts";
import { Connection } from "../../../farm/connection.ts";
import { explained } from "../../../farm/failures.ts";
import { prepare } from "../../../farm/schema.ts";
import { t } from "../../../i18n/index.ts";
import type { Tell } from "../guarded.ts";

/** Characters; an index of PostgreSQL has room for some 2,700 bytes. */
const LONGEST_NAME = 200;

/**
 * A connection to a farm that is set up. What there is to warn of is told.
 * @throws LanesError (usage) if there is none to be had.
 */
export async function reached(farm: string, tell: Tell): Promise<{ connection: Connection; address: Address }> {
  const { address, passwordShown, passwordsOpen } = farmAddress(farm);
  if (passwordShown) tell(t("farm.passwordShown"));
  if (passwordsOpen !== undefined) tell(t("farm.passwordsOpen", { file: passwordsOpen }));
  const connection = new Connection(address);
  try {
    const { durable } = await prepare(connection);
    if (!durable) tell(t("farm.notDurable", { farm: address.label }));
    return { connection, address };
  } catch (error) {
    connection.close();
    throw await explained(error, address);
  }
}

/** The name of a lock. @throws LanesError (usage) for what a database cannot hold. */
export function lockName(name: string): string {
  if (name !== "" && name.length <= LONGEST_NAME && name.isWellFormed()) return name;
  throw usageError("farm.lock.name", { name, most: LONGEST_NAME });
}
