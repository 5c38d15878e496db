import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LanesError } from "../../../src/errors.ts";
import { Destination } from "../../../src/export/destination.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanes-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = (name: string) => join(folder, name);

/** The error's key and exit code; what should not have been thrown is thrown on. */
function refusal(work: () => unknown): readonly [string, number | null] | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof LanesError) return [error.key, error.exitCode];
    throw error;
  }
}

test("a new file is there whole, and nothing beside it; checking leaves nothing", () => {
  const destination = Destination.check("--html", place("a.html"), false);
  expect(readdirSync(folder)).toEqual([]);
  destination.write(["one ", "two"]);
  expect(readFileSync(place("a.html"), "utf8")).toBe("one two");
  expect(readdirSync(folder)).toEqual(["a.html"]);
});

test("refuses, before anything is done, what it could not write", () => {
  writeFileSync(place("file"), "");
  symlinkSync("nowhere", place("link"));
  const check = (name: string) => refusal(() => Destination.check("--svg", name, false));
  expect(check("")).toEqual(["export.error.empty", 2]);
  expect(check(folder)).toEqual(["export.error.folder", 2]);
  expect(check(place("file"))).toEqual(["export.error.exists", 2]);
  expect(check(place("link"))).toEqual(["export.error.link", 2]);
  expect(check(place("none/a.svg"))).toEqual(["export.error.parent", 2]);
  expect(check(place("file/a.svg"))).toEqual(["export.error.unwritable", 2]);
  expect(check(place("x".repeat(300)))).toEqual(["export.error.unwritable", 2]);
  expect(check("/proc/a.svg")?.[1]).toBe(2);
  expect(check("/dev/fd/987")).toEqual(["export.error.unwritable", 2]);
  expect(readFileSync(place("file"), "utf8")).toBe("");
  expect(readdirSync(folder).sort()).toEqual(["file", "link"]);
});

test("a name as long as names get can be written", () => {
  const name = place("x".repeat(255));
  Destination.check("--svg", name, false).write(["text"]);
  expect(readFileSync(name, "utf8")).toBe("text");
});

test("with force, replaces a file, and what a link leads to", () => {
  writeFileSync(place("old"), "old");
  symlinkSync("old", place("link"));
  Destination.check("--html", place("link"), true).write(["new"]);
  expect(readFileSync(place("old"), "utf8")).toBe("new");
  expect(lstatSync(place("link")).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(["link", "old"]);
});

test("a file that is replaced keeps who may read it", () => {
  writeFileSync(place("secret"), "old", { mode: 0o600 });
  Destination.check("--html", place("secret"), true).write(["new"]);
  expect([readFileSync(place("secret"), "utf8"), lstatSync(place("secret")).mode & 0o777]).toEqual(["new", 0o600]);
});

test("one file by two names is one path: through a folder's link too", () => {
  symlinkSync(".", place("here"));
  const [one, other] = ["a", "here/a"].map((name) => Destination.check("--html", place(name), false));
  expect(one?.path).toBe(other?.path ?? "");
});

test("does not replace what somebody else made meanwhile", () => {
  const destination = Destination.check("--html", place("a"), false);
  writeFileSync(place("a"), "theirs");
  expect(refusal(() => destination.write(["ours"]))).toEqual(["export.error.write", 1]);
  expect(readFileSync(place("a"), "utf8")).toBe("theirs");
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("what cannot be finished leaves the old file as it was, and nothing beside it", () => {
  writeFileSync(place("a"), "old");
  const destination = Destination.check("--html", place("a"), true);
  const pieces = (function* () {
    yield "new";
    throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
  })();
  expect(refusal(() => destination.write(pieces))).toEqual(["export.error.write", 1]);
  expect(readFileSync(place("a"), "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["a"]);
  mkdirSync(place("gone"));
  const other = Destination.check("--html", place("gone/b"), false);
  rmSync(place("gone"), { recursive: true });
  expect(refusal(() => other.write(["x"]))).toEqual(["export.error.write", 1]);
});

test("devices and pipes are written to as they are", () => {
  Destination.check("--trace", "/dev/null", false).write(["x"]);
  expect(existsSync("/dev/null")).toBe(true);
  const full = Destination.check("--trace", "/dev/full", false);
  expect(() => full.write(["x"])).toThrow("could not write /dev/full: ENOSPC");
  expect(Bun.spawnSync(["mkfifo", place("pipe")]).success).toBe(true);
  expect(() => Destination.check("--trace", place("pipe"), false).write(["x"])).toThrow("ENXIO"); // nobody reads it
  const reader = openSync(place("pipe"), "r+");
  Destination.check("--trace", place("pipe"), false).write(["through it"]);
  expect(readdirSync(folder)).toEqual(["pipe"]);
  closeSync(reader);
});
