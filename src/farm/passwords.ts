/**
 * The password file of PostgreSQL's own programs: PGPASSFILE, or ~/.pgpass. Lines of `host:port:database:user:password`, `*`
 * for anything, a backslash before a colon or a backslash that is meant; the first line that fits counts. One that others may read is not used.
 */
import { readFileSync, statSync } from "node:fs";
import type { Environment } from "../os/bytes/bytes.ts";
import { systemPath } from "../os/bytes/paths.ts";
import { isForOthers } from "../os/process/users.ts";

/** Where libpq looks for the socket of a server on this machine. */
export const SOCKET_FOLDERS: readonly string[] = ["/var/run/postgresql", "/tmp"];

export interface Passwords {
  readonly password: string | undefined;
  /** The file that was not used, because others may read it. */
  readonly open: string | undefined;
}

/** Whom a password is for. */
interface Login {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/** What the file says; nothing if there is none. */
export function passwordFor(login: Login, env: Environment): Passwords {
  const file = env.PGPASSFILE || (env.HOME ? `${env.HOME}/.pgpass` : undefined);
  if (file === undefined) return { password: undefined, open: undefined };
  try {
    const about = statSync(systemPath(file));
    if (!about.isFile()) return { password: undefined, open: undefined };
    if (isForOthers(about)) return { password: undefined, open: file };
    return { password: passwordIn(readFileSync(systemPath(file), "utf8"), login), open: undefined };
  } catch {
    return { password: undefined, open: undefined }; // not there, or not ours to read
  }
}

/** The password of the first line that fits. */
export function passwordIn(text: string, login: Login): string | undefined {
  // A server on one of the usual sockets goes by this name in it.
  const host = SOCKET_FOLDERS.includes(login.host) ? "localhost" : login.host;
  const wanted = [host, login.port, login.database, login.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = fieldsOf(line);
    const fits = wanted.every((value, at) => fields[at] === "*" || fields[at] === value);
    if (fits && fields.length > wanted.length) return fields[wanted.length];
  }
  return undefined;
}

function fieldsOf(line: string): string[] {
  const parts = line.match(/(?:\\.|[^\\:])*(?::|$)/g) ?? [];
  // The end of the line is an end of a field, but only one.
  const fields = parts.at(-2)?.endsWith(":") === false ? parts.slice(0, -1) : parts;
  return fields.map((part) => part.replace(/:$/, "").replaceAll(/\\(.)/g, "$1"));
}
