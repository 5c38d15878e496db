/** Warm workers for the user's own function; see pool.ts. */

export { modulesAbove } from "./environment.ts";
export type { PoolEvent, PoolTimeline } from "./events.ts";
export type { Failure, ItemError } from "./failure.ts";
export { Output, type Sink } from "./items/output.ts";
export { ArgumentSource, LineSource, type Source } from "./items/source.ts";
export type { OnError, PoolListener, PoolOptions, WorkerNews } from "./options.ts";
export { Pool } from "./pool.ts";
export type { Ending, LaneTally, Summary } from "./tally.ts";
export { compileOptions } from "./worker/tsconfig.ts";
