/** Warm workers for the user's own function; see pool.ts. */

export { modulesAbove } from "./environment.ts";
export { Output, type ResultSink } from "./items/output.ts";
export { ArgumentSource, type ItemSource, LineSource } from "./items/source.ts";
export type { Answers, MapPoolOptions, Mapping, OnError, PoolListener, PoolTimeline } from "./options.ts";
export { MapPool } from "./pool.ts";
export { compileOptions } from "./worker/tsconfig.ts";
