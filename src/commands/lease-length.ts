/** `--lease`: how long something on a farm is held without a renewal. */
import { parseDuration } from "../cli/amounts.ts";
import { invalid } from "../cli/values.ts";
import { t } from "../i18n/index.ts";

/** A worker's lease if nothing is said, as typed and in ms. */
export const standardLease = "60s";
export const standardLeaseMs = (): number => parseDuration("lease", standardLease);

const [SHORTEST_MS, LONGEST_MS] = [5_000, 864e5];

/** A duration that a lease can have, ms. @throws LanesError (usage). */
export function leaseLength(value: string): number {
  const ms = parseDuration("lease", value);
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw invalid("lease", value, t("lock.lease"));
}
