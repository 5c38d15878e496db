import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundledPackages } from "../../../scripts/build/compile.ts";
import { headingOf, noticesOf, partsOfBun } from "../../../scripts/build/notices.ts";
import { originOf } from "../../../scripts/build/origin.ts";
import { pinnedRuntime, runtimesOf } from "../../../scripts/build/runtimes.ts";
import { fileInTar, tarOf } from "../../../scripts/build/tar.ts";
import { hostTarget, targetNamed, targets } from "../../../scripts/build/targets.ts";
import { version } from "../../../src/version.ts";
import { root } from "../../support/root.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanes-build-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a target is known with and without bun- before it; what is none is refused with the way out", () => {
  expect(targets.map(({ name }) => name)).toEqual(
    ["x64", "arm64"].flatMap((cpu) => [`linux-${cpu}`, `linux-${cpu}-musl`, `darwin-${cpu}`]),
  );
  expect(targetNamed("bun-linux-arm64")).toBe(targetNamed("linux-arm64"));
  expect(() => targetNamed("linux-x46")).toThrow(/unknown target "linux-x46"; there are: .*linux-x64-musl/);
  expect(() => targetNamed("bun-windows-x64")).toThrow("WSL 2");
  expect(() => targetNamed("bun-linux-x64-baseline")).toThrow("leave -baseline away");
});

test("-baseline and -modern are the same bytes: were they not, they would have to be targets", () => {
  // package-lock.json pins what npm has; Bun publishes one package for x64 of each system, and no -baseline beside it.
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const names = Object.keys(lock.packages).filter((name) => name.includes("node_modules/@oven/bun-"));
  expect(names.filter((name) => /-(baseline|modern)$/.test(name))).toEqual([]);
  for (const { runtime } of targets) expect(names).toContain(`node_modules/@oven/${runtime}`);
});

test("the loader that an executable names tells musl from glibc", () => {
  expect(hostTarget("\x7fELF /lib64/ld-linux-x86-64.so.2").libc).toBe("glibc");
  expect(hostTarget("\x7fELF /lib/ld-musl-x86_64.so.1").libc).toBe("musl");
});

test("tar reads what we write: sorted, one owner, one time, the same bytes for the same content", () => {
  const entries = [
    { name: "b/two", data: Buffer.alloc(1000, 7), mode: 0o755 },
    { name: "a", data: Buffer.from("one\n"), mode: 0o644 },
  ];
  const archive = tarOf(entries, 1e9);
  expect(tarOf(entries.toReversed(), 1e9)).toEqual(archive);
  expect(fileInTar(archive, "b/two")).toEqual(entries[0]!.data);
  expect(() => fileInTar(archive, "two")).toThrow("not in the archive");
  writeFileSync(join(folder, "x.tar"), archive);
  const listed = Bun.spawnSync(["tar", "--utc", "-tvf", join(folder, "x.tar")], {
    env: { ...process.env, LC_ALL: "C" },
  });
  const lines = listed.stdout.toString().trimEnd().replace(/ +/g, " ").split("\n");
  expect(lines).toEqual([
    "-rw-r--r-- root/root 4 2001-09-09 01:46 a",
    "-rwxr-xr-x root/root 1000 2001-09-09 01:46 b/two",
  ]);
  expect(() => tarOf([{ name: "x".repeat(101), data: Buffer.of(), mode: 0o644 }], 0)).toThrow("too long");
});

function git(cwd: string, ...args: string[]): void {
  const env = { PATH: process.env.PATH ?? "", HOME: folder };
  const done = Bun.spawnSync(["git", "-c", "user.name=n", "-c", "user.email=e@example.org", ...args], { cwd, env });
  if (done.exitCode !== 0) throw new Error(done.stderr.toString());
}

test("origin: the commit, -dirty for a changed and for a new file; unknown without git and in somebody else's clone", () => {
  const clone = join(folder, "clone");
  mkdirSync(join(clone, "inside"), { recursive: true });
  expect(originOf(join(folder, "clone")).commit).toBe("unknown");
  git(clone, "init", "-q");
  writeFileSync(join(clone, "file"), "1\n");
  git(clone, "add", ".");
  git(clone, "commit", "-qm", "first");
  const { commit, epochSeconds } = originOf(clone);
  expect(commit).toMatch(/^[0-9a-f]{12}$/);
  expect(Math.abs(epochSeconds - Date.now() / 1e3)).toBeLessThan(600);
  writeFileSync(join(clone, "new"), "");
  expect(originOf(clone).commit).toBe(`${commit}-dirty`);
  rmSync(join(clone, "new"));
  writeFileSync(join(clone, "file"), "2\n");
  expect(originOf(clone).commit).toBe(`${commit}-dirty`);
  expect(originOf(join(clone, "inside"))).toEqual({ commit: "unknown", epochSeconds: 0 });
});

test("a runtime is built with only if it is what package-lock.json pins", () => {
  const checkout = join(folder, "checkout");
  const tarball = gzipSync(tarOf([{ name: "package/bin/bun", data: Buffer.from("#!/bin/sh\n"), mode: 0o755 }], 0));
  const integrity = `sha512-${new Bun.CryptoHasher("sha512").update(tarball).digest("base64")}`;
  const packages = { "node_modules/@oven/bun-x": { version: "9.9.9", integrity } };
  const kept = join(runtimesOf(checkout), "bun-x-9.9.9.tgz");
  mkdirSync(runtimesOf(checkout), { recursive: true });
  writeFileSync(join(checkout, "package-lock.json"), JSON.stringify({ packages }));
  writeFileSync(kept, tarball);
  let path: string;
  {
    using runtime = pinnedRuntime(checkout, "bun-x");
    path = runtime.path;
    expect(readFileSync(path, "utf8")).toBe("#!/bin/sh\n");
    expect(statSync(path).mode & 0o777).toBe(0o755);
  }
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();

  const altered = Buffer.from(tarball);
  altered[altered.length - 1] = (altered[altered.length - 1] ?? 0) ^ 1;
  writeFileSync(kept, altered);
  expect(() => pinnedRuntime(checkout, "bun-x")).toThrow(
    /bun-x-9\.9\.9\.tgz is not the @oven\/bun-x .* Nothing was built/,
  );
  expect(() => pinnedRuntime(checkout, "bun-y")).toThrow("not pinned");
});

test("THIRD-PARTY-NOTICES is of what is in the bundle and in this Bun", async () => {
  const cwd = process.cwd();
  const packages = await bundledPackages(root).finally(() => process.chdir(cwd));
  expect(packages.length).toBeGreaterThan(3);
  const notices = readFileSync(join(root, "THIRD-PARTY-NOTICES"), "utf8");
  for (const each of packages) expect(notices).toContain(`\n${headingOf(each)}\n---`);
  for (const { name } of partsOfBun()) expect(notices).toContain(`\n${name}`);
  expect(notices).toContain("GNU LIBRARY GENERAL PUBLIC LICENSE");
  expect(notices).toContain(`at commit ${process.versions.webkit}`);
  // Made anew it is the same; if not: npx bun scripts/build/write-notices.ts
  expect(noticesOf(packages, root) === notices).toBe(true);
});

test("a package without a licence file is refused", () => {
  const bare = join(folder, "bare");
  mkdirSync(bare);
  cpSync(join(root, "package.json"), join(bare, "package.json"));
  const nameless = { name: "bare", version: "1.0.0", license: "MIT", homepage: undefined, folder: bare };
  expect(() => noticesOf([nameless], root)).toThrow("bare: no licence file");
});

test("the version is the same in package.json and from source", () => {
  expect(version).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
});
