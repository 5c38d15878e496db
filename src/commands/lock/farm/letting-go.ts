/** Letting go of a lock in a database. What goes wrong is said, and changes nothing: the work is done, its exit code is known. */
import type { Connection } from "../../../farm/connection.ts";
import { freeLock, type Held } from "../../../farm/lock/statements.ts";
import { t } from "../../../i18n/index.ts";
import { bootMs } from "../../../os/boot-clock.ts";
import type { Tell } from "../guarded.ts";

/** For one try, and for all of them, ms. */
const TRY_MS = 2_000;
const LIMIT_MS = 5_000;
const AGAIN_MS = 200;

interface About {
  readonly farm: string;
  readonly leaseMs: number;
  /** That it was lost has been said. */
  readonly known: boolean;
}

export async function letGo(connection: Connection, held: Held, about: About, tell: Tell): Promise<void> {
  const { farm, leaseMs, known } = about;
  const overMs = bootMs() + LIMIT_MS;
  for (;;) {
    try {
      const was = await freeLock(connection, held, TRY_MS);
      if (!was && !known) tell(t("farm.lock.gone", { name: held.name, farm }));
      return;
    } catch {
      if (bootMs() >= overMs) break;
      await Bun.sleep(AGAIN_MS);
    }
  }
  tell(t("farm.lock.notFreed", { name: held.name, farm, seconds: Math.round(leaseMs / 1e3) }));
}
