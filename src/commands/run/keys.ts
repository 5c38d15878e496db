/**
 * Keys during a run that somebody watches: `q` starts no more jobs. To hear it the terminal has to give keys one by one; what
 * it makes of Ctrl-C and Ctrl-\ otherwise is done here then, for the whole process group as the terminal does it.
 */
import type { Run } from "../../jobs/plan.ts";
import type { LiveKeys } from "../../terminal/live-frame.ts";

const DRAIN = "q";
const QUIT = "\x1c";

export function runKeys(run: Run): LiveKeys {
  return {
    onInterrupt: () => process.kill(0, "SIGINT"),
    onKey: (key) => {
      if (key === DRAIN) run.drain();
      else if (key === QUIT) process.kill(0, "SIGQUIT");
    },
  };
}
