/** Letting go of a lock in a database. What goes wrong is said, and changes nothing: the work is done, its exit code is known. */
import type { FarmConnection } from "../../../farm/connection.ts";
import { keepFreeing } from "../../../farm/lock/free.ts";
import type { HeldLease } from "../../../farm/lock/statements.ts";
import { t } from "../../../i18n/index.ts";
import type { Tell } from "../locked-command.ts";

/** For one try, and for all of them, ms. */
const TRY_MS = 2_000;
const LIMIT_MS = 5_000;

interface About {
  readonly farm: string;
  readonly leaseMs: number;
  /** That it was lost has been said. */
  readonly known: boolean;
}

export async function letGoOfLease(
  connection: FarmConnection,
  held: HeldLease,
  about: About,
  tell: Tell,
): Promise<void> {
  const { farm, leaseMs, known } = about;
  const was = await keepFreeing(connection, held, TRY_MS, LIMIT_MS);
  if (was === undefined) tell(t("farm.lock.notFreed", { name: held.name, farm, seconds: Math.round(leaseMs / 1e3) }));
  else if (!was && !known) tell(t("farm.lock.gone", { name: held.name, farm }));
}
