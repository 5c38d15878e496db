import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPage, MAX_CHUNK_ITEMS } from "../../../src/pool/control.ts";
import { ControlFile } from "../../../src/pool/control-file.ts";

let page: ControlFile;
beforeEach(() => {
  page = ControlFile.create(3);
});
afterEach(() => page.close());

test("items are begun in order, each once, and then no more", () => {
  page.assign(1, 0, 3);
  expect([0, 1, 2, 3].map(() => page.begin(1, 0, 0))).toEqual([0, 1, 2, -1]);
  expect(page.running(1)).toBeNull();
});

test("what is taken back is never begun, what is begun is never taken back", () => {
  page.assign(0, 1, 10);
  expect(page.begin(0, 1, 0)).toBe(0);
  expect(page.takeBack(0, 1, 4)).toBe(6);
  expect(page.notBegun(0, 1)).toBe(5);
  expect(page.takeBack(0, 1, 100)).toBe(1);
  expect(page.begin(0, 1, 0)).toBe(-1);
});

test("a worker's line says what it is at and since when; others are not touched", () => {
  page.assign(2, 1, 5);
  page.begin(2, 1, 1234.5);
  page.begin(2, 1, 2345.5);
  expect(page.running(2)).toEqual({ slot: 1, item: 1, beganMs: 2345.5 });
  expect(page.running(1)).toBeNull();
  page.reset(2);
  expect(page.running(2)).toBeNull();
  expect(page.notBegun(2, 1)).toBe(0);
});

test("the largest chunk fits", () => {
  page.assign(0, 0, MAX_CHUNK_ITEMS);
  expect(page.notBegun(0, 0)).toBe(MAX_CHUNK_ITEMS);
  expect(page.begin(0, 0, 0)).toBe(0);
  expect(page.takeBack(0, 0, 1)).toBe(MAX_CHUNK_ITEMS - 1);
});

test("the page leaves no file, and another mapping of it sees the same", () => {
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), "test-"));
  process.env.TMPDIR = folder;
  const other = ControlFile.create(1);
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  expect(readdirSync(folder)).toEqual([]);
  rmdirSync(folder);
  other.assign(0, 0, 7);
  expect(ControlPage.at(`/dev/fd/${other.fd}`).notBegun(0, 0)).toBe(7);
  other.close();
});
