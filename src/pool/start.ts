/**
 * Starting worker processes: the executable again, with its wires. What a worker is to do it hears over them, so one can be
 * started before that is known: while lanes still reads its command line, a *spare* starts as well, and the first result
 * is there sooner by the time a process takes to start.
 *
 * A spare has run nothing and loaded nothing of the user's. If nobody takes it, it ends with this process.
 */

import { absolutePath } from "../os/bytes/paths.ts";
import { spawnable } from "../os/exec/spawnable.ts";
import { givenDescriptors, givenStdio } from "../os/files/descriptors.ts";
import { isLinux, procPath } from "../os/platform.ts";
import { keepIgnored } from "../os/signals.ts";
import { MARK_VARIABLE, outerMarks } from "../process/guard/mark.ts";
import { selfCommand, selfEnvironment } from "../process/reexec.ts";
import { POOL_SENTINEL } from "../process/sentinels.ts";
import { workerEnvironment } from "./environment.ts";
import { FIRST_FD } from "./wire.ts";

export type WorkerChild = Bun.Subprocess<"ignore", "pipe", "pipe">;

/** A worker process, and the path by which it finds the control page. */
export interface StartedWorker {
  readonly child: WorkerChild;
  readonly controlPath: string;
  /** What it and all it starts carry in their environment; see process/guard.ts. */
  readonly mark: string;
}

let spare: { readonly child: WorkerChild; readonly mark: string; readonly module: string } | null = null;
let marks = 0;

/**
 * Starts a worker for the module that `word` (`FILE[#EXPORT]`) seems to name, to whom the control page is given later. Only
 * where a process can open another's descriptors.
 */
export function startSpare(word: string): void {
  if (!isLinux) return;
  const module = absolutePath(word.replace(/#[^#]*$/, ""));
  try {
    spare = { ...spawn("ignore", module), module };
  } catch {
    // whatever it is, it is told when a worker is really wanted
  }
}

/** A worker for this module and control page: the spare, if there is one. @param folder where it runs. @throws as Bun.spawn; LanesError `error.depth`. */
export function startWorker(controlFd: number, module: string, folder?: string): StartedWorker {
  const ready = spare;
  spare = null;
  if (
    folder === undefined &&
    ready?.module === module &&
    ready.child.exitCode === null &&
    ready.child.signalCode === null
  ) {
    return { child: ready.child, mark: ready.mark, controlPath: procPath(`${process.pid}/fd/${controlFd}`) };
  }
  ready?.child.kill("SIGKILL");
  return { ...spawn(controlFd, module, folder), controlPath: `/dev/fd/${firstFd() + 2}` };
}

/** Where the worker's own descriptors begin: the first three on end under which it is given none by whoever started us. */
export function firstFd(): number {
  const given = givenDescriptors();
  let first = FIRST_FD;
  for (let fd = first; fd < first + 3; fd++) if (given.includes(fd)) first = fd + 1;
  return first;
}

function spawn(control: number | "ignore", module: string, folder?: string) {
  const mark = `${process.pid}-${Date.now().toString(36)}.${++marks}`;
  const variables = { ...selfEnvironment(true), ...workerEnvironment(module), [MARK_VARIABLE]: outerMarks() + mark };
  const first = firstFd();
  const command = selfCommand(POOL_SENTINEL, ...(first === FIRST_FD ? [] : [String(first)]));
  const own = new Map<number, "socket-fd" | number | "ignore">([
    [first, "socket-fd"],
    [first + 1, "socket-fd"],
    [first + 2, control],
  ]);
  const stdio = ["ignore", "pipe", "pipe", ...givenStdio(own)] as const;
  // What user code starts is to find the environment as it was given to us.
  const { cmd, env } = spawnable(keepIgnored(command), variables, stdio);
  const child = Bun.spawn(cmd, {
    env,
    ...(folder === undefined ? {} : { cwd: folder }),
    // A group of its own: what it starts is ended with it. (Ctrl-Z is passed on: the terminal reaches only its own groups.)
    detached: true,
    stdio: [...stdio],
  });
  return { child, mark };
}
