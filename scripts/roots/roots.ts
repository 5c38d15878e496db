/** Roots of other systems, to try lanes in: which there are, where they are kept, how one is made and entered. */
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Target, targetNamed } from "../build/targets.ts";
import { makeMuslRoot } from "./musl.ts";
import { mirror, run, unpack } from "./packages.ts";

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
  root("debian-11", "bullseye", "linux-x64", "glibc 2.31"),
  root("debian-12", "bookworm", "linux-x64", "glibc 2.36"),
  root("debian-13", "trixie", "linux-x64", "glibc 2.41"),
  root("debian-12-arm64", "bookworm", "linux-arm64", "glibc 2.36"),
  root("musl-1.2.3", "bookworm", "linux-x64-musl", "musl 1.2.3"),
  root("musl-1.2.5", "trixie", "linux-x64-musl", "musl 1.2.5"),
];

function root(name: string, suite: string, target: string, libc: string): Root {
  const architecture = target.includes("arm64") ? "arm64" : "amd64";
  return { name, suite, architecture, target: targetNamed(target), libc };
}

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
 * Makes a root, as root of the machine. Nothing is installed: debootstrap and the emulator are unpacked from Debian's packages
 * into a folder beside the roots.
 * @throws Error if a tool fails; no half root is left.
 */
export function makeRoot(root: Root): void {
  const aside = join(rootsFolder(), `.${root.name}.${process.pid}`);
  mkdirSync(rootsFolder(), { recursive: true });
  if (root.architecture !== "amd64" && !existsSync(emulator())) unpack(["qemu-user-static"], toolsFolder());
  try {
    if (root.target.libc === "musl") makeMuslRoot(root.suite, aside);
    else debootstrap(root, aside);
    renameSync(aside, folderOf(root));
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
}

function debootstrap({ suite, architecture }: Root, into: string): void {
  const script = join(toolsFolder(), "usr", "sbin", "debootstrap");
  if (!existsSync(script)) unpack(["debootstrap"], toolsFolder());
  // Only its first half, which unpacks: nothing of it needs to be configured to run a program there.
  const options = ["--variant=minbase", "--foreign", `--arch=${architecture}`];
  run(["unshare", "-m", "sh", script, ...options, suite, into, mirror()], {
    DEBOOTSTRAP_DIR: join(toolsFolder(), "usr", "share", "debootstrap"),
  });
  for (const name of ["proc", "tmp"]) {
    const path = join(into, name); // in a container debootstrap leaves links to the machine's own
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(path);
    mkdirSync(path, { recursive: true });
  }
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
