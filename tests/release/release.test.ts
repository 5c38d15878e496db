/**
 * The release itself, made twice from clean checkouts that have little in common but the commit, compared, installed in
 * every way, tried, and removed: `npm run test:release` (some ten minutes, and the network for npm's Bun packages).
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import pkg from "../../package.json" with { type: "json" };
import { runtimesOf } from "../../scripts/build/runtimes.ts";
import { fileInTar } from "../../scripts/build/tar.ts";
import { hostTarget, targets } from "../../scripts/build/targets.ts";
import { done, ended, fileOf, fromArchive, type Installed, installedBy, ways } from "../support/installed.ts";
import { signatureOf } from "../support/mac/mac-signature.ts";
import { root } from "../support/root.ts";

const home = "https://example.org/owner/lanes";
const host = hostTarget(readFileSync(process.execPath).toString("latin1", 0, 4096));
const smoke = join(root, "scripts", "roots", "smoke.sh");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanes-release-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A clone with one commit of what is in a working tree now, made at a fixed time, and its own node_modules. */
async function checkout(path: string, from: string): Promise<string> {
  mkdirSync(path, { recursive: true });
  const listed = await done(["git", "-C", from, "ls-files", "-z", "-co", "--exclude-standard"]);
  for (const name of listed.split("\0").filter((each) => each !== "" && existsSync(join(from, each)))) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    copyFileSync(join(from, name), join(path, name));
  }
  // What was fetched is linked where that can be done: it is 400 MB.
  const linked = await ended(["cp", "-al", join(root, "node_modules"), join(path, "node_modules")]);
  if (linked.code !== 0) cpSync(join(root, "node_modules"), join(path, "node_modules"), { recursive: true });
  const time = "2026-01-02T03:04:05Z";
  const env = { GIT_AUTHOR_DATE: time, GIT_COMMITTER_DATE: time };
  const git = (...args: string[]) =>
    done(["git", "-c", "user.name=n", "-c", "user.email=n@example.org", ...args], { cwd: path, env });
  await git("init", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-qm", "release");
  return path;
}

/** The command; HOME is elsewhere, because what Bun and npm keep there would be new files in the clone. */
const release = (clone: string, ...args: string[]): string[] => {
  const userHome = join(folder, "home");
  mkdirSync(userHome, { recursive: true });
  return [
    "env",
    `HOME=${userHome}`,
    process.execPath,
    join(clone, "scripts", "release", "release.ts"),
    "--home",
    home,
    ...args,
  ];
};

let first: string;
let out: string;
/** The archive of this system, for comparison. */
let unpacked: string;
beforeAll(async () => {
  first = await checkout(join(folder, "one"), root);
  out = join(folder, "out");
  await done(release(first, "--out", out), { cwd: first });
  unpacked = join(folder, "unpacked");
  await fromArchive(out, host.triple, unpacked);
}, 1_800_000);

test("made again in another folder, from another place, in another time zone, language and umask: the same sums", async () => {
  const second = await checkout(join(folder, "b", "second one"), first);
  const env = { TZ: "Asia/Shanghai", LC_ALL: "zh_CN.UTF-8", LANES_LANG: "zh" };
  const command = release(second, "--out", join(folder, "out2")).map((word) => `'${word}'`);
  await done(["sh", "-c", `umask 077; exec ${command.join(" ")}`], { cwd: "/", env });
  expect(readFileSync(join(folder, "out2", "SHA256SUMS"), "utf8")).toBe(readFileSync(join(out, "SHA256SUMS"), "utf8"));
  rmSync(join(folder, "out2"), { recursive: true });
}, 1_800_000);

test("the sums are right, and every target is there", async () => {
  expect(await done(["sha256sum", "-c", "--quiet", "SHA256SUMS"], { cwd: out })).toBe("");
  for (const { triple } of targets) expect(existsSync(fileOf(out, `${triple}.tar.gz`))).toBe(true);
});

