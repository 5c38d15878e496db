/** Fetching what jobs wrote: much of it in parts, what is little for many jobs at once. */
import { type EndedJob, type OutputPart, outputPart, outputsOf } from "../jobs/collect-statements.ts";
import { PART_BYTES } from "../jobs/worker-statements.ts";
import type { Collection } from "./collection.ts";

/** Fetched with one question, bytes. */
const MOST_BYTES = 4 << 20;

/** Groups of jobs whose output can be fetched at once. One that has written much is alone. */
export function groupsOf(jobs: readonly EndedJob[]): EndedJob[][] {
  const groups: EndedJob[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const job of jobs) {
    const size = sizeOf(job);
    if (bytes + size > MOST_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(job);
    bytes += size;
  }
  return groups;
}

/**
 * What a group of jobs wrote: of each job first its stdout, in order, then its stderr.
 * @throws as {@link Collection.again}.
 */
export async function* outputOf(collection: Collection, group: readonly EndedJob[]): AsyncGenerator<OutputPart> {
  const { connection, batch } = collection;
  const [first] = group;
  if (group.length === 1 && first !== undefined && sizeOf(first) > MOST_BYTES) {
    for (const stream of [1, 2] as const) {
      for (let part = 0; part * PART_BYTES < sizeOf(first, stream); part += 1) {
        const data = await collection.again(() => outputPart(connection, batch.id, first, stream, part));
        if (data === undefined) return; // another takes the results by now, as will be seen
        yield { seq: first.seq, stream, data };
      }
    }
  } else if (group.some((job) => sizeOf(job) > 0)) {
    yield* await collection.again(() => outputsOf(connection, batch.id, group));
  }
}

/** How much a job wrote: to one stream, or to both, bytes. */
function sizeOf({ result }: EndedJob, stream?: 1 | 2): number {
  if ("lost" in result) return 0;
  if (stream === undefined) return result.out + result.err;
  return stream === 1 ? result.out : result.err;
}
