/**
 * What stands behind `--on`: an address of PostgreSQL as libpq reads it (postgres://user@host:port/database?sslmode=…), a
 * name from the person's own list, or `postgres:` alone, which is what PGHOST and its like say. What an address leaves out
 * comes from the environment and from the password file, as with psql.
 *
 * Sources: PostgreSQL's documentation, "Connection Strings", "Environment Variables", "The Password File".
 */
import { existsSync } from "node:fs";
import { usageError } from "../errors.ts";
import { type Environment, environment } from "../os/bytes/bytes.ts";
import { withoutPassword } from "../os/bytes/without-password.ts";
import { userName } from "../os/process/users.ts";
import { farmNamed, farmsFile, isAddress } from "./names.ts";
import { type Passwords, passwordFor, SOCKET_FOLDERS } from "./passwords.ts";

/** Where a farm is, and as whom to come. */
export interface FarmAddress {
  /** As messages call it: its name in the person's list, else host, port and database. Never with a password. */
  readonly label: string;
  /** A host, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** sslmode, sslrootcert and its like, as they stood in the address. */
  readonly tls: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = "5432";
const ADDRESS = /^postgres(?:ql)?:(?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?)?$/;
/** Names for what an address may also say behind its question mark. */
const PLACES = { host: "host", port: "port", user: "user", password: "password", dbname: "database" } as const;
const TLS = ["sslmode", "sslrootcert", "sslcert", "sslkey"] as const;
const SSL_MODES: readonly string[] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
/** Mean nothing to a client of one connection to one host that has deadlines of its own, or are not lanes' to choose. */
const WITHOUT_MEANING =
  /^(keepalives(_\w+)?|tcp_user_timeout|connect_timeout|target_session_attrs|load_balance_hosts|application_name|fallback_application_name|gssencmode|sslnegotiation|sslcompression|sslsni|channel_binding|client_encoding)$/;

/** What an address comes to, and what the person is to know about it. */
export interface FoundFarm {
  readonly address: FarmAddress;
  /** The password stood on the command line, where `ps` shows it to everybody. */
  readonly passwordShown: boolean;
  /** The password file is not used, because others may read it. */
  readonly passwordsOpen: string | undefined;
}

/** @throws LanesError (usage) for what is neither an address nor a known name, or an address nobody can use. */
export function farmAddress(text: string, env: Environment = environment()): FoundFarm {
  if (isAddress(text)) return found(undefined, text, env, true);
  const listed = farmNamed(text, env);
  if (listed === undefined)
    throw usageError("farm.unknown", { name: text, file: farmsFile(env) ?? "~/.config/lanes/farms" });
  return found(text, listed, env, false);
}

function found(name: string | undefined, text: string, env: Environment, typed: boolean): FoundFarm {
  const said = parsed(name ?? withoutPassword(text), text);
  const port = said.port || env.PGPORT || DEFAULT_PORT;
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw usageError("farm.port", { farm: name ?? withoutPassword(text), port });
  const host = said.host || env.PGHOST || localHost(number);
  if (host.includes(",")) throw usageError("farm.severalHosts", { farm: name ?? withoutPassword(text) });
  const user = said.user || env.PGUSER || systemUser(env);
  const database = said.database || env.PGDATABASE || user;
  const tls = { sslmode: "prefer", ...tlsOf(env), ...said.tls };
  if (!SSL_MODES.includes(tls.sslmode)) {
    throw usageError("farm.parameter", { farm: name ?? withoutPassword(text), name: `sslmode=${tls.sslmode}` });
  }
  const place = host.startsWith("/") ? host : `${host}:${number}`;
  let passwords: Passwords = { password: said.password || env.PGPASSWORD || undefined, open: undefined };
  if (passwords.password === undefined) passwords = passwordFor({ host, port: String(number), database, user }, env);
  return {
    address: {
      label: name ?? `${place}/${database}`,
      host,
      port: number,
      user,
      database,
      tls,
      password: passwords.password,
    },
    passwordShown: typed && said.password !== "",
    passwordsOpen: passwords.open,
  };
}

/** The parts of an address; what is not there is empty. @throws LanesError (usage). */
function parsed(farm: string, text: string) {
  const parts = ADDRESS.exec(text);
  if (parts === null) throw usageError("farm.address", { farm });
  const [, login = "", place = "", path = "", query = ""] = parts;
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch (error) {
      throw usageError("farm.address", { farm }, error);
    }
  };
  const [user = "", ...rest] = login.split(":");
  const [, six, four = "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(place) ?? [];
  if (place !== "" && six === undefined && four === "" && port === "") throw usageError("farm.address", { farm });
  const said = {
    user: decode(user),
    password: decode(rest.join(":")),
    host: decode(six ?? four),
    port: decode(port),
    database: decode(path),
    tls: {} as Record<string, string>,
  };
  for (const pair of query.split("&").filter(Boolean)) {
    const at = pair.indexOf("=");
    const key = decode(at < 0 ? pair : pair.slice(0, at));
    const value = decode(at < 0 ? "" : pair.slice(at + 1));
    if (Object.hasOwn(PLACES, key)) said[PLACES[key as keyof typeof PLACES]] = value;
    else if ((TLS as readonly string[]).includes(key)) said.tls[key] = value;
    else if (!WITHOUT_MEANING.test(key)) throw usageError("farm.parameter", { farm, name: key });
  }
  return said;
}

/** What PGSSLMODE and its like say. */
function tlsOf(env: Environment): Record<string, string> {
  return Object.fromEntries(TLS.map((key) => [key, env[`PG${key.toUpperCase()}`] ?? ""]).filter(([, value]) => value));
}

/** Where libpq looks for a server when nobody says: this machine's own. */
const localHost = (port: number): string =>
  SOCKET_FOLDERS.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? "localhost";

/** libpq's: by the user's number, whatever USER says. */
function systemUser(env: Environment): string {
  const uid = process.getuid?.() ?? -1;
  const name = userName(uid) || env.USER || env.LOGNAME;
  if (name) return name;
  throw usageError("farm.noUser", { uid });
}
