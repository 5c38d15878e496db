/** What the pool puts into a worker's environment: how much garbage to keep, and whose worker it is. */
import { LARGE_HEAP_VARIABLE } from "../os/bun.ts";

/**
 * Garbage a worker's heap collects, bytes: enough for a chunk or two. By default it is 32 MiB, in each of what may be many workers.
 * A heap that is larger by itself grows as it always does.
 */
const GARBAGE_BYTES = String(4 * 1024 * 1024);

/** The modules being mapped above a process, one a line: a module that maps itself would start lanes without end. */
const MODULES_VARIABLE = "LANES_MAP_MODULES";

/** The modules of the maps this process is (below) a worker of. */
export function modulesAbove(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return (env[MODULES_VARIABLE] ?? "").split("\n").filter((path) => path !== "");
}

/**
 * What a worker of this module has in its environment from the start. What user code starts with Bun.spawn inherits that,
 * and not what the worker itself changes in process.env later.
 */
export function workerEnvironment(module: string): Record<string, string> {
  return { [MODULES_VARIABLE]: [...modulesAbove(), module].join("\n"), [LARGE_HEAP_VARIABLE]: GARBAGE_BYTES };
}
