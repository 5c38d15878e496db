/** Debian's packages, unpacked into a folder: nothing of them is installed on the machine. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a command to its end. @throws Error with the last lines of what it said if it fails. */
export function run(command: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = tmpdir()): string {
  const options = { cwd, env: { ...process.env, ...env }, stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;
  const done = Bun.spawnSync([...command], options);
  if (done.exitCode === 0) return done.stdout.toString();
  const said = `${done.stdout}${done.stderr}`.trim().split("\n").slice(-3).join("\n");
  throw new Error(`${command.slice(0, 4).join(" ")} …: exit code ${done.exitCode}\n${said}`);
}

/** Where this machine gets Debian's packages from. @throws Error where it gets none. */
export function mirror(): string {
  const folder = "/etc/apt";
  const lists = [
    join(folder, "sources.list"),
    ...readdirSync(join(folder, "sources.list.d")).map((name) => join(folder, "sources.list.d", name)),
  ];
  // apt reads no others.
  for (const list of lists.filter((path) => /\.(list|sources)$/.test(path) && existsSync(path))) {
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(\S+)/m.exec(readFileSync(list, "utf8"))?.[1];
    if (found !== undefined) return found;
  }
  throw new Error("no Debian mirror in /etc/apt: roots can be made on Debian only");
}

/** Unpacks packages of a release of Debian into a folder; without a release, of the machine's own. */
export function unpack(names: readonly string[], into: string, suite?: string): void {
  const folder = mkdtempSync(join(tmpdir(), "lanes-packages-"));
  try {
    const options = suite === undefined ? [] : stateFor(suite, folder);
    if (suite !== undefined) run(["apt-get", ...options, "-qq", "update"], {}, folder);
    run(["apt-get", ...options, "download", ...names], {}, folder);
    mkdirSync(into, { recursive: true });
    for (const file of readdirSync(folder).filter((entry) => entry.endsWith(".deb")))
      run(["dpkg-deb", "-x", join(folder, file), into]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** apt's options for lists of its own, beside the machine's. */
function stateFor(suite: string, folder: string): string[] {
  const lists = join(folder, "lists");
  mkdirSync(join(lists, "partial"), { recursive: true });
  const list = join(folder, "sources.list");
  writeFileSync(list, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror()} ${suite} main\n`);
  const settings = {
    "Dir::Etc::SourceList": list,
    "Dir::Etc::SourceParts": "-",
    "Dir::State::Lists": lists,
    "Dir::Cache": join(folder, "cache"),
    "APT::Sandbox::User": "root",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}
