/** What a worker asks of the database. Each can be asked again when its answer was lost (schema.ts). */

import type { Shortfall } from "../../recording/results/run-result.ts";
import { ANSWER_MS, type FarmConnection } from "../connection.ts";
import type { FarmProcess } from "../owner.ts";

/** The channel on which workers are told that there are jobs, or (`stop`) that some are to end. */
export const JOBS_CHANNEL = "lanes_jobs";

/** Who a worker is, as others are told. */
export interface WorkerOwner extends FarmProcess {
  readonly version: string;
}

/** Makes a worker known. @param token what it goes by, for this one registration. @returns its number. */
export async function registerWorker(
  connection: FarmConnection,
  { token, owner, slots, ttlMs }: { token: string; owner: WorkerOwner; slots: number; ttlMs: number },
  withinMs = ANSWER_MS,
): Promise<number> {
  const text = "select lanes.worker_register($1::text, $2::jsonb, $3::int, $4::float8)::float8 as id";
  const [row] = await connection.query<{ id: number }>(text, [token, owner, slots, ttlMs], withinMs);
  if (row === undefined) throw new Error("no row");
  return row.id;
}

/** A batch whose jobs may be begun. */
export interface OpenBatch {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  /** Left out if it was known already. */
  readonly spec: Uint8Array | null;
}

const OPEN = `select id::float8, name, kind, case when id = any($1::bigint[]) then null else spec end as spec
  from lanes.batch where state = 'open' order by id`;

/** The batches there is something to do of, the oldest first. @param known those whose spec need not be sent. */
export const openBatches = (connection: FarmConnection, known: readonly number[]): Promise<OpenBatch[]> =>
  connection.query<OpenBatch>(OPEN, [array(known)]);

/** One try of a job that was handed out. */
export interface Claimed {
  readonly batch: number;
  readonly seq: number;
  readonly attempt: number;
  readonly payload: Uint8Array;
  /** The number of the claim that took it. */
  readonly claim: number;
}

export interface JobClaim {
  /** The worker's number. */
  readonly worker: number;
  /** Its own count of claims: the same as before where the answer did not come, else a greater one. */
  readonly claim: number;
  /** In the order of preference, each from behind a number on. */
  readonly batches: readonly number[];
  readonly low: readonly number[];
  readonly most: number;
}

const CLAIM = `select batch::float8, seq::float8, attempt, payload
  from lanes.job_claim($1::bigint, $2::bigint, $3::bigint[], $4::bigint[], $5::int)`;

/** Takes jobs that wait. @returns null if the worker is lost. */
export async function claimJobs(
  connection: FarmConnection,
  { worker, claim, batches, low, most }: JobClaim,
): Promise<Claimed[] | null> {
  const values = [worker, claim, array(batches), array(low), most];
  const rows = await connection.query<Omit<Claimed, "batch" | "claim"> & { readonly batch: number | null }>(
    CLAIM,
    values,
  );
  const claimed = rows.flatMap(({ batch, ...row }) => (batch === null ? [] : { ...row, batch, claim }));
  if (claimed.length < rows.length) return null;
  return claimed.sort((a, b) => a.batch - b.batch || a.seq - b.seq);
}

/** Bytes of output in one row. */
export const PART_BYTES = 256 << 10;

/** One try's number. */
type Try = Pick<Claimed, "batch" | "seq" | "attempt">;

/** Puts down a part of what a try has written. @returns false if that try is not wanted any more. */
export async function putOutput(
  connection: FarmConnection,
  worker: number,
  { batch, seq, attempt }: Try,
  { stream, part, bytes }: { stream: 1 | 2; part: number; bytes: Uint8Array },
): Promise<boolean> {
  const text =
    "select lanes.output_put($1::bigint, $2::bigint, $3::bigint, $4::int, $5::smallint, $6::int, $7::bytea) as wanted";
  const [row] = await connection.query<{ wanted: boolean }>(text, [worker, batch, seq, attempt, stream, part, bytes]);
  return row?.wanted ?? false;
}

/** How a try ended, as the submitter is told. */
export interface TryResult {
  /** As a shell would name it. */
  readonly exit: number;
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly ms: number;
  readonly cpuMs: number;
  readonly maxRssKb: number;
  /** Bytes of its stdout and stderr that were put down. */
  readonly out: number;
  readonly err: number;
  /** Bytes of its stdout, whole. */
  readonly received: number;
  readonly notice: string | null;
  readonly host: string;
  readonly slot: number;
  readonly pid: number;
  readonly ppid: number;
}

