/** Warm workers for the user's own function; see pool.ts. */

export { modulesAbove } from "./environment.ts";
export { Output, type Sink } from "./items/output.ts";
export { ArgumentSource, LineSource, type Source } from "./items/source.ts";
export type { Answers, Mapping, OnError, PoolListener, PoolOptions, PoolTimeline } from "./options.ts";
export { Pool } from "./pool.ts";
export { compileOptions } from "./worker/tsconfig.ts";
