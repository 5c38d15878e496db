/**
 * What people download, and installing it, with a small stand-in for the executables: everything but their making, which
 * takes minutes (`npm run test:release`).
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pkg from "../../package.json" with { type: "json" };
import { libraryOf } from "../../scripts/build/library.ts";
import { targets } from "../../scripts/build/targets.ts";
import { assemble, type Release } from "../../scripts/release/assemble.ts";
import { documentsOf } from "../../scripts/release/files.ts";
import { notesOf } from "../../scripts/release/notes.ts";
import { done, dpkg, ended, fileOf, fromArchive, fromDeb, fromNpm } from "../support/installed.ts";
import { filesOf } from "../support/loopback.ts";
import { root } from "../support/root.ts";
import { until } from "../support/wait.ts";

const { version } = pkg;
const home = "http://127.0.0.1:9/owner/lanes";
const host = targets.find(({ os, cpu, libc }) => os === process.platform && cpu === process.arch && libc !== "musl");
const triple = host?.triple ?? "";

/** Speaks like lanes; `wait` waits for a signal, `fd N` copies a descriptor. */
const standIn = `#!/bin/sh
case $1 in
  --version) echo "lanes ${version} stand-in" ;;
  wait) trap 'echo TERM; exit 7' TERM; trap 'echo INT; exit 8' INT; trap 'echo USR1; exit 9' USR1
    echo $$ > "$2"; while :; do sleep 0.05; done ;;
  fd) cat <&"$2" ;;
  *) printf '%s|' "$@"; exit 3 ;;
esac
`;

let folder: string;
let release: Release;
let made: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lanes-release-"));
  made = join(folder, "made");
  release = {
    out: made,
    version,
    description: pkg.description,
    commit: "0123456789ab",
    epochSeconds: 1_780_000_000,
    home,
    targets,
    documents: documentsOf(root),
    library: await libraryOf(root, "0123456789ab"),
    build: async () => ({
      lanes: Buffer.from(standIn),
      packages: [{ name: "@a/b", version: "1.2.3", license: "MIT", homepage: undefined, folder: root }],
    }),
    progress: () => {},
  };
  await assemble(release);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a release is whole, and its sums are right", async () => {
  const files = readdirSync(made, { recursive: true })
    .map(String)
    .filter((name) => name !== "npm")
    .sort();
  expect(files).toEqual(
    [
      ...targets.map((target) => `lanes-${version}-${target.triple}.tar.gz`),
      ...targets.map((target) => `npm/lanes-cli-${target.name}-${version}.tgz`),
      `npm/lanes-${version}.tgz`,
      `lanes_${version}_amd64.deb`,
      `lanes_${version}_arm64.deb`,
      "install.sh",
      "lanes.rb",
      "sbom.cdx.json",
      "NOTES.md",
      "SHA256SUMS",
    ].sort(),
  );
  expect(await done(["sha256sum", "-c", "--quiet", "SHA256SUMS"], { cwd: made })).toBe("");
  expect(readFileSync(join(made, "SHA256SUMS"), "utf8").trimEnd().split("\n")).toHaveLength(files.length - 1);
});

test("made again it is the same, byte for byte, and replaces the one that is there", async () => {
  const before = readFileSync(join(made, "SHA256SUMS"), "utf8");
  await assemble({ ...release, out: join(folder, "again") });
  await assemble({ ...release, out: join(folder, "again") });
  expect(readFileSync(join(folder, "again", "SHA256SUMS"), "utf8")).toBe(before);
});

test("an executable that only tests may use is refused", async () => {
  const out = join(folder, "tests-only");
  const lanes = Buffer.from(`${standIn}# commit 0123456789ab-for-tests-only\n`);
  const build: Release["build"] = async (target) => ({ ...(await release.build(target)), lanes });
  await expect(assemble({ ...release, out, build })).rejects.toThrow("made for tests");
  expect(existsSync(out)).toBe(false);
});

test("one that fails in its middle leaves nothing, and an earlier one as it was", async () => {
  const out = join(folder, "half");
  const builds = { ...release, out };
  let count = 0;
  const failing: Release = {
    ...builds,
    build: async (target) => {
      if (++count === 3) throw new Error("no space left on device");
      return release.build(target);
    },
  };
  expect(assemble(failing)).rejects.toThrow("no space left");
  await Bun.sleep(0);
  expect(readdirSync(folder).filter((name) => name.startsWith("half"))).toEqual([]);
  await assemble(builds);
  count = 0;
  expect(assemble(failing)).rejects.toThrow("no space left");
  await until(
    "the failed one to be gone",
    () => readdirSync(folder).filter((name) => name.startsWith("half")).length === 1,
  );
  expect(existsSync(join(out, "SHA256SUMS"))).toBe(true);
  mkdirSync(join(folder, "mine"));
  writeFileSync(join(folder, "mine", "thesis"), "");
  expect(assemble({ ...release, out: join(folder, "mine") })).rejects.toThrow("is no release, and not empty");
});

