import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePipe } from "../../../src/channel/pipe.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanes-pipe-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a pipe is made where there is no mkfifo command, for its owner only, under a name of any bytes", () => {
  const path = process.env.PATH;
  process.env.PATH = folder;
  try {
    makePipe(join(folder, "pipe"));
    makePipe(`${folder}/b\udcff`); // join would replace what is no UTF-8
  } finally {
    process.env.PATH = path;
  }
  const stat = statSync(join(folder, "pipe"));
  expect(stat.isFIFO()).toBe(true);
  expect(stat.mode & 0o777).toBe(0o600);
  // readdir of Bun 1.4.5 knows no such names.
  const { stdout } = Bun.spawnSync(["ls", "--show-control-chars", "-N", folder]);
  expect(stdout.toString("latin1")).toBe("b\xff\npipe\n");
});

test("where none can be made the error says why", () => {
  makePipe(join(folder, "pipe"));
  expect(() => makePipe(join(folder, "pipe"))).toThrow(/EEXIST/);
  expect(() => makePipe(join(folder, "none", "pipe"))).toThrow(/ENOENT/);
});
