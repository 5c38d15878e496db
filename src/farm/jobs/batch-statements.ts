/** What whoever hands in a batch, ends it or looks at it asks of the database. Each can be asked again when its answer was lost (schema.ts). */

import { LanesError } from "../../errors.ts";
import type { Halt } from "../../jobs/halt.ts";
import { ANSWER_MS, type FarmConnection } from "../connection.ts";
import type { FarmOwner } from "../lock/statements.ts";
import { COLLECTOR_TTL } from "./collect-statements.ts";
import { packSpec, type Spec } from "./payload.ts";
import { array } from "./worker-statements.ts";

/** A batch to be. */
export interface NewBatch {
  readonly name: string;
  /** What this submission goes by, and its submitter as long as he takes the results. */
  readonly token: string;
  readonly spec: Spec;
  readonly owner: FarmOwner;
  /** How often a job is tried in all. */
  readonly tries: number;
  /** Between two beginnings, ms. */
  readonly delayMs: number;
  readonly halt: Halt | null;
}

/** Makes a batch. @returns its number, and when that was, by the database's clock, ms since the epoch; null: another has the name. */
export async function openBatch(
  connection: FarmConnection,
  batch: NewBatch,
): Promise<{ id: number; atMs: number } | null> {
  const { name, token, spec, owner, tries, delayMs, halt } = batch;
  const text = `select lanes.batch_open($1::text, $2::text, $3::text, $4::bytea, $5::jsonb, $6::int, $7::float8, $8::text::jsonb, ${COLLECTOR_TTL})::float8 as id,
    (extract(epoch from lanes.clock()) * 1000)::float8 as "atMs"`;
  const limit = halt === null ? null : JSON.stringify({ when: halt.when, what: halt.what, ...halt.limit });
  const values = [name, token, spec.kind, packSpec(spec), owner, tries, delayMs, limit];
  const [row] = await connection.query<{ id: number | null; atMs: number }>(text, values);
  return row === undefined || row.id === null ? null : { id: row.id, atMs: row.atMs };
}

/** Of one job, bytes: more would hardly get through within a question's deadline, and be asked again for ever. */
const LARGEST_PAYLOAD = 64 << 20;

/** Adds jobs. @throws LanesError for one that is too large. */
export async function putJobs(
  connection: FarmConnection,
  batch: number,
  jobs: readonly { readonly seq: number; readonly payload: Uint8Array }[],
): Promise<void> {
  const large = jobs.find(({ payload }) => payload.length > LARGEST_PAYLOAD)?.payload.length;
  if (large !== undefined) throw new LanesError("farm.job.large", { bytes: large, most: LARGEST_PAYLOAD });
  let end = 0;
  const ends = jobs.map(({ payload }) => (end += payload.length));
  const text = "select lanes.job_put($1::bigint, $2::bigint[], $3::int[], $4::bytea)";
  const bytes = Buffer.concat(jobs.map(({ payload }) => payload));
  await connection.query(text, [batch, array(jobs.map(({ seq }) => seq)), array(ends), bytes], 3 * ANSWER_MS);
}

/** All jobs are there. @param total how many. */
export async function closeBatch(connection: FarmConnection, batch: number, total: number): Promise<void> {
  await connection.query("select lanes.batch_close($1::bigint, $2::bigint)", [batch, total]);
}

/** Where a batch is: see schema.ts. */
export type BatchState = "open" | "halted" | "stopped" | "cancelled" | "done";

/** How far a batch is. */
export interface BatchProgress {
  readonly state: BatchState;
  readonly total: number | null;
  /** The exit code of the job whose end was the reason to halt. */
  readonly haltCode: number | null;
  /** There are jobs that nobody has. */
  readonly waits: boolean;
  /** Jobs that workers have; of these those whose workers are there. */
  readonly held: number;
  readonly alive: number;
  /** Ended, and not taken. */
  readonly ended: number;
  /** Of a batch that was stopped or cancelled: jobs that had been begun, and were ended for it. */
  readonly stopped: number;
}

const PROGRESS = `select b.state, b.total::float8, b.halt_code as "haltCode",
    exists (select from lanes.job j where j.batch = b.id and j.state = 0) as waits,
    (select count(*)::float8 from lanes.job j where j.batch = b.id and j.state = 2) as ended, h.held, h.alive,
    -- Each beginning ends in a failure, with its machine, or from outside.
    case when b.state in ('stopped', 'cancelled') then
      (select count(*)::float8 from lanes.job j where j.batch = b.id and j.state < 2 and j.attempt > j.failures + j.lost)
      else 0 end as stopped
  from lanes.batch b cross join lateral (
    select count(*)::float8 as held, (count(*) filter (where not w.lost and w.lease > lanes.clock()))::float8 as alive
      from lanes.job j left join lanes.worker w on w.id = j.worker where j.batch = b.id and j.state = 1) h
  where b.id = $1::bigint`;

/** @returns undefined if there is no such batch any more. */
export async function batchProgress(connection: FarmConnection, batch: number): Promise<BatchProgress | undefined> {
  const [row] = await connection.query<BatchProgress>(PROGRESS, [batch], 3 * ANSWER_MS);
  return row;
}

/**
 * No more jobs of it are begun (`halted`), or go on (`cancelled`).
 * @param token of whoever takes the results, and says so: if that is somebody else by now nothing happens. Null: whoever it is.
 */
export async function stopBatch(
  connection: FarmConnection,
  batch: number,
  how: "halted" | "cancelled",
  token: string | null,
): Promise<void> {
  await connection.query("select lanes.batch_stop($1::bigint, $2::text, $3::text)", [batch, how, token]);
}

/** Removes it, with all that belongs to it. @param token as of {@link stopBatch}. */
export async function removeBatch(connection: FarmConnection, batch: number, token: string | null): Promise<void> {
  await connection.query("select lanes.batch_remove($1::bigint, $2::text)", [batch, token], 6 * ANSWER_MS);
}

/** A job that runs somewhere. */
export interface RunningJob {
  readonly host: string;
  readonly pid: number;
  readonly ppid: number;
  readonly slot: number;
  readonly seq: number;
  readonly attempt: number;
  readonly command: string;
  readonly ms: number;
}

/** What is known of what runs of a batch: jobs that have run for a while. */
export const runningJobs = (connection: FarmConnection, batch: number): Promise<RunningJob[]> =>
  connection.query<RunningJob>(
    `select w.owner->>'host' as host, r.pid, (w.owner->>'pid')::int as ppid, r.slot, r.s::float8 as seq, r.a as attempt, r.command,
        r.ms + extract(epoch from lanes.clock() - w.told)::float8 * 1000 as ms
      from lanes.worker w cross join lateral jsonb_to_recordset(w.running) as r(b bigint, s bigint, a int, slot int, pid int, command text, ms float8)
      where not w.lost and r.b = $1::bigint order by host, r.slot`,
    [batch],
  );

/** How many work on the farm, but for one of them. */
export async function othersAtWork(connection: FarmConnection, but: number | null): Promise<number> {
  const text =
    "select count(*)::int as n from lanes.worker where not lost and lease > lanes.clock() and id is distinct from $1::bigint";
  const [row] = await connection.query<{ n: number }>(text, [but]);
  return row?.n ?? 0;
}
