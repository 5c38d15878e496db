import { SQLiteError } from "bun:sqlite";
import { expect, test } from "bun:test";
import { explained } from "../../../src/cli/report.ts";

/** As SQLite throws it; its constructor is not for everybody. */
const sqlite = (code: string) => Object.assign(Object.create(SQLiteError.prototype), { code, message: "words" });

test.each([
  ["SQLITE_FULL", false],
  ["SQLITE_IOERR_SHMSIZE", false],
  ["SQLITE_CANTOPEN", false],
  ["SQLITE_READONLY", false],
  ["SQLITE_ERROR", true],
])("what the system refuses SQLite is no bug in lanes: %s", (code, bug) => {
  expect(explained(sqlite(code)).includes("bug in lanes")).toBe(bug);
});

test("nor is what it refuses lanes", () => {
  expect(explained(Object.assign(new Error("words"), { code: "ENOSPC" }))).toBe("words");
  expect(explained(new Error("words"))).toContain("bug in lanes");
});
