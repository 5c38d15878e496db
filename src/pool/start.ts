/**
 * Starting worker processes: the executable again, with its wires. What a worker is to do it hears over them, so one can be
 * started before that is known: while lanes still reads its command line, a *spare* starts as well, and the first result
 * is there sooner by the time a process takes to start.
 *
 * A spare has run nothing and loaded nothing of the user's. If nobody takes it, it ends with this process.
 */
import { absolutePath } from "../os/paths.ts";
import { spawnable } from "../os/spawnable.ts";
import { selfCommand, selfEnvironment } from "../process/reexec.ts";
import { POOL_SENTINEL } from "../process/sentinels.ts";
import { workerEnvironment } from "./environment.ts";

export type WorkerChild = Bun.Subprocess<"ignore", "pipe", "pipe">;

/** A worker process, and the path by which it finds the control page. */
export interface Started {
  readonly child: WorkerChild;
  readonly controlPath: string;
}

let spare: { readonly child: WorkerChild; readonly module: string } | null = null;

/**
 * Starts a worker for the module that `word` (`FILE[#EXPORT]`) seems to name, to whom the control page is given later. Only
 * where a process can open another's descriptors.
 */
export function startSpare(word: string): void {
  if (process.platform !== "linux") return;
  const module = absolutePath(word.replace(/#[^#]*$/, ""));
  try {
    spare = { child: spawn("ignore", module), module };
  } catch {
    // whatever it is, it is told when a worker is really wanted
  }
}

/** A worker for this module and control page: the spare, if there is one. @throws as Bun.spawn; LanesError `error.depth`. */
export function startWorker(controlFd: number, module: string): Started {
  const ready = spare;
  spare = null;
  if (ready?.module === module && ready.child.exitCode === null && ready.child.signalCode === null) {
    return { child: ready.child, controlPath: `/proc/${process.pid}/fd/${controlFd}` };
  }
  ready?.child.kill("SIGKILL");
  return { child: spawn(controlFd, module), controlPath: "/dev/fd/5" };
}

function spawn(control: number | "ignore", module: string): WorkerChild {
  const stdio = ["ignore", "pipe", "pipe", "socket-fd", "socket-fd", control] as const;
  const variables = { ...selfEnvironment(true), ...workerEnvironment(module) };
  // What user code starts is to find the environment as it was given to us.
  const { cmd, env } = spawnable(selfCommand(POOL_SENTINEL), variables, stdio);
  return Bun.spawn(cmd, { env, stdio: [...stdio] });
}
