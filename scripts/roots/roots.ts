/** Roots of other systems, to try lanes in: which there are, where they are kept, how one is made and entered. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Target, targetNamed } from "../build/targets.ts";

export interface Root {
  readonly name: string;
  /** Debian's name of the release. */
  readonly suite: string;
  /** Debian's name of the machine. */
  readonly architecture: "amd64" | "arm64";
  /** What runs there. */
  readonly target: Target;
  /** The C library, for the table. */
  readonly libc: string;
}

export const roots: readonly Root[] = [
  { name: "debian-11", suite: "bullseye", architecture: "amd64", target: targetNamed("linux-x64"), libc: "glibc 2.31" },
  { name: "debian-12", suite: "bookworm", architecture: "amd64", target: targetNamed("linux-x64"), libc: "glibc 2.36" },
  { name: "debian-13", suite: "trixie", architecture: "amd64", target: targetNamed("linux-x64"), libc: "glibc 2.41" },
  {
    name: "debian-12-arm64",
    suite: "bookworm",
    architecture: "arm64",
    target: targetNamed("linux-arm64"),
    libc: "glibc 2.36",
  },
];

/** Where they are kept: LANES_ROOTS, or the user's cache. */
export const rootsFolder = (): string =>
  process.env.LANES_ROOTS || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "lanes-roots");

const folderOf = (root: Root): string => join(rootsFolder(), root.name);
const toolsFolder = (): string => join(rootsFolder(), "tools");
const emulator = (): string => join(toolsFolder(), "usr", "bin", "qemu-aarch64-static");

/** Whether it can be entered: it was made, and what its machine needs is there. */
export const isMade = (root: Root): boolean =>
  existsSync(folderOf(root)) && (root.architecture === "amd64" || existsSync(emulator()));

/**
 * Makes a root by debootstrap, as root of the machine or with `fakeroot`'s luck. Nothing is installed: debootstrap and the
 * emulator are unpacked from Debian's packages into a folder beside the roots.
 * @throws Error if a tool fails; no half root is left.
 */
export function makeRoot(root: Root): void {
  tool("debootstrap");
  if (root.architecture !== "amd64") tool("qemu-user-static");
  const aside = join(rootsFolder(), `.${root.name}.${process.pid}`);
  try {
    const debootstrap = join(toolsFolder(), "usr", "sbin", "debootstrap");
    // Only its first half, which unpacks: nothing of it needs to be configured to run a program there.
    const options = ["--variant=minbase", "--foreign", `--arch=${root.architecture}`];
    run(["unshare", "-m", "sh", debootstrap, ...options, root.suite, aside, mirror()], {
      DEBOOTSTRAP_DIR: join(toolsFolder(), "usr", "share", "debootstrap"),
    });
    for (const name of ["proc", "tmp"]) {
      const path = join(aside, name); // in a container debootstrap leaves links to the machine's own
      if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(path);
      mkdirSync(path, { recursive: true });
    }
    renameSync(aside, folderOf(root));
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
}

/** Where this machine gets Debian's packages from. */
function mirror(): string {
  const folder = "/etc/apt";
  const lists = [
    join(folder, "sources.list"),
    ...readdirSync(join(folder, "sources.list.d")).map((name) => join(folder, "sources.list.d", name)),
  ];
  for (const list of lists.filter((path) => existsSync(path))) {
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(\S+)/m.exec(readFileSync(list, "utf8"))?.[1];
    if (found !== undefined) return found;
  }
  throw new Error("no Debian mirror in /etc/apt: roots can be made on Debian only");
}

/** Unpacks a Debian package into the tools' folder, if it is not there yet. */
function tool(name: string): void {
  const stamp = join(toolsFolder(), "usr", "share", "doc", name);
  if (existsSync(stamp)) return;
  const folder = join(rootsFolder(), `.${name}.${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    run(["apt-get", "download", name], {}, folder);
    const file = readdirSync(folder).find((entry) => entry.endsWith(".deb"));
    if (file === undefined) throw new Error(`apt-get downloaded no package ${name}`);
    mkdirSync(toolsFolder(), { recursive: true });
    run(["dpkg-deb", "-x", join(folder, file), toolsFolder()]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = tmpdir()): void {
  const options = { cwd, env: { ...process.env, ...env }, stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const;
  const done = Bun.spawnSync([...command], options);
  if (done.exitCode === 0) return;
  const said = `${done.stdout}${done.stderr}`.trim().split("\n").slice(-3).join("\n");
  throw new Error(`${command.slice(0, 4).join(" ")} …: exit code ${done.exitCode}\n${said}`);
}

/**
 * The command line that runs smoke.sh on an executable inside a root: in namespaces of its own (processes, mounts, and of an
 * emulated root the kernel's table of emulators), so that nothing of it is on the machine afterwards.
 */
export function smokeCommand(root: Root, lanes: string, smoke: string, demos: readonly string[] = []): string[] {
  const emulated = root.architecture !== "amd64";
  // An ordinary user is root in a namespace of its own; the table of emulators can be the namespace's own only there, too.
  const user = emulated || process.getuid?.() !== 0 ? ["--user", "--map-root-user"] : [];
  const enter = join(import.meta.dir, "enter.sh");
  const inside = ["sh", enter, folderOf(root), lanes, smoke, emulated ? emulator() : "", ...demos];
  return ["unshare", ...user, "--mount", "--pid", "--fork", "--kill-child", ...inside];
}