test("scripts/release/release.ts: without a home, from what is no clone, with a bad target: one line that says what to do", async () => {
  const tried = (...args: string[]) =>
    ended([process.execPath, join(root, "scripts", "release", "release.ts"), ...args], { cwd: folder });
  const homeless = await tried("--home", "");
  expect(homeless).toMatchObject({ code: 1, stdout: "" });
  expect(homeless.stderr).toContain("scripts/release/home.ts");
  expect((await tried("--home", 'x"y')).stderr).toContain("is no address");
  expect((await tried("--home", home, "--only", "win32-x64")).stderr).toContain("WSL 2");
});

test("the notes are the changelog's section of this version", () => {
  expect(readFileSync(join(made, "NOTES.md"), "utf8")).toContain("### Added");
  expect(() => notesOf("## [1.0.0]\n\nFirst.\n", "9.9.9")).toThrow("says nothing of 9.9.9");
  expect(notesOf("# C\n\n## [2.0.0] - 2030\n\nB.\n\n[x]: y\n\n## [1.0.0]\n\nA.\n", "2.0.0")).toBe("B.\n");
});

test("the SBOM names the packages in the bundle, Bun, and what is linked into it", () => {
  const { components, metadata } = JSON.parse(readFileSync(join(made, "sbom.cdx.json"), "utf8"));
  const names = components.map(({ name }: { name: string }) => name);
  expect(names).toContain("@a/b");
  expect(names).toContain("bun");
  expect(names.some((name: string) => name.startsWith("WebKit"))).toBe(true);
  expect(metadata.component.version).toBe(version);
});

