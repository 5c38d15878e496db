/** Installing a release into a folder, in each of the ways people do. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../../scripts/build/targets.ts";
import { filesOf, registryOf } from "./loopback.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, with an environment that is as good as empty. */
export async function ended(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? "", HOME: options.cwd ?? "/", LANG: "C", ...options.env };
  const child = Bun.spawn([...command], { ...options, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, stdout, stderr };
}

/** The same, and it has to end with 0. */
export async function done(...args: Parameters<typeof ended>): Promise<string> {
  const { code, stdout, stderr } = await ended(...args);
  if (code !== 0) throw new Error(`${args[0].join(" ")}: exit code ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** The file of a release whose name ends so. @throws Error if it has none. */
export function fileOf(release: string, end: string): string {
  const name = readdirSync(release).find((entry) => entry.endsWith(end));
  if (name === undefined) throw new Error(`nothing that ends with ${end} in ${release}`);
  return join(release, name);
}

/** Unpacks an archive. @returns where lanes is. */
export async function fromArchive(release: string, triple: string, into: string): Promise<string> {
  mkdirSync(into, { recursive: true });
  await done(["tar", "-xzf", fileOf(release, `${triple}.tar.gz`), "-C", into, "--strip-components=1"]);
  return join(into, "lanes");
}

/** Installs the .deb with dpkg into a root of its own: with its database, its scripts, its checks. @returns where lanes is. */
export async function fromDeb(release: string, architecture: string, root: string): Promise<string> {
  mkdirSync(join(root, "var", "lib", "dpkg", "info"), { recursive: true });
  mkdirSync(join(root, "var", "lib", "dpkg", "updates"), { recursive: true });
  await Bun.write(join(root, "var", "lib", "dpkg", "status"), "");
  await dpkg(root, "--force-depends", "--install", fileOf(release, `${architecture}.deb`));
  return join(root, "usr", "bin", "lanes");
}

/** dpkg on such a root. As an ordinary user it cannot change owners, and need not. */
export const dpkg = (root: string, ...args: string[]): Promise<string> =>
  done(["dpkg", `--root=${root}`, "--force-not-root", "--force-bad-path", "--log=/dev/null", ...args]);

/** Installs the npm package from a registry on loopback. @returns where the command is. */
export async function fromNpm(release: string, prefix: string, ...options: string[]): Promise<string> {
  mkdirSync(prefix, { recursive: true });
  await using registry = registryOf(join(release, "npm"));
  const env = {
    npm_config_registry: registry.url,
    npm_config_cache: join(prefix, "cache"),
    npm_config_userconfig: "/dev/null",
  };
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  await done(["npm", "install", "-g", "--prefix", prefix, ...quiet, ...options, "lanes"], { cwd: prefix, env });
  return join(prefix, "bin", "lanes");
}

/** The ways in which people get lanes. */
export const ways = ["archive", ".deb", "npm", "npm --ignore-scripts", "install.sh"] as const;

/** An installed lanes. */
export interface Installed {
  /** The path of its command. */
  readonly lanes: string;
  readonly remove: () => Promise<void>;
  /** What has to be gone then. */
  readonly gone: string;
}

/** Installs a release for `host` into a folder. */
export async function installedBy(
  way: (typeof ways)[number],
  release: string,
  host: Target,
  place: string,
): Promise<Installed> {
  const removed = async () => rmSync(place, { recursive: true });
  if (way === "archive") return { lanes: await fromArchive(release, host.triple, place), remove: removed, gone: place };
  if (way === ".deb") {
    const lanes = await fromDeb(release, host.deb ?? "", place);
    return { lanes, remove: async () => void (await dpkg(place, "--purge", "lanes")), gone: join(place, "usr") };
  }
  if (way === "install.sh") {
    await using server = filesOf(release);
    await done(["sh", join(release, "install.sh"), "--from", server.url, "--to", place], { cwd: release });
    const lanes = join(place, "lanes");
    return { lanes, remove: async () => rmSync(lanes), gone: lanes };
  }
  const lanes = await fromNpm(release, place, ...way.split(" ").slice(1));
  const uninstall = ["npm", "uninstall", "-g", "--prefix", place, "lanes"];
  return {
    lanes,
    remove: async () => void (await done(uninstall, { cwd: place })),
    gone: join(place, "lib", "node_modules", "lanes"),
  };
}
