/**
 * The first arguments by which main.ts knows that it was started by lanes and not by a person. In a file of their own:
 * every start of lanes loads this one, and nothing else before it knows what it is to be.
 */

/** A process that runs a Process's target (worker.ts). */
export const WORKER_SENTINEL = "--lanes-worker";

/** A process of a user's own program (api/program/child.ts). */
export const PROGRAM_SENTINEL = "--lanes-program";

/** A worker of the pool behind `lanes map` (pool/worker.ts). */
export const POOL_SENTINEL = "--lanes-pool-worker";

/** The guard that ends what lanes left behind (guard.ts). */
export const GUARD_SENTINEL = "--lanes-guard";

/** The guard of a command under a lock in a database (farm/lock/guard.ts). */
export const FARM_GUARD_SENTINEL = "--lanes-farm-guard";

/** The tracer behind `lanes trace` (trace/tracer.ts). */
export const TRACER_SENTINEL = "--lanes-tracer";

/** The controller behind `lanes explore` (explore/control/controller.ts). */
export const CONTROLLER_SENTINEL = "--lanes-controller";
