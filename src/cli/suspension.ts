/**
 * Ctrl-Z for a command whose processes are in groups of their own, where the terminal cannot reach them: they are stopped and
 * go on with lanes.
 */
import { handleSignals } from "../os/signals.ts";
import { nowMs } from "../recording/clock.ts";

/** That the kernel has not stopped us is known after so many ms; a stopped process's timers stand still. */
const NOT_STOPPED_MS = 200;

/** What is suspended. */
export interface Suspendable {
  suspend(): void;
  /** @param pausedMs how long it stood still; 0 if it did not. */
  resume(pausedMs: number): void;
}

/** Begins to obey SIGTSTP and SIGCONT. @returns what ends it: both mean again what they meant before. */
export function obeySuspension(work: Suspendable): () => void {
  // Nothing stops process 1, and so nobody would let its processes go on.
  if (process.pid === 1) return () => {};
  let suspendedMs: number | null = null;
  let disposed = false;
  const resume = () => {
    const pausedMs = suspendedMs === null ? 0 : nowMs() - suspendedMs;
    suspendedMs = null;
    work.resume(pausedMs);
  };
  const suspend = () => {
    work.suspend();
    suspendedMs = nowMs();
    // As by default, not by SIGSTOP: where nobody could continue us (an orphaned group) the kernel then stops nothing.
    heed();
    process.kill(process.pid, "SIGTSTP");
    setTimeout(() => {
      if (disposed) return;
      heed = handleSignals({ SIGTSTP: suspend });
      if (suspendedMs !== null) resume();
    }, NOT_STOPPED_MS);
  };
  let heed = handleSignals({ SIGTSTP: suspend });
  const ended = handleSignals({ SIGCONT: resume });
  return () => {
    disposed = true;
    heed();
    ended();
  };
}
