import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { usableCores } from "../../../src/os/cores.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lanes-cores-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (files: Record<string, string>) => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
};
const V2_MOUNT = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const v2 = (path: string, quotas: Record<string, string>) =>
  put({
    "proc/self/mountinfo": V2_MOUNT,
    "proc/self/cgroup": `0::${path}\n`,
    ...Object.fromEntries(Object.entries(quotas).map(([at, quota]) => [`sys/fs/cgroup${at}/cpu.max`, quota])),
  });
const cores = (affinity: number) => usableCores({ root, affinity });

describe("cores this process may use", () => {
  test("without control groups: what the affinity allows", () => {
    expect(cores(8)).toBe(8);
  });

  test("v2: the quota of its own group", () => {
    v2("/app", { "/app": "200000 100000\n" });
    expect(cores(64)).toBe(2);
    expect(cores(1)).toBe(1);
  });

  test("v2: the tightest of nested groups", () => {
    v2("/a/b/c", { "/a": "300000 100000\n", "/a/b": "max 100000\n", "/a/b/c": "800000 100000\n" });
    expect(cores(64)).toBe(3);
  });

  test("a part of a core counts as one", () => {
    v2("/app", { "/app": "150000 100000\n" });
    expect(cores(64)).toBe(2);
    v2("/app", { "/app": "10000 100000\n" });
    expect(cores(64)).toBe(1);
  });

  test("v2 in a container: the mount shows its own group as the root", () => {
    v2("/", { "": "250000 100000\n" });
    expect(cores(64)).toBe(3);
  });

  test("v1: quota and period, on every level, in the mount of the cpu controller", () => {
    put({
      "proc/self/mountinfo":
        "33 32 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n34 32 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
      "proc/self/cgroup": "4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n0::/\n",
      "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us": "400000\n",
      "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us": "100000\n",
    });
    expect(cores(64)).toBe(4);
  });

  test("v1 in a container: the path begins with what is mounted", () => {
    put({
      "proc/self/mountinfo": "33 32 0:30 /docker/x /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
      "proc/self/cgroup": "3:cpu:/docker/x\n",
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    });
    expect(cores(64)).toBe(2);
  });

  test("really: never more than the affinity", () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
    expect(usableCores({ affinity: 1 })).toBe(1);
  });
});
