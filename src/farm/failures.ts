/** What can go wrong between here and PostgreSQL: what passes by itself, what does not, and how it is told. */
import { lookup } from "node:dns/promises";
import { ExitCode, errnoCode, LanesError } from "../errors.ts";
import type { FarmAddress } from "./address.ts";

/** There was no answer in time; whether the statement was carried out nobody knows. */
export class LateError extends Error {
  override readonly name = "LateError";
  constructor(readonly withinMs: number) {
    super(`no answer within ${withinMs} ms`);
  }
}

/** The SQLSTATE of an error that the server has sent; undefined for all else (docs: PostgreSQL, appendix A). */
export function stateOf(error: unknown): string | undefined {
  const state = (error as { errno?: unknown } | null)?.errno;
  return typeof state === "string" && /^[0-9A-Z]{5}$/.test(state) ? state : undefined;
}

/** Whether somebody in between does not take the settings a connection came with; nothing was carried out. PgBouncer's words. */
export const refusesSettings = (error: unknown): boolean =>
  stateOf(error) === "08P01" && /startup parameter/.test((error as Error).message);

/** Classes of SQLSTATE that the same statement would meet again: data, constraints, login, database, syntax or rights, features. */
const LASTING = ["0A", "22", "23", "28", "3D", "3F", "42"];

/** Whether it may be gone when the same is tried again: a lost connection, a restart, a full disk, too many clients. */
export function isPassing(error: unknown): boolean {
  if (error instanceof LateError) return true;
  const state = stateOf(error);
  if (state !== undefined) return !LASTING.includes(state.slice(0, 2));
  return errnoCode(error)?.startsWith("ERR_POSTGRES_") ?? false;
}

/**
 * The error for a person: why there is nothing to be had from this farm.
 * @param exitCode as a rule nothing was started.
 */
export async function farmError(
  error: unknown,
  address: FarmAddress,
  exitCode: number = ExitCode.usage,
): Promise<unknown> {
  if (error instanceof LanesError) return error;
  const { label: farm, host, port, user, database } = address;
  const because = { exitCode, cause: error };
  const place = host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`;
  if (error instanceof LateError)
    return new LanesError("farm.noAnswer", { place, seconds: error.withinMs / 1e3 }, because);
  const state = stateOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (state === "42501" && message.includes("database")) {
    return new LanesError("farm.mayNotCreate", { user, database, state }, because);
  }
  if (state === "28P01" && address.password === undefined) {
    return new LanesError("farm.noPassword", { farm, user, message, state }, because);
  }
  if (state !== undefined) return new LanesError("farm.refused", { farm, message, state }, because);
  switch (errnoCode(error)) {
    case "ERR_POSTGRES_CONNECTION_REFUSED":
      if (!host.startsWith("/") && !(await isKnown(host))) return new LanesError("farm.noHost", { place }, because);
      return new LanesError("farm.noConnection", { place }, because);
    case "ERR_POSTGRES_CONNECTION_TIMEOUT":
      return new LanesError("farm.noAnswer", { place, seconds: 10 }, because);
    case "ERR_POSTGRES_UNEXPECTED_MESSAGE":
      return new LanesError("farm.notPostgres", { place }, because);
    case undefined:
      return error; // a mistake of ours
    default:
      if (error instanceof Error && "syscall" in error) return error; // this machine's trouble
      return new LanesError("farm.trouble", { place, message }, because);
  }
}

/** Bun says the same of a host that refuses and of one that does not exist. */
async function isKnown(host: string): Promise<boolean> {
  try {
    await lookup(host);
    return true;
  } catch {
    return false;
  }
}
