/** Whether anybody works on a farm, for one who waits for a batch: said when nobody does, and why some do not do these jobs. */
import { othersAtWork } from "../farm/jobs/batch-statements.ts";
import { listBatches } from "../farm/jobs/list-statements.ts";
import { t } from "../i18n/index.ts";
import { isTerminal } from "../os/tty/tty.ts";
import { nowMs } from "../recording/clock.ts";
import type { Reached } from "./farm.ts";

/** It is looked so often, ms; for the first time when others have had so long to come. */
const LOOK_MS = 5_000;

/** Whether it is said to whoever submits a batch: to one who watches, and where nothing is done without others. */
export const tellsCompany = ({
  quiet,
  noWork,
}: {
  readonly quiet: boolean;
  readonly noWork: boolean | undefined;
}): boolean => !quiet && (noWork === true || isTerminal(2));

/**
 * To be called now and then. Says once that nobody else works, and again when that has become so anew; each reason once.
 * @param own the number of our own worker on the farm, if there is one.
 */
export function companyOf(
  { connection, address }: Reached,
  batch: string,
  tell: (line: string) => unknown,
  own: () => number | null = () => null,
): () => Promise<void> {
  let lookedMs = nowMs();
  let alone = false;
  const told = new Set<string>();
  return async () => {
    if (nowMs() - lookedMs < LOOK_MS) return;
    lookedMs = nowMs();
    const isAlone = (await othersAtWork(connection, own())) === 0;
    if (isAlone && !alone) tell(t("farm.batch.alone", { farm: address.label }));
    alone = isAlone;
    const [listed] = await listBatches(connection, batch);
    for (const [reason, n] of Object.entries(listed?.cannot ?? {})) {
      if (!told.has(reason)) tell(t("farm.batch.cannot", { n, reason }));
      told.add(reason);
    }
  };
}
