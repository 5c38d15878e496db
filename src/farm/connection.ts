/**
 * One connection to PostgreSQL. Always true: no query takes longer than its deadline. Bun.SQL itself has none: with the
 * network cut a query neither fails nor ends. So what is late is given up together with its connection, and the next query
 * makes a new one; whether the late one was carried out nobody knows, which is why every statement of ours can be repeated.
 *
 * Facts about Bun 1.4.5 this rests on: a pool that is closed with timeout 0 rejects what it was doing at once; statements are
 * not prepared (`prepare: false`), because a plan made for an empty table is used for a full one, and because poolers lose
 * them; no lifetime is set, because that kills queries.
 */
import { SQL } from "bun";
import type { FarmAddress } from "./address.ts";
import { LateError, refusesSettings } from "./failures.ts";

/** To reach a server, and to be let in, ms. */
export const CONNECT_MS = 10_000;
/** For a server to answer a statement that has little to do, ms. */
export const ANSWER_MS = 10_000;

/** A value in a statement: objects are jsonb, Uint8Arrays bytea. */
export type SqlValue = string | number | boolean | null | object;

/** Where settings are refused, as by poolers that share connections (PgBouncer): there the database's own count. */
const settingsRefused = new WeakSet<FarmAddress>();

export class FarmConnection {
  #sql: SQL | undefined;

  constructor(readonly address: FarmAddress) {}

  /** The rows of a statement. @throws what {@link SQL} throws; LateError after `withinMs`. */
  async query<Row>(text: string, values: readonly SqlValue[] = [], withinMs = ANSWER_MS): Promise<Row[]> {
    this.#sql ??= open(this.address, withinMs);
    const sql = this.#sql;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#drop(sql);
      late.reject(new LateError(withinMs));
    }, withinMs);
    try {
      return await Promise.race([sql.unsafe(text, [...values]) as Promise<Row[]>, late.promise]);
    } catch (error) {
      if (settingsRefused.has(this.address) || !refusesSettings(error)) throw error;
      settingsRefused.add(this.address);
      this.#drop(sql);
      return await this.query(text, values, withinMs);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it, whatever it is doing. */
  close(): void {
    if (this.#sql !== undefined) this.#drop(this.#sql);
  }

  #drop(sql: SQL): void {
    if (this.#sql === sql) this.#sql = undefined;
    void sql.close({ timeout: 0 }).catch(() => {});
  }
}

/** A pool of one. @param withinMs its first query's. */
function open(address: FarmAddress, withinMs = CONNECT_MS): SQL {
  const { host, port, user, password, database, tls } = address;
  const socket = host.startsWith("/");
  // Beside a URL Bun reads no other from the environment; what is in the options counts more than PGDATABASE and its like.
  return new SQL(`postgres://localhost/?${new URLSearchParams(socket ? { sslmode: "disable" } : tls)}`, {
    adapter: "postgres",
    ...(socket ? { path: `${host}/.s.PGSQL.${port}` } : { hostname: host, port }),
    username: user,
    password: password ?? "",
    database,
    max: 1,
    prepare: false,
    // Seconds. One that a query has given up is closed anyhow; this is for the ones that listen.
    connectionTimeout: Math.max(1, Math.ceil(Math.min(withinMs, CONNECT_MS) / 1e3)),
    connection: { application_name: "lanes", ...(settingsRefused.has(address) ? {} : { synchronous_commit: "on" }) },
  });
}

/** Hears what is told on a channel, from when `ready` is called on; after a gap `ready` is called again. */
export class Listener {
  #sql: SQL | undefined;

  constructor(
    private readonly address: FarmAddress,
    private readonly channel: string,
    private readonly heard: (payload: string) => void,
    private readonly ready: () => void,
  ) {}

  /**
   * Begins to listen. Never rejects: who listens in vain (the database is away, a pooler is between) is not told anything, and has to
   * look now and then anyhow.
   */
  async start(): Promise<void> {
    silenceListenWarnings();
    this.#sql = open(this.address);
    await this.#sql.listen(this.channel, this.heard, this.ready).catch(() => {});
  }

  stop(): void {
    void this.#sql?.close({ timeout: 0 }).catch(() => {});
    this.#sql = undefined;
  }
}

let silenced = false;

/** Bun writes a line to stderr whenever a connection that listens is lost (oven-sh/bun#41050); what there is to say we say. */
function silenceListenWarnings(): void {
  if (silenced) return;
  silenced = true;
  const warn = console.warn.bind(console);
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).startsWith("bun:sql LISTEN ")) warn(...words);
  };
}
