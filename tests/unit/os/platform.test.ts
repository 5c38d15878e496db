/** One decision in one place: which system this is, and where /proc is. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { isLinux, isMac, libSystem, procPath } from "../../../src/os/platform.ts";
import { root } from "../../support/root.ts";

const src = join(root, "src");

/** The lines of the sources, but for comments and that one file, with something in it. */
async function linesWith(pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const file of new Bun.Glob("**/*.ts").scan(src)) {
    if (file === "os/platform.ts" || file.includes("words.")) continue;
    const lines = (await Bun.file(join(src, file)).text()).split("\n");
    for (const line of lines)
      if (pattern.test(line) && !/^\s*(\*|\/[*/])/.test(line)) found.push(`${file}: ${line.trim()}`);
  }
  return found;
}

test("nobody else asks which system this is, or names a file of /proc", async () => {
  expect(
    await linesWith(
      /process\.platform\s*[!=]==|switch \(process\.platform|os\.platform|["'`]\/?proc\/|["'`]\/proc["'`]/,
    ),
  ).toEqual([]);
});

test("nobody else opens libSystem", async () => {
  expect(await linesWith(/libSystem\.B/)).toEqual([]);
});

test("from source it is the system it is", () => {
  expect([isLinux, isMac]).toEqual([process.platform === "linux", process.platform === "darwin"]);
  expect(procPath("self/stat")).toBe("/proc/self/stat");
  expect(libSystem).toBe("libSystem.B.dylib");
});
