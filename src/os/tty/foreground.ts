/** Job control: whether the terminal is ours at this moment. */
import { darwinFunctions } from "../darwin.ts";
import { isLinux } from "../platform.ts";
import { nodeProc } from "../process/proc.ts";

/**
 * Whether this process is in the foreground group of its terminal. One in the background that changes the terminal's mode is
 * stopped by it. False where there is no terminal, or no telling.
 */
export function isForeground(): boolean {
  const { own, foreground } = groups();
  return own !== undefined && own === foreground;
}

/** Whether another group has this process's terminal: a shell's, after `bg`. False where there is no terminal, or no telling. */
export function isInBackground(): boolean {
  const { own, foreground } = groups();
  return foreground !== undefined && own !== foreground;
}

const openDarwin = () =>
  darwinFunctions({ getpgrp: { args: [], returns: "i32" }, tcgetpgrp: { args: ["i32"], returns: "i32" } });
let darwin: ReturnType<typeof openDarwin> | undefined;

/** This process's group, and the one that is in the foreground of its terminal. */
function groups(): { readonly own: number | undefined; readonly foreground: number | undefined } {
  if (!isLinux) {
    darwin ??= openDarwin();
    return { own: known(darwin.getpgrp()), foreground: known(darwin.tcgetpgrp(0)) };
  }
  const stat = nodeProc.read("self/stat");
  // state, ppid, group, session, terminal, the terminal's foreground group (proc_pid_stat(5))
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 6);
  return { own: known(Number(group)), foreground: known(Number(foreground)) };
}

/** -1: there is none; 0: it is of another PID namespace. */
const known = (group: number) => (group > 0 ? group : undefined);