test.each(targets.filter(({ os }) => os === "darwin"))(
  "$name: each page of its signature is right, to the file's end",
  async (target) => {
    const archive = gunzipSync(readFileSync(fileOf(out, `${target.triple}.tar.gz`)));
    const file = Buffer.from(fileInTar(archive, `lanes-${pkg.version}-${target.triple}/lanes`));
    const { pages, ...found } = signatureOf(file);
    expect(pages).toBeGreaterThan(20_000);
    expect(found).toMatchObject({ adHoc: true, hardenedRuntime: false, wrongPages: 0, signedBytes: found.from });
    expect(Math.abs(found.to - file.length)).toBeLessThanOrEqual(0x4000);
  },
);

test("a runtime that was altered in the cache is refused, and nothing is left", async () => {
  const name = readdirSync(runtimesOf(first)).find((entry) => entry.startsWith(targets[0]?.runtime ?? ""));
  const kept = join(runtimesOf(first), name ?? "");
  const bytes = readFileSync(kept);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  rmSync(kept); // it may be a link to the real one
  await Bun.write(kept, bytes);
  const { code, stderr } = await ended(release(first, "--out", join(folder, "altered")), { cwd: first });
  expect(code).toBe(1);
  expect(stderr).toContain("is not the @oven/");
  expect(readdirSync(folder).filter((entry) => entry.startsWith("altered"))).toEqual([]);
  rmSync(kept);
  copyFileSync(join(runtimesOf(root), name ?? ""), kept);
});

test("a dirty tree, and one without git, are refused", async () => {
  await Bun.write(join(first, "new"), "");
  expect((await ended(release(first, "--out", join(folder, "x")), { cwd: first })).stderr).toContain("git status");
  rmSync(join(first, "new"));
  await done(["mv", join(first, ".git"), join(folder, "git")]);
  expect((await ended(release(first, "--out", join(folder, "x")), { cwd: first })).stderr).toContain("is no git clone");
  await done(["mv", join(folder, "git"), join(first, ".git")]);
  expect(existsSync(join(folder, "x"))).toBe(false);
});

const canMount = Bun.spawnSync(["unshare", "-Urm", "true"], { stderr: "ignore" }).exitCode === 0;
test.skipIf(!canMount)(
  "a disk that gets full in the middle: said, and nothing is left on it",
  async () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const command = release(first, "--out", join(disk, "out"), "--only", host.name).map((word) => `'${word}'`);
    const line = `mount -t tmpfs -o size=70m tmpfs '${disk}' && { ${command.join(" ")}; echo "code $?"; ls -A '${disk}'; }`;
    const { stdout, stderr } = await ended(["unshare", "-Urm", "sh", "-c", line], { cwd: first });
    expect(stderr).toMatch(/release: .*ENOSPC/);
    expect(stdout).toEndWith("code 1\n");
  },
  300_000,
);

describe.each(ways)("installed by %s", (way) => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await installedBy(way, out, host, join(folder, `by ${way}`));
  }, 300_000);

  test("the smoke test passes", async () => {
    const { stdout, code } = await ended(["sh", smoke, installed.lanes], { cwd: folder });
    expect(stdout.split("\n").filter((line) => !line.startsWith("ok"))).toEqual([""]);
    expect(code).toBe(0);
  }, 300_000);

  test("it starts as fast as the executable itself", () => {
    const own = join(unpacked, "lanes");
    // What is started is that very file; but for a few lines of shell where no install script may run.
    if (way !== "npm --ignore-scripts") expect(readFileSync(installed.lanes).equals(readFileSync(own))).toBe(true);
    const limit = way === "npm --ignore-scripts" ? 3 : 1.1;
    // The best of many, and of several rounds: what it takes, and not what else the machine did.
    const best = { own: Number.POSITIVE_INFINITY, installed: Number.POSITIVE_INFINITY };
    const started = (lanes: string) => {
      const sinceMs = performance.now();
      Bun.spawnSync([lanes, "--version"]);
      return performance.now() - sinceMs;
    };
    for (let round = 0; round < 400 && (round < 40 || best.installed > limit * best.own); round++) {
      best.own = Math.min(best.own, started(own));
      best.installed = Math.min(best.installed, started(installed.lanes));
    }
    console.log(`${way}: ${best.installed.toFixed(2)} ms, the executable alone ${best.own.toFixed(2)} ms`);
    expect(best.installed / best.own).toBeLessThan(limit);
  }, 120_000);

  test("removed, it is gone", async () => {
    await installed.remove();
    expect(existsSync(installed.gone)).toBe(false);
  }, 60_000);
});