/** A try that has ended. */
export interface EndedTry {
  readonly of: Try;
  readonly failed: boolean;
  readonly result: TryResult;
  /** How long ago that was, ms. */
  readonly agoMs: number;
  /** What it wrote, unless it was put down before. */
  readonly out: Uint8Array;
  readonly err: Uint8Array;
}

/** `again`: it failed, and is tried again; `refused`: it was another's by then. */
export type TryVerdict = "accepted" | "again" | "refused";

/** Tells what has come of tries. @returns what has become of each, in their order. */
export async function completeJobs(
  connection: FarmConnection,
  worker: number,
  ended: readonly EndedTry[],
  withinMs: number,
): Promise<TryVerdict[]> {
  const rows = ended.map(({ of, failed, result, agoMs, out, err }) => {
    return { b: of.batch, s: of.seq, a: of.attempt, failed, result, ago: agoMs, out: out.length, err: err.length };
  });
  const bytes = Buffer.concat(ended.flatMap(({ out, err }) => [out, err]));
  const text =
    "select batch::float8, seq::float8, verdict from lanes.job_complete($1::bigint, $2::text::jsonb, $3::bytea)";
  const values = [worker, JSON.stringify(rows), bytes];
  const answers = await connection.query<{ batch: number; seq: number; verdict: TryVerdict }>(text, values, withinMs);
  const verdicts = new Map(answers.map(({ batch, seq, verdict }) => [`${batch}/${seq}`, verdict]));
  return ended.map(({ of }) => verdicts.get(`${of.batch}/${of.seq}`) ?? "accepted");
}

/**
 * The worker is there for another lease.
 * @param cannot why it does not do the jobs of some batches, by their numbers.
 * @returns of the batches it is at those whose jobs are to end; null: it is lost.
 */
export async function renewWorker(
  connection: FarmConnection,
  worker: number,
  batches: readonly number[],
  cannot: Readonly<Record<string, string>>,
  withinMs: number,
): Promise<number[] | null> {
  const text = "select lanes.worker_renew($1::bigint, $2::bigint[], $3::jsonb)::float8[]::text as ends";
  const [row] = await connection.query<{ ends: string | null }>(text, [worker, array(batches), cannot], withinMs);
  if (row === undefined) throw new Error("no row");
  return row.ends === null ? null : row.ends.slice(1, -1).split(",").filter(Boolean).map(Number);
}

/** Gives up workers that are late. @returns how many. */
export async function giveUpOthers(connection: FarmConnection, worker: number, withinMs: number): Promise<number> {
  const text = "select lanes.worker_give_up($1::bigint) as lost";
  const [row] = await connection.query<{ lost: number }>(text, [worker], withinMs);
  return row?.lost ?? 0;
}

/** Gives back tries that were not begun, or were ended. */
export async function giveBackJobs(
  connection: FarmConnection,
  worker: number,
  tries: readonly (Try & { readonly claim: number; readonly begun: boolean })[],
): Promise<void> {
  const text =
    "select lanes.job_give_back($1::bigint, $2::bigint[], $3::bigint[], $4::int[], $5::bigint[], $6::bool[])";
  const columns = [
    tries.map((t) => t.batch),
    tries.map((t) => t.seq),
    tries.map((t) => t.attempt),
    tries.map((t) => t.claim),
    tries.map((t) => t.begun),
  ];
  await connection.query(text, [worker, ...columns.map(array)]);
}

/** One job that runs, for those who watch. */
export interface ToldJob {
  /** Batch, number, attempt. */
  readonly b: number;
  readonly s: number;
  readonly a: number;
  readonly slot: number;
  readonly pid: number;
  readonly command: string;
  /** So long, ms, when it was told. */
  readonly ms: number;
}

/** What those who watch are told of a worker. */
export interface WorkerReport {
  readonly running: readonly ToldJob[];
  /** Why it begins nothing for now; null: nothing keeps it. */
  readonly waits: Shortfall | null;
}

/** Tells what a worker is at. */
export async function tellWatchers(
  connection: FarmConnection,
  worker: number,
  { running, waits }: WorkerReport,
): Promise<void> {
  const text = "select lanes.worker_tell($1::bigint, $2::text::jsonb, nullif($3::text::jsonb, 'null'))";
  await connection.query(text, [worker, JSON.stringify(running), JSON.stringify(waits)]);
}

/** The worker is gone, in good order. */
export async function leaveFarm(connection: FarmConnection, worker: number, withinMs: number): Promise<void> {
  await connection.query("select lanes.worker_leave($1::bigint)", [worker], withinMs);
}

/** An array as PostgreSQL reads it. */
export const array = (values: readonly (number | boolean)[]): string => `{${values.join(",")}}`;
