/** What whoever takes a batch's results asks of the database. Each can be asked again when its answer was lost (schema.ts). */

import { ANSWER_MS, type FarmConnection } from "../connection.ts";
import { array, type TryResult } from "./worker-statements.ts";

/** The channel on which it is told that jobs have ended; the payload is the number of their batch. */
export const ENDED_CHANNEL = "lanes_ended";

/** How long a submitter that says nothing is taken for there, ms. */
const COLLECTOR_MS = 30_000;
/** The same, as SQL. */
export const COLLECTOR_TTL = `interval '${COLLECTOR_MS} ms'`;

/** A job that has ended, as the submitter hears of it. */
export interface EndedJob {
  readonly seq: number;
  readonly payload: Uint8Array;
  readonly attempt: number;
  readonly failures: number;
  readonly failed: boolean;
  /** By the database's clock, ms since the epoch. */
  readonly endedMs: number;
  /** Of one that was given up after its machine was lost again and again there is only the number of times. */
  readonly result:
    | TryResult
    | { readonly lost: number; readonly owner?: { readonly host: string; readonly pid: number } };
}

/** Fetched with one question, bytes of payload; at least one job. */
const MOST_BYTES = 4 << 20;

const ENDED = `select seq::float8, payload, attempt, failures, failed, (extract(epoch from ended) * 1000)::float8 as "endedMs", result
  from (
    select *, sum(octet_length(payload)) over (order by seq) - octet_length(payload) as before from lanes.job
      where batch = $1::bigint and state = 2 and seq > $2::bigint and seq <= $3::bigint and not (seq = any($4::bigint[]))
      order by seq limit $5::int
  ) x where before < ${MOST_BYTES} order by seq`;

/** Jobs that have ended and were not taken, by number. @param but those that are known. */
export const endedJobs = (
  connection: FarmConnection,
  batch: number,
  { above, upTo, but, most }: { above: number; upTo: number; but: readonly number[]; most: number },
): Promise<EndedJob[]> => connection.query<EndedJob>(ENDED, [batch, above, upTo, array(but), most], 3 * ANSWER_MS);

/** One part of what a job wrote. */
export interface OutputPart {
  readonly seq: number;
  readonly stream: 1 | 2;
  readonly data: Uint8Array;
}

/** All that some jobs wrote, in order. It has to be little enough. */
export const outputsOf = (
  connection: FarmConnection,
  batch: number,
  jobs: readonly Pick<EndedJob, "seq" | "attempt">[],
): Promise<OutputPart[]> =>
  connection.query<OutputPart>(
    `select o.seq::float8, o.stream, o.data from unnest($2::bigint[], $3::int[]) as u(seq, attempt)
      join lanes.output o on o.batch = $1::bigint and o.seq = u.seq and o.attempt = u.attempt order by o.seq, o.stream, o.part`,
    [batch, array(jobs.map(({ seq }) => seq)), array(jobs.map(({ attempt }) => attempt))],
    3 * ANSWER_MS,
  );

/** One part of what one job wrote; undefined if it has no such part. */
export async function outputPart(
  connection: FarmConnection,
  batch: number,
  { seq, attempt }: Pick<EndedJob, "seq" | "attempt">,
  stream: 1 | 2,
  part: number,
): Promise<Uint8Array | undefined> {
  const text = `select data from lanes.output where batch = $1::bigint and seq = $2::bigint and attempt = $3::int
    and stream = $4::smallint and part = $5::int`;
  const [row] = await connection.query<{ data: Uint8Array }>(text, [batch, seq, attempt, stream, part]);
  return row?.data;
}

/** The results of these jobs have been passed on. @returns false if somebody else takes them by now, or the batch is gone. */
export async function takeJobs(
  connection: FarmConnection,
  batch: number,
  token: string,
  seqs: readonly number[],
): Promise<boolean> {
  const text = `select lanes.job_take($1::bigint, $2::text, $3::bigint[], ${COLLECTOR_TTL}) as ours`;
  const [row] = await connection.query<{ ours: boolean }>(text, [batch, token, array(seqs)], 3 * ANSWER_MS);
  return row?.ours ?? false;
}

/** We take the results from now on. @returns false if somebody does. */
export async function collectBatch(connection: FarmConnection, batch: number, token: string): Promise<boolean> {
  const text = `select lanes.batch_collect($1::bigint, $2::text, ${COLLECTOR_TTL}) as ours`;
  const [row] = await connection.query<{ ours: boolean }>(text, [batch, token]);
  return row?.ours ?? false;
}

/**
 * Gives up workers that are late, for whoever takes a batch's results: their jobs are anybody's. The database sees to it that none is
 * given up that only the database's own absence has kept from renewing. @returns how many.
 */
export async function giveUpWorkers(connection: FarmConnection, batch: number, token: string): Promise<number> {
  const text = `select lanes.batch_give_up($1::bigint, $2::text, ${COLLECTOR_MS}) as lost`;
  const [row] = await connection.query<{ lost: number }>(text, [batch, token], 3 * ANSWER_MS);
  return row?.lost ?? 0;
}

/** Nobody takes the results for now. */
export async function leaveBatch(connection: FarmConnection, batch: number, token: string): Promise<void> {
  const text =
    "update lanes.batch set seen = lanes.clock(), collector = null where id = $1::bigint and collector = $2::text";
  await connection.query(text, [batch, token]);
}
