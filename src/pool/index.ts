/** Warm workers for the user's own function; see pool.ts. */

export { modulesAbove } from "./environment.ts";
export type { PoolEvent, PoolTimeline } from "./events.ts";
export type { Failure, ItemError } from "./failure.ts";
export type { OnError, PoolListener, PoolOptions, WorkerNews } from "./options.ts";
export { Output, type Sink } from "./output.ts";
export { Pool } from "./pool.ts";
export { ArgumentSource, LineSource, type Source } from "./source.ts";
export type { Ending, LaneTally, Summary } from "./tally.ts";
export { compileOptions } from "./tsconfig.ts";
