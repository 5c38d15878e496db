/** Stopping a process (SIGSTOP) and letting it go on, on the record. What is stopped does not know of it, nor do its timers. */
import { kernelView } from "../os/process/process-table.ts";
import { signalTarget } from "../process/guard/groups.ts";
import { lostError, type Process } from "../process/index.ts";
import type { Stage } from "./stage.ts";
import { holds } from "./witness.ts";

/** Stops it. @returns whether the kernel says that it stands still. @throws what has ended it, if it is not there. */
export async function stopProcess(stage: Stage, process: Process): Promise<boolean> {
  await tell(stage, process, "SIGSTOP");
  const stands = await holds(stage, () => kernelView(process.pid ?? 0)?.stopped === true);
  stage.recording.emit({ type: "stopped", signal: "SIGSTOP" }, stampOf(process));
  return stands;
}

/** Lets it go on. @throws what has ended it, if it is not there. */
export async function continueProcess(stage: Stage, process: Process): Promise<void> {
  // Recorded first: what it does from now on comes after.
  stage.recording.emit({ type: "continued" }, stampOf(process));
  await tell(stage, process, "SIGCONT");
}

async function tell(stage: Stage, process: Process, signal: NodeJS.Signals): Promise<void> {
  if (signalTarget(process.pid ?? 0, signal)) return;
  await stage.or(process.join());
  throw process.error ?? lostError(process);
}

const stampOf = ({ name, pid }: Process) => ({ lane: name, pid: pid ?? 0, ppid: process.pid });
