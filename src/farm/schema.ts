/**
 * The farm's tables and functions: the schema `lanes` of its database, made by whoever comes first, brought up to date by
 * whoever knows more. Each version is a step from the one before; the number of the last one taken is in lanes.meta. Everything
 * happens in one transaction that one client at a time can be in.
 *
 * Always true: a client works only with the very version it knows.
 */
import { ExitCode, LanesError } from "../errors.ts";
import { version as program } from "../version.ts";
import { ANSWER_MS, type FarmConnection } from "./connection.ts";
import { stateOf } from "./failures.ts";
import { jobs } from "./jobs/schema.ts";
import { locks } from "./lock/schema.ts";

/** What leads to version 1, 2, …. What was released is never changed: a change is a step of its own. */
const steps = (): readonly string[] => [locks, jobs];

/** Any number that nobody else in the database uses for the same purpose: `lanes` on a telephone's keys. */
const SETUP_LOCK = 52_637;
const OLDEST = 130_000;

const SETTINGS = `select current_setting('server_version_num')::int as server, pg_is_in_recovery() as standby,
  current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on'
    and current_setting('synchronous_commit') <> 'off' as durable,
  to_regclass('lanes.meta') is not null as there`;

/**
 * Makes sure that the farm is one this lanes can work with, and sets it up if need be.
 * @returns whether what it commits survives a crash of its machine.
 * @throws LanesError (usage) if it cannot be used; else what the connection throws.
 */
export async function prepare(connection: FarmConnection, versions = steps()): Promise<{ readonly durable: boolean }> {
  const { label: farm } = connection.address;
  const [found] = await connection.query<{ server: number; standby: boolean; durable: boolean; there: boolean }>(
    SETTINGS,
  );
  if (found === undefined) throw new Error("no settings");
  const refused = { exitCode: ExitCode.usage };
  if (found.server < OLDEST) {
    throw new LanesError("farm.old", { farm, version: Math.floor(found.server / 10_000) }, refused);
  }
  if (found.standby) throw new LanesError("farm.standby", { farm }, refused);
  const at = found.there ? await versionOf(connection) : 0;
  if (at > versions.length) throw newer(farm, at, versions.length);
  if (at < versions.length) await setUp(connection, versions);
  return { durable: found.durable };
}

const newer = (farm: string, schema: number, known: number) =>
  new LanesError("farm.newer", { farm, schema, known, program }, { exitCode: ExitCode.usage });

async function versionOf(connection: FarmConnection): Promise<number> {
  const [row] = await connection.query<{ version: number }>("select version from lanes.meta");
  return row?.version ?? 0;
}

/** One statement after the other in one message: all of them, or none. A step that is taken already is left out by the server. */
async function setUp(connection: FarmConnection, versions: readonly string[]): Promise<void> {
  const taken = versions.map((step, at) => {
    const body = `if (select version from lanes.meta) = ${at} then
      ${step}
      update lanes.meta set version = ${at + 1};
    end if;`;
    return body;
  });
  const text = `do $setup$ begin
    perform pg_advisory_xact_lock(${SETUP_LOCK});
    create schema if not exists lanes;
    create table if not exists lanes.meta (single boolean primary key default true check (single), version int not null);
    insert into lanes.meta (version) values (0) on conflict do nothing;
    ${taken.join("\n")}
  end $setup$`;
  try {
    await connection.query(text, [], 6 * ANSWER_MS);
  } catch (error) {
    // Someone who comes first may be ahead of us: of all that can be wrong with a farm only that has to be told apart.
    if (stateOf(error) === undefined || (await versionOf(connection).catch(() => 0)) <= versions.length) throw error;
  }
  const at = await versionOf(connection);
  if (at > versions.length) throw newer(connection.address.label, at, versions.length);
}
