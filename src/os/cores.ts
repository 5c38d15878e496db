/**
 * How many cores this process may use: what its affinity allows (sched_setaffinity(2), cpusets), and no more than the
 * quotas of the control groups it is in, every level of them, v1 and v2 (cgroups(7), cpu.cfs_quota_us, cpu.max). A
 * container with two of a machine's sixty-four cores is a machine with two cores.
 */
import { readFileSync } from "node:fs";
import { procPath } from "./platform.ts";

/** Where the kernel's files are; another folder for tests. */
interface CoresOptions {
  readonly root?: string;
  /** What the affinity allows. */
  readonly affinity?: number;
}

/** Cores, at least 1. A quota of one core and a half counts as two: one process alone could not use it up. */
export function usableCores(options: CoresOptions = {}): number {
  const { root = "/", affinity = navigator.hardwareConcurrency } = options;
  return Math.max(1, Math.min(affinity, Math.ceil(quotaCores(root))));
}

/** The tightest quota above this process, in cores; Infinity without one, and where there are no control groups. */
function quotaCores(root: string): number {
  const mounts = parseMounts(readText(below(root, procPath("self/mountinfo"))));
  let tightest = Number.POSITIVE_INFINITY;
  for (const line of readText(below(root, procPath("self/cgroup"))).split("\n")) {
    // hierarchy:controllers:path; v2 has hierarchy 0 and no controllers
    const [hierarchy, controllers, ...rest] = line.split(":");
    const v2 = hierarchy === "0" && controllers === "";
    if (!v2 && !controllers?.split(",").includes("cpu")) continue;
    for (const mount of mounts) {
      if (mount.v2 === v2) tightest = Math.min(tightest, quotaAlong(root, mount, rest.join(":")));
    }
  }
  return tightest;
}

interface Mount {
  readonly v2: boolean;
  /** What of the hierarchy is mounted there: `/` but in containers. */
  readonly top: string;
  readonly point: string;
}

/** Where /proc/self/mountinfo (proc_pid_mountinfo(5)) has the control groups that can limit the CPU. */
function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    if (!line.includes(" - cgroup")) return []; // nearly all: looking closer costs 1 ms of a start
    const [before = "", after = ""] = line.split(" - ");
    const [type, , options = ""] = after.split(" ");
    const v2 = type === "cgroup2";
    if (!v2 && !(type === "cgroup" && options.split(",").includes("cpu"))) return [];
    const [, , , top = "/", point = ""] = before.split(" ").map(unescapeOctal);
    return [{ v2, top, point }];
  });
}

/** The tightest quota from a group up to what is mounted; a limit on any level holds for all below it. */
function quotaAlong(root: string, mount: Mount, path: string): number {
  const inside = mount.top !== "/" && path.startsWith(mount.top) ? path.slice(mount.top.length) : path;
  const parts = inside.split("/").filter((part) => part !== "" && part !== "..");
  let tightest = Number.POSITIVE_INFINITY;
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    const folder = below(root, mount.point, ...parts.slice(0, depth));
    tightest = Math.min(tightest, mount.v2 ? quotaV2(folder) : quotaV1(folder));
  }
  return tightest;
}

function quotaV2(folder: string): number {
  const [quota, period] = readText(below(folder, "cpu.max")).trim().split(" ").map(Number);
  return ratio(quota, period);
}

function quotaV1(folder: string): number {
  const quota = readText(below(folder, "cpu.cfs_quota_us")).trim();
  return ratio(quota === "" ? undefined : Number(quota), Number(readText(below(folder, "cpu.cfs_period_us"))));
}

/** `max`, -1 and missing files mean no limit. */
function ratio(quota: number | undefined, period: number | undefined): number {
  const cores = (quota ?? 0) / (period ?? 0);
  return cores > 0 ? cores : Number.POSITIVE_INFINITY;
}

/** Paths of the kernel's are plain; node:path would cost a start more than all of them. */
const below = (root: string, ...parts: readonly string[]): string => [root, ...parts].join("/").replaceAll(/\/+/g, "/");

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function unescapeOctal(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
