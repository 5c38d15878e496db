import { expect, test } from "bun:test";
import { closeSync, fstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LanesError } from "../../../src/errors.ts";
import { openTempFile } from "../../../src/os/files/tempfile.ts";

test("a file without a name", () => {
  const folder = mkdtempSync(join(tmpdir(), "tempfile-"));
  const fd = openTempFile("append", folder);
  expect([fstatSync(fd).nlink, readdirSync(folder)]).toEqual([0, []]);
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

test.each([
  // First: a file system that has no nameless files. One with a name was tried too, and that is what failed.
  ["that takes no files", "/proc/self/fd", "ENOENT"],
  ["that is not there", join(tmpdir(), `lanes-none-${process.pid}`), "ENOENT"],
  ["that is no folder", "/dev/null", "ENOTDIR"],
])("a folder %s is named, with the reason and what to do", (_, folder, reason) => {
  try {
    closeSync(openTempFile("append", folder));
    throw new Error("there is such a file now");
  } catch (error) {
    expect(error).toBeInstanceOf(LanesError);
    expect(error).toMatchObject({ key: "error.temp", params: { folder, reason }, exitCode: 1 });
  }
});
