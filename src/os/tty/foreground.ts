/** Job control: whether the terminal is ours at this moment. */
import { darwinFunctions } from "../darwin.ts";
import { isLinux } from "../platform.ts";
import { nodeProc } from "../process/proc.ts";

/**
 * Whether this process is in the foreground group of its terminal. One in the background that changes the terminal's mode is
 * stopped by it. False where there is no terminal, or no telling.
 */
export function isForeground(): boolean {
  if (!isLinux) {
    const { getpgrp, tcgetpgrp } = darwinFunctions({
      getpgrp: { args: [], returns: "i32" },
      tcgetpgrp: { args: ["i32"], returns: "i32" },
    });
    return tcgetpgrp(0) === getpgrp();
  }
  const stat = nodeProc.read("self/stat");
  // state, ppid, group, session, terminal, the terminal's foreground group (proc_pid_stat(5))
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 6);
  return group !== undefined && group === foreground;
}
