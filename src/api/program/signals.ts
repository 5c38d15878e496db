/**
 * The signals that end a program which has started processes: they are stopped (TERM, then KILL), and it ends with 128+n.
 * While nothing that it started lives, a signal means what it means to any program, but in process 1 of a container, for which
 * the kernel has no defaults: that ends, too. Where the program has a handler of its own, that one decides.
 */
import { signalExitCode } from "../../errors.ts";
import { handleSignals, type StopSignal, signalNumber, stopSignals } from "../../os/signals.ts";
import { allLive, onLiveChange } from "../../process/live.ts";
import { stopAll } from "../../process/supervisor.ts";

export function stopBySignals(): void {
  if (process.pid === 1) {
    hear();
    return;
  }
  let dispose: (() => void) | undefined;
  onLiveChange(() => {
    const lives = allLive().length > 0;
    if (lives) dispose ??= hear();
    else if (!lives && !stopping) {
      dispose?.();
      dispose = undefined;
    }
  });
}

const hear = (): (() => void) =>
  handleSignals(Object.fromEntries(stopSignals.map((name) => [name, () => heard(name)])));

let stopping = false;

/** A signal is ending the program. */
export const isStopping = (): boolean => stopping;

function heard(signal: StopSignal): void {
  if (process.listenerCount(signal) > 1) return;
  const again = stopping;
  stopping = true;
  void stopAll(again ? 0 : undefined).then(() => process.exit(signalExitCode(signalNumber(signal))));
}
