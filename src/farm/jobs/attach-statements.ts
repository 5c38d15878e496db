/** What whoever goes on with a batch asks of the database. Each can be asked again when its answer was lost. */
import { ANSWER_MS, type FarmConnection } from "../connection.ts";
import { ROW_HEADER, type Row, unpackRow } from "./payload.ts";

/** A submitter was killed before all values were there: what is there is all. @returns how many. */
export async function closeOrphan(connection: FarmConnection, batch: number): Promise<number> {
  const text = `update lanes.batch b
    set total = coalesce(b.total, b.taken_ok + b.taken_failed + (select count(*) from lanes.job j where j.batch = b.id))
    where b.id = $1::bigint returning b.total::float8`;
  const [row] = await connection.query<{ total: number }>(text, [batch]);
  return row?.total ?? 0;
}

/** Which jobs are left of a batch, by number: from, to. */
export const jobsLeft = (connection: FarmConnection, batch: number): Promise<{ from: number; to: number }[]> =>
  connection.query(
    `select min(seq)::float8 as "from", max(seq)::float8 as "to" from
      (select seq, seq - row_number() over (order by seq) as island from lanes.job where batch = $1::bigint) x group by island order by 1`,
    [batch],
    6 * ANSWER_MS,
  );

/** A row of a map that nobody has taken. */
export interface RowLeft extends Pick<Row, "first" | "count"> {
  readonly seq: number;
}

/** The rows that are left of a map, in order. */
export async function rowsLeft(connection: FarmConnection, batch: number): Promise<RowLeft[]> {
  const text = `select seq::float8, substring(payload for ${ROW_HEADER}) as head from lanes.job where batch = $1::bigint order by seq`;
  const rows = await connection.query<{ seq: number; head: Uint8Array }>(text, [batch], 6 * ANSWER_MS);
  return rows.map(({ seq, head }) => {
    const { first, count } = unpackRow(head);
    return { seq, first, count };
  });
}

/** The database's clock, ms since the epoch. */
export async function databaseMs(connection: FarmConnection): Promise<number> {
  const [row] = await connection.query<{ ms: number }>(
    "select (extract(epoch from lanes.clock()) * 1000)::float8 as ms",
  );
  return row?.ms ?? 0;
}
