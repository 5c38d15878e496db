/**
 * A slot for the command of guard.ts. While it waits, threads sleep for it, so signals reach the main thread: one that would
 * end the process makes it leave the line first, with nothing left behind, and then ends it all the same.
 */
import { t } from "../../i18n/index.ts";
import { acquireSlot, type SlotOptions } from "../../lock/coordination/semaphore.ts";
import { pidsOf } from "../../lock/coordination/slots.ts";
import { EndingSignals } from "./ending-signals.ts";
import type { Guarded, Taken, Tell } from "./guarded.ts";

/** Takes a slot; the command learns which one it has: `LANES_SLOT`, from 1. @throws as {@link acquireSlot}. */
export async function takeSlot(request: Guarded, slots: number, tell: Tell): Promise<Taken> {
  const { file, command, wait, inherit, keep, verbose, quiet } = request;
  const onWait: SlotOptions["onWait"] = (owners) =>
    verbose && tell(t("lock.slots.waits", { path: file, slots, pids: pidsOf(owners) }));
  const onForeign = (path: string) => quiet || tell(t("lock.foreign", { path }));
  using signals = new EndingSignals();
  try {
    const slot = await acquireSlot(file, slots, {
      command,
      wait,
      inherit,
      keep,
      signal: signals.came,
      onWait,
      onForeign,
    });
    const { handle, waitedMs } = slot;
    if (signals.came.aborted) slot.release();
    signals.obey();
    if (verbose && handle.recovered) tell(t("lock.recovered", { path: handle.path, pid: handle.recovered.pid }));
    if (verbose) tell(t("lock.acquired", { path: handle.path, ms: Math.round(waitedMs) }));
    process.env.LANES_SLOT = String(slot.number);
    return slot;
  } catch (error) {
    signals.obey();
    throw error;
  }
}
