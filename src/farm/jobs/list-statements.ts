/** What there is on a farm: batches, and who works. */

import type { Shortfall } from "../../recording/results/run-result.ts";
import type { FarmConnection } from "../connection.ts";
import type { FarmOwner } from "../lock/statements.ts";
import type { BatchState } from "./batch-statements.ts";

/** A batch, as a list has it. */
export interface ListedBatch {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  readonly owner: FarmOwner;
  readonly state: BatchState;
  readonly total: number | null;
  /** ISO 8601, by the database's clock. */
  readonly since: string;
  /** Jobs that have begun: of those that a worker has as many as it has slots, the first ones. */
  readonly running: number;
  /** Those that nobody has, or that a worker has taken ahead. */
  readonly waiting: number;
  readonly takenOk: number;
  readonly takenFailed: number;
  /** Ended, and not taken; of these those that failed. */
  readonly ended: number;
  readonly endedFailed: number;
  /** Whether somebody takes its results. */
  readonly attended: boolean;
  /** Machines that have jobs of it. */
  readonly machines: number;
  /** Why machines do not do its jobs: the reason, and how many of them. */
  readonly cannot: Readonly<Record<string, number>>;
  readonly spec: Uint8Array;
}

const BATCHES = `with held as (
    select j.batch, j.worker, row_number() over (partition by j.worker order by j.batch, j.seq) <= w.slots as runs
      from lanes.job j join lanes.worker w on w.id = j.worker where j.state = 1
  ) select b.id::float8, b.name, b.kind, b.owner, b.state, b.total::float8, b.spec,
    to_char(b.created at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since,
    (b.collector is not null and b.seen > lanes.clock()) as attended,
    b.taken_ok::float8 as "takenOk", b.taken_failed::float8 as "takenFailed",
    (select count(*)::float8 from held h where h.batch = b.id and h.runs) as running,
    (select count(*)::float8 from held h where h.batch = b.id and not h.runs)
      + (select count(*)::float8 from lanes.job j where j.batch = b.id and j.state = 0) as waiting,
    (select count(*)::float8 from lanes.job j where j.batch = b.id and j.state = 2) as ended,
    (select count(*)::float8 from lanes.job j where j.batch = b.id and j.state = 2 and j.failed) as "endedFailed",
    (select count(distinct w.owner->>'host')::int from lanes.job j join lanes.worker w on w.id = j.worker
      where j.batch = b.id and j.state = 1) as machines,
    (select coalesce(jsonb_object_agg(c.reason, c.n), '{}') from
      (select w.cannot->>(b.id::text) as reason, count(distinct w.owner->>'host') as n from lanes.worker w
        where not w.lost and w.lease > lanes.clock() and w.cannot ? (b.id::text) group by 1) c) as cannot
  from lanes.batch b where $1::text is null or b.name = $1 order by b.id`;

/** The batches there are, the oldest first; the one of this name. */
export const listBatches = (connection: FarmConnection, name: string | null): Promise<ListedBatch[]> =>
  connection.query<ListedBatch>(BATCHES, [name]);

/** Who works. */
export interface ListedWorker {
  readonly owner: FarmOwner;
  readonly slots: number;
  readonly since: string;
  /** Jobs it has, begun or not. */
  readonly jobs: number;
  /** Why it begins nothing for now, as it was when it told so; null: nothing keeps it. */
  readonly waits: Shortfall | null;
}

/** The workers there are. */
export const listWorkers = (connection: FarmConnection): Promise<ListedWorker[]> =>
  connection.query<ListedWorker>(
    `select w.owner, w.slots, w.waits, to_char(w.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since,
        (select count(*)::int from lanes.job j where j.worker = w.id and j.state = 1) as jobs
      from lanes.worker w where not w.lost and w.lease > lanes.clock() order by w.owner->>'host', w.id`,
  );
