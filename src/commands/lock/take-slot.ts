/**
 * A slot for the command of run-locked.ts. While it waits, threads sleep for it, so signals reach the main thread: one that would
 * end the process makes it leave the line first, with nothing left behind, and then ends it all the same.
 */
import { t } from "../../i18n/index.ts";
import { acquireSlot, type SlotOptions } from "../../lock/coordination/semaphore.ts";
import { pidsOf } from "../../lock/coordination/slots.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { EndingSignals } from "./ending-signals.ts";
import type { LockedCommand, TakenLock, Tell } from "./locked-command.ts";

/** From here on a wait is long, ms. */
const LONG_MS = 1_000;

/** Takes a slot; the command learns which one it has: `LANES_SLOT`, from 1. @throws as {@link acquireSlot}. */
export async function takeSlot(request: LockedCommand, slots: number, tell: Tell): Promise<TakenLock> {
  const { file, command, wait, inherit, keep, verbose, quiet } = request;
  let long: ReturnType<typeof setTimeout> | undefined;
  const onWait: SlotOptions["onWait"] = (owners) => {
    const waits = () => tell(t("lock.slots.waits", { path: file, slots, pids: pidsOf(owners) }));
    if (verbose) waits();
    // Whoever sits before it wants to know why nothing happens.
    else if (!quiet && isTerminal(2)) long = setTimeout(waits, LONG_MS).unref();
  };
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
  } finally {
    clearTimeout(long);
  }
}
