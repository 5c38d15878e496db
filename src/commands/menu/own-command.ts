/** Running a command for one's own work from the menu, as if it had been typed into a shell. */

import { Stopped, type Stopper } from "../../cli/stop.ts";
import { currentLanguage } from "../../i18n/index.ts";
import { Guard } from "../../process/guard/guard.ts";
import { MARK_VARIABLE, outerMarks } from "../../process/guard/mark.ts";
import { selfCommand } from "../../process/reexec.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** When the terminal goes away the kernel tells the command: it gets so long, ms, before we do. */
const HANG_UP_MS = 500;
/** A command that was told to end gets so long, ms: longer than `lanes run` gives its jobs. */
const GRACE_MS = 5_000;

/**
 * Runs the line by a shell; the terminal is its own while it runs, Ctrl-C, Ctrl-Z and Ctrl-\\ included. Stopped, it is
 * stopped; killed, a guard ends whatever it has started.
 * @param folder where it runs, if not in the current one.
 * @returns its exit code; 128+n if signal n ended it.
 */
export async function runOwnWork(
  name: string,
  line: string,
  terminal: Terminal,
  stopper: Stopper,
  folder?: string,
): Promise<number> {
  terminal.restore();
  const self = selfCommand(name);
  const words = self.map((_, i) => `"$\{${i}}"`).join(" ");
  const guard = new Guard();
  let killed = false;
  try {
    const mark = `${process.pid}-own`;
    const entry = guard.note(mark);
    return await stopper.lendTerminal(async () => {
      const child = Bun.spawn(["sh", "-c", `exec ${words} ${line}`, ...self], {
        stdio: ["inherit", "inherit", "inherit"],
        ...(folder === undefined ? {} : { cwd: folder }),
        env: {
          ...process.env,
          LANES_LANG: currentLanguage(),
          [MARK_VARIABLE]: outerMarks() + mark,
        },
      });
      entry.started(child.pid, false);
      const stop = async () => {
        killed = await end(child, stopper.signal);
      };
      stopper.signal.addEventListener("abort", stop, { once: true });
      const code = await child.exited;
      stopper.signal.removeEventListener("abort", stop);
      if (!killed) entry.clear();
      return code;
    });
  } finally {
    // A command that had to be killed may have left something: the guard ends that when we have ended.
    if (!killed) await guard.close();
  }
}

/** Ends the command for the signal that ends us. @returns whether it had to be killed. */
async function end(child: Bun.Subprocess, { reason }: AbortSignal): Promise<boolean> {
  if (reason instanceof Stopped && reason.signal === "SIGHUP") await within(HANG_UP_MS, child.exited);
  child.kill("SIGTERM");
  child.kill("SIGCONT"); // a stopped process cannot heed SIGTERM
  await within(GRACE_MS, child.exited);
  const left = child.exitCode === null && child.signalCode === null;
  child.kill("SIGKILL");
  return left;
}

/** Resolves when the promise does, after so many ms at the latest. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  await Promise.race([promise, Bun.sleep(ms)]);
}
