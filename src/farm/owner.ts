/** Who we are, as others on a farm are told: text as it can be shown, for a database takes none that is not Unicode. */
import { hostname } from "node:os";
import { printable } from "../os/bytes/printable.ts";
import { userName } from "../os/process/users.ts";

/** A process somewhere. */
export interface FarmProcess {
  readonly host: string;
  readonly pid: number;
  readonly user: string;
}

/** This process. @param host what this machine is to be called. */
export function ourselves(host = hostname()): FarmProcess {
  const uid = process.getuid?.() ?? -1;
  return { host: printable(host), pid: process.pid, user: printable(userName(uid) ?? String(uid)) };
}
