/**
 * Keys during a run that somebody watches: `q` starts no more jobs. To hear it the terminal has to give keys one by one; what
 * it makes of Ctrl-C, Ctrl-\ and Ctrl-Z otherwise is done here then, for the whole process group as the terminal does it.
 *
 * Always true: the terminal is taken only while it is ours, and while nobody else reads from it or draws on it.
 */
import type { Run } from "../../jobs/plan.ts";
import { handleSignals } from "../../os/signals.ts";
import { isForeground } from "../../os/tty/foreground.ts";
import type { Terminal } from "../../terminal/terminal.ts";

const DRAIN = "q";
const signals: Readonly<Record<string, NodeJS.Signals>> = { "\x03": "SIGINT", "\x1c": "SIGQUIT" };
const SUSPEND = "\x1a";

/** Listens from now on. @returns what ends it, with the terminal as it was found; null if the terminal is not ours. */
export function listenToKeys(terminal: Terminal, run: Run): (() => void) | null {
  if (!isForeground()) return null;
  const take = () => {
    if (!isForeground()) return;
    terminal.take();
    terminal.keyboard.resume();
  };
  terminal.take();
  const deaf = terminal.keyboard.read((key) => {
    const signal = signals[key];
    if (key === DRAIN) run.drain();
    else if (signal !== undefined) process.kill(0, signal);
    else if (key === SUSPEND) {
      terminal.restore();
      process.kill(0, "SIGTSTP");
    }
  });
  // A shell lets us go on in the foreground, or in the background and later in the foreground.
  const off = handleSignals({ SIGCONT: take });
  return () => {
    off();
    deaf();
    terminal.restore();
  };
}
