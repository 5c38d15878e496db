/** The lock within one process. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { breakLock, lock, status, tryLock } from "../../../src/lock/index.ts";
import { openDescriptors } from "../../support/processes/processes.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "test-lock-"));
  file = join(dir, "a.lock");
});
afterEach(() => rmSync(dir, { recursive: true }));

test("taken and released, by hand and by scope; a second release does nothing", async () => {
  {
    await using handle = await lock(file, { command: ["work"] });
    expect(handle).toMatchObject({ path: file, recovered: null, intact: true });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(handle.owner);
    expect(handle.owner.command).toEqual(["work"]);
  }
  expect(existsSync(file)).toBe(false);
  const handle = tryLock(file);
  expect(handle?.release()).toBe("released");
  using next = tryLock(file);
  expect(handle?.release()).toBe("released");
  expect(next?.intact).toBe(true);
  expect(handle?.intact).toBe(false);
});

test("twice in one process is an error, however it is asked for, and by whatever spelling of the path", async () => {
  using _held = await lock(file);
  const twice = { key: "lock.twice", exitCode: 2 };
  expect(await lock(file).catch((error: unknown) => error)).toMatchObject(twice);
  expect(await lock(`${dir}/../${dir.split("/").pop()}/a.lock`).catch((error: unknown) => error)).toMatchObject(twice);
  expect(() => tryLock(file)).toThrow();
});

test("two locks are two locks", async () => {
  using a = await lock(file);
  using b = await lock(`${file}.b`);
  expect(readdirSync(dir).sort()).toEqual(["a.lock", "a.lock.b"]);
  expect(a.owner.token).not.toBe(b.owner.token);
});

test("kept: the file stays, released, and is taken over in place", async () => {
  (await lock(file, { keep: true })).release();
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ lanes: 1, released: true, pid: process.pid });
  expect(status(file).state).toBe("free");
  const next = await lock(file);
  expect(next.recovered).toBeNull();
  next.release();
  expect(existsSync(file)).toBe(false);
});

test("no descriptor leaks, whether it succeeds or fails", async () => {
  writeFileSync(join(dir, "foreign"), "x");
  const round = async () => {
    (await lock(file)).release();
    expect(tryLock(join(dir, "foreign"))).toBeNull();
    expect(() => tryLock(dir)).toThrow();
    status(file);
    breakLock(file);
  };
  await round();
  const before = openDescriptors();
  for (let n = 0; n < 50; n++) await round();
  expect(openDescriptors()).toBe(before);
});

test("break removes what is foreign or stale, and refuses what is held", async () => {
  writeFileSync(file, "12345\n");
  expect(breakLock(file)).toMatchObject({ state: "foreign" });
  expect(existsSync(file)).toBe(false);
  using handle = await lock(file);
  expect(() => breakLock(file)).toThrow();
  expect(handle.intact).toBe(true);
  breakLock(file, { force: true });
  expect(handle.intact).toBe(false);
  expect(handle.release()).toBe("removed");
});
