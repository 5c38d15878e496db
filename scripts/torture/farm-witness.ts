/**
 * What the database of a torture notes beside lanes' own tables, by triggers in the same transactions: each time that a job's result is
 * accepted, whose it was. And what a mutant changes in the functions that are there: the product itself is never changed.
 */
import { bootMs } from "../../src/os/boot-clock.ts";
import type { Postgres } from "../../tests/support/postgres.ts";

const TRIGGERS = `
create table public.batches (id bigint primary key, name text);
create table public.workers (id bigint primary key, host text, given_up timestamptz);
create table public.accepted (batch bigint, seq bigint, attempt int, worker bigint, lost boolean, told text);

create function public.note_batch() returns trigger language plpgsql as $$ begin
  insert into public.batches values (new.id, new.name); return null; end $$;
create trigger note after insert on lanes.batch for each row execute function public.note_batch();

create function public.note_worker() returns trigger language plpgsql as $$ begin
  insert into public.workers values (new.id, new.owner->>'host') on conflict (id) do nothing;
  -- One that never took anything may be a registration whose answer was lost.
  if new.lost and new.claimed > 0 then update public.workers w set given_up = clock_timestamp() where w.id = new.id; end if;
  return null; end $$;
create trigger note after insert or update of lost on lanes.worker for each row execute function public.note_worker();

create function public.note_result() returns trigger language plpgsql as $$ begin
  insert into public.accepted values (new.batch, new.seq, new.attempt, new.worker, new.result ? 'lost', new.result->>'host'); return null; end $$;
create trigger note after update on lanes.job for each row when (new.state = 2) execute function public.note_result();
`;

/** A function of the schema, a text in it, and what takes its place. */
type Change = readonly [name: string, from: string, to: string];

const mutations = {
  /** Whoever tells of a job is believed. */
  "any-try": [["job_complete", "and j.state = 1 and j.attempt = u.a and j.worker = me", "and j.state = 1"]],
  /** What was told already is taken in once more. */
  again: [["job_complete", "and j.state = 1 and j.attempt = u.a", "and j.state > 0 and j.attempt = u.a"]],
  /** Whose lease is over is given up, even if it was the database that was away. */
  impatient: [["worker_give_up", "and lanes.clock() - own.contact > w.ttl_ms * interval '1 ms'", ""]],
} as const satisfies Record<string, readonly Change[]>;
export type Mutant = keyof typeof mutations;
export const mutants = Object.keys(mutations) as Mutant[];

/** Sets up the notes. @throws Error if a function does not say what a mutation is to change. */
export async function witness(server: Postgres, database: string, mutant: Mutant | undefined): Promise<void> {
  await server.ask(database, `do $setup$ begin ${TRIGGERS} end $setup$`);
  for (const [name, from, to] of mutant === undefined ? [] : mutations[mutant]) {
    const [row] = await server.ask<{ text: string }>(
      database,
      `select pg_get_functiondef('lanes.${name}'::regproc) as text`,
    );
    if (!row?.text.includes(from)) throw new Error(`lanes.${name} no longer contains: ${from}`);
    await server.ask(database, row.text.replace(from, to));
  }
}

/** A result that was accepted. */
export interface Accepted {
  readonly seq: number;
  readonly attempt: number;
  /** Who had the job. */
  readonly host: string;
  /** Who did what was accepted. */
  readonly told: string | null;
  /** Its machine was lost again and again, and nobody did it. */
  readonly lost: boolean;
}

/** The results that were accepted of a batch, and of those (NAME+) that have what its joblog lacked. */
export const acceptedOf = (server: Postgres, database: string, batch: string): Promise<Accepted[]> =>
  server.ask<Accepted>(
    database,
    `select a.seq::float8 as seq, a.attempt, coalesce(w.host, '') as host, a.told, coalesce(a.lost, false) as lost from public.accepted a
      join public.batches b on b.id = a.batch left join public.workers w on w.id = a.worker where rtrim(b.name, '+') = '${batch}' order by a.seq`,
  );

/** What lanes has left in its tables but for workers, and workers that are taken for living. */
export async function leftovers(server: Postgres, database: string): Promise<Record<string, number>> {
  const counts = ["batch", "job", "output"].map((table) => `(select count(*)::int from lanes.${table}) as ${table}`);
  const [row] = await server.ask<Record<string, number>>(database, `select ${counts.join(", ")}`);
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, n]) => n > 0));
}

/** Who was given up while he had jobs, or could have had some; when, by the machine's uptime, s. */
export async function givenUp(server: Postgres, database: string): Promise<{ host: string; at: number }[]> {
  const question =
    "select host, extract(epoch from clock_timestamp() - given_up)::float8 as ago from public.workers where given_up is not null";
  const rows = await server.ask<{ host: string; ago: number }>(database, question);
  return rows.map(({ host, ago }) => ({ host, at: bootMs() / 1e3 - ago }));
}

/** What there is in the tables, for whoever has to find out why it does not go on. */
export async function stateOf(server: Postgres, database: string): Promise<string> {
  const jobs =
    "select b.name, j.state, j.lost, count(*)::int as n, min(j.seq)::int as first, max(j.worker)::int as worker from lanes.job j join lanes.batch b on b.id = j.batch group by 1, 2, 3 order by 1, 2, 3";
  const workers =
    "select id::int, owner->>'host' as host, lost, extract(epoch from lease - lanes.clock())::float8 as left from lanes.worker where not lost";
  return JSON.stringify([await server.ask(database, jobs), await server.ask(database, workers)]);
}
