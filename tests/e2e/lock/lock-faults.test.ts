/** `lanes lock` on disks that are full, read-only or not ours. In a mount namespace of its own; skipped where there is none. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { Playground } from "../../support/lanes.ts";
import { mounting } from "../../support/processes/namespaces.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** Runs a line of shell in a namespace where it may mount; `disk` is an empty tmpfs of 64 KiB. */
const onDisk = (line: string) =>
  place.shell(`mkdir disk && ${mounting} sh -c 'mount -t tmpfs -o size=64k none disk && ${line}'`);

test.skipIf(mounting === null)("a full disk: said so, nothing left, nothing started", async () => {
  const done = await onDisk(
    `dd if=/dev/zero of=disk/fill 2>/dev/null; "$LANES" lock disk/a.lock -- echo entered; echo $?; ls disk`,
  );
  expect(done.stdout).toBe("2\nfill\n");
  expect(done.stderr).toMatch(/^lanes: .*disk is full.*\n$/);
});

test.skipIf(mounting === null)("a full disk, and a stale lock on it: taken over in place", async () => {
  const stale = `"$LANES" lock -o disk/a.lock -- sh -c "kill -9 \\$PPID"`;
  const done = await onDisk(
    `${stale}; dd if=/dev/zero of=disk/fill 2>/dev/null; "$LANES" lock disk/a.lock -- echo entered; ls disk`,
  );
  expect(done.stdout).toBe("entered\nfill\n");
});

test.skipIf(mounting === null)("a read-only disk", async () => {
  const done = await onDisk(`mount -o remount,bind,ro disk && "$LANES" lock disk/a.lock -- echo entered; echo $?`);
  expect(done.stdout).toBe("2\n");
  expect(done.stderr).toMatch(/^lanes: .*read-only.*\n$/);
});

test.skipIf(mounting === null)("a folder that is not ours to write", async () => {
  // In a user namespace without a mapping even root may do no more than the permission bits say.
  const done = await place.shell(
    `mkdir theirs && chmod 555 theirs && unshare --user "$LANES" lock theirs/a.lock -- echo entered`,
  );
  expect(done.code).toBe(2);
  expect(done.stderr).toMatch(/^lanes: .*no permission.*\n$/);
});

test("the current folder is gone: exit code 2, and it is said, where a path begins there; else it does not matter", async () => {
  const { code, stdout, stderr } = await place.shell(
    'mkdir gone; cd gone; rmdir ../gone; "$LANES" lock "$OLDPWD/a.lock" echo in; "$LANES" lock b.lock echo in',
  );
  expect([code, stdout]).toEqual([2, "in\n"]);
  expect(stderr).toMatch(/^lanes: the current folder is gone .*\n$/);
});

test("no memory that may be executed: the error says that, and not that a function is missing", async () => {
  for (const [line, code] of [
    [`BUN_JSC_useJIT=0 "$LANES" lock a.lock -- true`, 2],
    [`(ulimit -v 2000000; "$LANES" lock a.lock -- true)`, 2],
    [`BUN_JSC_useJIT=0 "$LANES" trace true`, 126],
  ] as const) {
    const done = await place.shell(line);
    expect(done.code).toBe(code);
    expect(done.stderr).toMatch(/^lanes: .*memory that may be written and executed.*\n$/);
  }
});

test("no descriptor left: one line says so, and no lock is left", async () => {
  for (const limit of [10, 12, 14, 16, 18]) {
    const done = await place.shell(`ulimit -n ${limit}; "$LANES" lock a.lock -- true`);
    if (done.code !== 0) expect(done.stderr).toMatch(/^[^\n]+\n$/);
    expect(existsSync(`${place.tmp}/a.lock`)).toBe(false);
  }
});