test("the formula has the sums of its archives", () => {
  const formula = readFileSync(join(made, "lanes.rb"), "utf8");
  const sums = new Map(
    readFileSync(join(made, "SHA256SUMS"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split("  ").toReversed() as [string, string]),
  );
  const pairs = [...formula.matchAll(/url "(.*)\/(.*)"\n\s*sha256 "(.*)"/g)];
  expect(pairs).toHaveLength(4);
  for (const [, base, name = "", sum] of pairs) {
    expect(base).toBe(`${home}/releases/download/v${version}`);
    expect(sums.get(name)).toBe(sum as string);
  }
});

test.skipIf(host === undefined)("the archive: one folder with everything in it", async () => {
  const listed = await done(["tar", "-tzf", fileOf(made, `${triple}.tar.gz`)]);
  const inside = listed.trimEnd().split("\n");
  expect(inside.every((name) => name.startsWith(`lanes-${version}-${triple}/`))).toBe(true);
  const names = inside.map((name) => name.slice(name.indexOf("/") + 1));
  // Each page that a README leads to is there.
  for (const page of ["README.md", "README.zh-CN.md"])
    for (const [, target = ""] of (await Bun.file(join(root, page)).text()).matchAll(/\]\((docs\/[\w.-]+)/g))
      expect(names).toContain(target);
  expect(names.filter((name) => !name.startsWith("docs/")).sort()).toEqual(
    ["lanes", "README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE", "THIRD-PARTY-NOTICES", "man/lanes.1"]
      .concat(["completions/lanes.bash", "completions/_lanes", "completions/lanes.fish"])
      .sort(),
  );
  expect(await done([await fromArchive(made, triple, join(folder, "archive")), "--version"])).toContain(version);
});

test.skipIf(Bun.which("dpkg") === null || host?.deb === undefined)(
  "the .deb installs, is found whole, and leaves nothing",
  async () => {
    const place = join(folder, "deb");
    const lanes = await fromDeb(made, host?.deb ?? "", place);
    expect(await done([lanes, "--version"])).toContain(version);
    expect(await dpkg(place, "--verify", "lanes")).toBe("");
    expect(await dpkg(place, "--status", "lanes")).toContain("Homepage: http");
    const manual = await done(["gzip", "-dc", join(place, "usr/share/man/man1/lanes.1.gz")]);
    expect(manual).toBe(Buffer.from(release.documents.man).toString());
    await dpkg(place, "--purge", "lanes");
    expect(existsSync(join(place, "usr"))).toBe(false);
  },
);

describe.skipIf(host === undefined || Bun.which("npm") === null)("npm", () => {
  let withScripts: string;
  let without: string;
  beforeAll(async () => {
    withScripts = await fromNpm(made, join(folder, "npm"));
    without = await fromNpm(made, join(folder, "npm-ignore"), "--ignore-scripts");
  }, 120_000);

  const installed = (prefix: string, name: string) => join(folder, prefix, "lib", "node_modules", name);

  test("with install scripts the command is the executable itself, once on the disk", async () => {
    expect(readFileSync(withScripts, "utf8")).toBe(standIn);
    const platforms = join(installed("npm", "lanes"), "node_modules", "@lanes-cli");
    expect(readdirSync(platforms)).toEqual([host?.name ?? ""]);
    expect(statSync(withScripts).ino).toBe(statSync(join(platforms, host?.name ?? "", "bin", "lanes")).ino);
    expect(existsSync(join(folder, "npm", "share", "man", "man1", "lanes.1"))).toBe(true);
    expect(await done([withScripts, "--version"])).toContain(version);
  });

  test("without them a script becomes it: arguments, exit code, pid, descriptors above 2", async () => {
    expect(readFileSync(without, "utf8")).toStartWith("#!/bin/sh");
    expect(await ended([without, "a b", "", "*"])).toEqual({ code: 3, stdout: "a b||*|", stderr: "" });
    writeFileSync(join(folder, "text"), "from seven");
    const line = `exec 7< "${join(folder, "text")}"; "${without}" fd 7`;
    expect(await done(["bash", "-c", line])).toBe("from seven");
    const ready = join(folder, "ready-pid");
    const child = Bun.spawn([without, "wait", ready], { stdio: ["ignore", "ignore", "ignore"] });
    await until("lanes to run", () => existsSync(ready) && readFileSync(ready, "utf8").endsWith("\n"));
    expect(Number(readFileSync(ready, "utf8"))).toBe(child.pid); // so a kill -9 leaves nothing
    child.kill("SIGKILL");
    await child.exited;
  });

  /** As Yarn does it: the script is run by Node. */
  const byNode = () => [Bun.which("node") ?? "node", without];

  test.each([
    ["SIGTERM", "TERM\n", 7],
    ["SIGINT", "INT\n", 8],
    ["SIGUSR1", "USR1\n", 9],
  ] as const)("run by Node, %s reaches lanes, and its exit code comes back", async (signal, said, code) => {
    const ready = join(folder, `ready-${signal}`);
    const child = Bun.spawn([...byNode(), "wait", ready], { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
    await until("lanes to run", () => existsSync(ready) && readFileSync(ready, "utf8").endsWith("\n"));
    child.kill(signal);
    expect(await new Response(child.stdout).text()).toBe(said);
    expect(await child.exited).toBe(code);
  });

  test("killed by a signal, the script ends by that signal", async () => {
    const ready = join(folder, "ready-kill");
    const child = Bun.spawn([...byNode(), "wait", ready], { stdio: ["ignore", "ignore", "ignore"] });
    await until("lanes to run", () => existsSync(ready) && readFileSync(ready, "utf8").endsWith("\n"));
    process.kill(Number(readFileSync(ready, "utf8")), "SIGKILL");
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
  });

  test("without the platform's package: one line that says which, and how to get it", async () => {
    rmSync(join(installed("npm-ignore", "lanes"), "node_modules"), { recursive: true });
    const { code, stderr } = await ended([without, "--version"]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain(`@lanes-cli/${host?.name}`);
    expect(stderr).toContain("--include=optional");
  });

  test("uninstalled, nothing is left", async () => {
    const prefix = join(folder, "npm");
    await done(["npm", "uninstall", "-g", "--prefix", prefix, "--offline", "lanes"], { cwd: prefix });
    expect(lstatSync(join(prefix, "bin", "lanes"), { throwIfNoEntry: false })).toBeUndefined();
    expect(existsSync(installed("npm", "lanes"))).toBe(false);
  });
});

describe.skipIf(host === undefined)("install.sh", () => {
  const shells = [["sh"], ["dash"], ["bash", "--posix"], ["zsh"], ["busybox", "sh"]].filter(
    ([name = ""]) => Bun.which(name) !== null,
  );
  let count = 0;
  /** Runs it in a place of its own, against a server that may change what it answers. */
  async function install(options: {
    readonly shell?: readonly string[];
    readonly change?: (name: string) => Response | undefined;
    readonly path?: string;
    readonly to?: string;
    readonly script?: string;
  }) {
    await using server = filesOf(made, options.change);
    const place = join(folder, `sh-${count++}`);
    mkdirSync(place);
    const to = options.to ?? join(place, "bin");
    const script = options.script ?? join(made, "install.sh");
    const env = { HOME: place, ...(options.path === undefined ? {} : { PATH: options.path }) };
    const shell = (options.shell ?? ["sh"]).map((word, index) => (index === 0 ? (Bun.which(word) ?? word) : word));
    const result = await ended([...shell, script, "--from", server.url, "--to", to], { cwd: place, env });
    return { ...result, lanes: join(to, "lanes"), files: existsSync(to) ? readdirSync(to) : [], url: server.url };
  }
  const archive = `lanes-${version}-${triple}.tar.gz`;

  test.each(shells)("installs under %s", async (...shell) => {
    const { code, stdout, stderr, lanes, files } = await install({ shell });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`lanes ${version} is ${lanes}`);
    expect(stdout).toContain("not in PATH");
    expect(files).toEqual(["lanes"]);
    expect(await done([lanes, "--version"])).toContain(version);
  });

  test.each([
    ["corrupted", (bytes: Uint8Array) => bytes.with(bytes.length >> 1, 255 - (bytes[bytes.length >> 1] ?? 0))],
    ["cut off", (bytes: Uint8Array) => bytes.subarray(0, bytes.length >> 1)],
    ["empty", () => new Uint8Array()],
  ])("a download that is %s is refused, and what was installed stays", async (_, spoil) => {
    const to = join(folder, `kept-${count}`);
    mkdirSync(to);
    writeFileSync(join(to, "lanes"), "the old one");
    const bytes = new Uint8Array(readFileSync(join(made, archive)));
    const change = (name: string) => (name === archive ? new Response(new Uint8Array(spoil(bytes))) : undefined);
    const { code, stderr, files } = await install({ to, change });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^install: the sum of .* nothing was installed\n$/);
    expect(files).toEqual(["lanes"]);
    expect(readFileSync(join(to, "lanes"), "utf8")).toBe("the old one");
  });

  test.each([["SHA256SUMS"], [archive]])("404 for %s", async (missing) => {
    const change = (name: string) => (name === missing ? new Response("no", { status: 404 }) : undefined);
    const { code, stderr, files, url } = await install({ change });
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot download ${url}/${missing}`);
    expect(files).toEqual([]);
  });

  test("an executable that does not run here is not installed", async () => {
    const broken = join(folder, "broken");
    await assemble({
      ...release,
      out: broken,
      build: async () => ({ lanes: Buffer.from("#!/bin/sh\necho no libstdc++ >&2; exit 127\n"), packages: [] }),
    });
    const change = (name: string) => new Response(new Uint8Array(readFileSync(join(broken, name))));
    const { code, stderr, files } = await install({ change });
    expect(code).toBe(1);
    expect(stderr).toContain("does not run here: no libstdc++");
    expect(files).toEqual([]);
  });

  test("over a lanes that runs: that one runs on", async () => {
    const first = await install({});
    const ready = join(folder, "ready-install");
    const running = Bun.spawn([first.lanes, "wait", ready], { stdio: ["ignore", "ignore", "ignore"] });
    await until("it to run", () => existsSync(ready));
    const inode = statSync(first.lanes).ino;
    const second = await install({ to: join(first.lanes, "..") });
    expect(second.code).toBe(0);
    expect(statSync(first.lanes).ino).not.toBe(inode);
    running.kill("SIGTERM");
    expect(await running.exited).toBe(7);
  });

  test("no permission to write: said before anything is downloaded", async () => {
    const asked: string[] = [];
    const change = (name: string) => void asked.push(name) as undefined;
    const { code, stderr } = await install({ to: "/proc/self", change });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^install: no permission to write to \/proc\/self: .*--to DIR\n$/);
    expect((await install({ to: "/proc/none", change })).stderr).toContain("cannot make the folder /proc/none");
    expect(asked).toEqual([]);
  });

  /** A PATH with what the script needs, and of curl and wget only these. */
  function toolsWith(...downloaders: string[]): string {
    const bin = join(folder, `tools-${count}`);
    mkdirSync(bin);
    const needed = [
      "sh",
      "uname",
      "mkdir",
      "mktemp",
      "rm",
      "mv",
      "cp",
      "chmod",
      "tar",
      "gzip",
      "awk",
      "cut",
      "head",
      "cat",
    ];
    for (const tool of [...needed, "sha256sum", "sleep", ...downloaders]) {
      const path = Bun.which(tool);
      if (path !== null) symlinkSync(path, join(bin, tool));
    }
    return bin;
  }

  test.skipIf(Bun.which("wget") === null)("without curl it takes wget", async () => {
    const { code, stderr, lanes } = await install({ path: toolsWith("wget") });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(existsSync(lanes)).toBe(true);
  });

  test("without both it says so", async () => {
    const { code, stderr, files, url } = await install({ path: toolsWith() });
    expect(code).toBe(1);
    expect(stderr).toContain(`neither curl nor wget is here: install one, or download ${url}/${archive}`);
    expect(files).toEqual([]);
  });

  test("cut off itself, at any line, it installs nothing", async () => {
    const lines = readFileSync(join(made, "install.sh"), "utf8").split("\n");
    const script = join(folder, "cut.sh");
    for (const keep of [0.2, 0.5, 0.8, 0.95].map((share) => Math.floor(lines.length * share))) {
      writeFileSync(script, lines.slice(0, keep).join("\n"));
      const { files, stdout } = await install({ script });
      expect({ files, stdout }).toEqual({ files: [], stdout: "" });
    }
  });

  test("an unknown option, an option without its value", async () => {
    const script = join(made, "install.sh");
    expect(await ended(["sh", script, "--too", "x"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--too"),
    });
    expect(await ended(["sh", script, "--to"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("needs a value"),
    });
  });
});

test.skipIf(host === undefined)(
  "npm: the library in a program that plain Bun runs: the tutorial, a queue, a pool, a lock file, a thread",
  async () => {
    const project = join(folder, "project");
    mkdirSync(join(project, "node_modules", "lanes"), { recursive: true });
    await done(
      ["tar", "-xzf", join(made, "npm", `lanes-${version}.tgz`), "--strip-components=1", "-C", "node_modules/lanes"],
      {
        cwd: project,
      },
    );
    const tutorial = join(root, "src", "commands", "init", "tutorial");
    for (const name of readdirSync(tutorial)) writeFileSync(join(project, name), readFileSync(join(tutorial, name)));
    const run = (name: string) => ended([process.execPath, name], { cwd: project });
    const classes = await run("2-class.ts");
    expect([classes.code, classes.stderr]).toEqual([0, ""]);
    expect(classes.stdout).toMatch(/^hello Ada, I am process \d+ \(Greeter-1\)\nmain: exit code 0\n$/);
    expect((await run("4-mutex.ts")).stdout.match(/has a ticket/g)).toHaveLength(1);
    writeFileSync(
      join(project, "all.ts"),
      `import * as lanes from "lanes";
     import { FileLock, isMainProcess, Lock, LanesError, Process, Queue } from "lanes";
     async function work(q: Queue<unknown>, lock: Lock) {
       await lock.with(() => q.put([isMainProcess, lanes.currentProcess().name, new FileLock("x.lock").tryAcquire()]));
       console.log(q, (await import("lanes")).Queue === Queue);
     }
     function double(x: number) { return 2 * x; }
     if (import.meta.main) {
       await using pool = new lanes.Pool(2);
       console.log("pool", (await pool.map(double, [1, 2, 3])).join());
       const [q, lock, file] = [new Queue(), new Lock(), new FileLock("x.lock")];
       await file.acquire();
       const p = new Process({ target: work, args: [q, lock] }).start();
       console.log(isMainProcess, await q.get(), await p.join(), p.exitCode);
       file.release();
       try { new Process({ target: () => {} }).start(); } catch (error) { console.log(error instanceof LanesError, (error as Error).name); }
     }`,
    );
    const all = await run("all.ts");
    // The two processes print when they come to it.
    expect([all.stderr, ...all.stdout.trimEnd().split("\n").sort()]).toEqual([
      "",
      expect.stringMatching(/^<Queue-\d+: [01] items> true$/),
      "pool 2,4,6",
      "true NotReachable",
      'true [ false, "Process-3", false ] true 0',
    ]);
    const node = await ended(["node", "--input-type=module", "-e", 'import "lanes";'], { cwd: project });
    expect(node.stderr).toContain('the library "lanes" needs Bun');
  },
);
