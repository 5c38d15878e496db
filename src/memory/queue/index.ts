/** Queues and pipes of bytes; what makes values of them is not for this room. */
export { End, makeEnds, notingEnds } from "./end.ts";
export { QueueClosed, QueueEmpty, QueueFull } from "./errors.ts";
export { QueueItems } from "./items.ts";
export { makeQueuePlace } from "./ring.ts";
export type { EncodedItem } from "./segment.ts";
