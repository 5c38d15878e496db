/** The owner record: what is written, what is taken for one, and what it tells of its owner. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, linkSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { lock, status, tryLock } from "../../../src/lock/index.ts";
import {
  commandLives,
  decodeOwner,
  encodeHead,
  encodeOwner,
  fate,
  headBytes,
  lastingTombstone,
  maxRecordBytes,
  newOwner,
  type OwnerRecord,
  tombstone,
} from "../../../src/lock/owner.ts";
import { identity } from "../../../src/lock/system/identity.ts";
import { anyCharacter } from "../../support/any-text.ts";

const mine = newOwner(["sleep", "1"], "token");
/** Of this process's parent: alive as long as the test runs. */
const alive: OwnerRecord = { ...mine, pid: process.ppid, started: null };
const gone: OwnerRecord = { ...mine, started: (mine.started ?? 0) - 1 };

test("a record comes back as it was written, whatever the command, and fits a page", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: anyCharacter, maxLength: 9000 }), { maxLength: 20 }), (command) => {
      const line = encodeOwner(newOwner(command, "token"));
      const read = decodeOwner(Buffer.from(line));
      expect(line.endsWith("\n")).toBe(true);
      expect(line.trimEnd()).not.toContain("\n");
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxRecordBytes);
      expect(read.kind).toBe("owner");
      if (read.kind === "owner" && command.join("").length < 100) expect([...read.owner.command]).toEqual(command);
    }),
    { numRuns: 50 },
  );
});

test("what changes while a lock is held is the record's head, as long as before", () => {
  const line = encodeOwner(mine);
  for (const [child, childStarted] of [
    [1, 0],
    [2 ** 22, 2 ** 53 - 1],
    [99_999, null],
  ] as const) {
    const named = { ...mine, child, childStarted };
    const head = encodeHead(named);
    expect(head).toHaveLength(headBytes);
    expect(JSON.parse(head + line.slice(headBytes))).toEqual(named);
    expect(decodeOwner(Buffer.from(head + line.slice(headBytes)))).toEqual({ kind: "owner", owner: named });
  }
  expect(tombstone).toHaveLength(headBytes);
  expect(decodeOwner(Buffer.from(tombstone + line.slice(headBytes)))).toEqual({ kind: "released" });
  expect(JSON.parse(lastingTombstone + line.slice(headBytes))).toMatchObject({ released: true, pid: mine.pid });
  expect(decodeOwner(Buffer.from(lastingTombstone + line.slice(headBytes)))).toEqual({ kind: "released", found: true });
});

test("a record is as long as the one it takes the place of", () => {
  const line = encodeOwner(mine);
  for (const bytes of [line.length - 1, line.length, line.length + 1, maxRecordBytes]) {
    const longer = encodeOwner(mine, bytes);
    expect(longer).toHaveLength(Math.max(bytes, line.length));
    expect(decodeOwner(Buffer.from(longer))).toEqual({ kind: "owner", owner: mine });
  }
});

test("only a whole record, and nothing else, is one", () => {
  const line = encodeOwner(mine);
  expect(decodeOwner(Buffer.from(`${line}{"more":1}\n`)).kind).toBe("foreign");
  for (let length = 1; length < line.length; length++)
    expect(decodeOwner(Buffer.from(line.slice(0, length))).kind).toBe("foreign");
  for (const text of [
    "\n",
    "{}\n",
    "null\n",
    "12345\n",
    '{"lanes":2}\n',
    '{"lanes":1}\n',
    '{"lanes":1,"pid":-1}\n',
    "\0\0\0\n",
  ])
    expect(decodeOwner(Buffer.from(text)).kind).toBe("foreign");
  expect(decodeOwner(Buffer.from(line.replace('"pid"', `"x":"${"x".repeat(maxRecordBytes)}","pid"`))).kind).toBe(
    "foreign",
  );
  expect(decodeOwner(Buffer.alloc(0)).kind).toBe("empty");
  expect(decodeOwner(Buffer.from('{"lanes":1,"released":true}\n')).kind).toBe("released");
});

const anotherBoot = "00000000-0000-0000-0000-000000000000";
const records: readonly (readonly [string, OwnerRecord, ReturnType<typeof fate>])[] = [
  ["this process", mine, "alive"],
  ["a pid that was reused", gone, "gone"],
  ["a pid nobody has", { ...mine, pid: 2 ** 22 + 1 }, "gone"],
  ["another process that lives", alive, "alive"],
  ["another host, another boot", { ...gone, host: "elsewhere", boot: anotherBoot }, "unknown"],
  ["this host, an earlier boot", { ...mine, boot: anotherBoot }, "gone"],
  ["another pid namespace", { ...gone, ns: "pid:[1]" }, "unknown"],
  ["a system that tells no boot", { ...gone, boot: "" }, "unknown"],
  ["a start time that is not known", { ...mine, started: null }, "alive"],
  [
    "gone, its command lives and inherited",
    { ...gone, child: process.pid, childStarted: mine.started, inherit: true },
    "alive",
  ],
  ["gone, its command lives and did not", { ...gone, child: process.pid, childStarted: mine.started }, "gone"],
  ["gone, its command too", { ...gone, child: process.pid, childStarted: 1, inherit: true }, "gone"],
];

test("only one of them has a command that is seen to live", () => {
  const living = records.filter(([, record]) => commandLives(record)).map(([name]) => name);
  expect(living).toEqual(["gone, its command lives and inherited"]);
});

test.each(records)("the fate of %s", (_, record, expected) => {
  expect(fate(record, false)).toBe(expected);
});

test("on a disk of this machine alone an earlier boot's owner is gone, whatever the machine was called", () => {
  const renamed = { ...gone, host: "elsewhere", boot: anotherBoot };
  expect(fate(renamed, true)).toBe("gone");
  expect(fate({ ...renamed, boot: mine.boot, pid: mine.pid, started: mine.started }, true)).toBe("alive");
});

/** In the first pid namespace the kernel tells of every flock. */
const seesAll = existsSync("/proc/self/ns/pid") && readlinkSync("/proc/self/ns/pid") === "pid:[4026531836]";

describe("a file whose flock is free is adopted, whatever its record says, unless its command is seen to live:", () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "test-lock-"));
    file = join(dir, "a.lock");
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  test.each(records)("%s", (_, record, expected) => {
    writeFileSync(file, encodeOwner(record));
    const isAtWork = commandLives(record);
    const looksHeld = isAtWork || (!seesAll && expected !== "gone");
    expect(status(file)).toMatchObject({
      state: looksHeld ? "held" : "stale",
      verified: seesAll || expected !== "unknown",
    });
    using handle = tryLock(file);
    expect(handle === null).toBe(isAtWork);
    if (handle) expect(handle.recovered).toEqual(record);
    else expect(readFileSync(file, "utf8")).toBe(encodeOwner(record));
  });

  test.each([
    ["cut off", encodeOwner(gone).slice(0, 40)],
    ["without an end", encodeOwner(gone).trimEnd()],
    ["another's pid", "12345\n"],
    ["NULs", "\0".repeat(100)],
    ["huge", "x".repeat(3_000_000)],
    ["a huge line that begins like ours", `{"lanes":1,"released":true,"x":"${"x".repeat(100_000)}"}\n`],
  ])("foreign, never: %s", async (_, content) => {
    writeFileSync(file, content);
    expect(status(file)).toMatchObject({ state: "foreign", owner: null });
    expect(tryLock(file)).toBeNull();
    expect(await lock(file, { wait: 20 }).catch((error: { key: string }) => error.key)).toBe("lock.foreignTimeout");
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  test("foreign, never: an empty file that has another name, too", () => {
    const theirs = join(dir, "theirs");
    writeFileSync(theirs, "");
    linkSync(theirs, file);
    expect(status(file).state).toBe("foreign");
    expect(tryLock(file)).toBeNull();
    expect(readFileSync(theirs, "utf8")).toBe("");
  });

  test("a shorter record over a longer one leaves nothing of it, nor changes its length", () => {
    const longer = encodeOwner({ ...gone, command: ["锁".repeat(500)] });
    writeFileSync(file, longer);
    using handle = tryLock(file);
    expect(readFileSync(file, "utf8")).toBe(encodeOwner(handle?.owner ?? mine, Buffer.byteLength(longer)));
  });
});

test("the identity of this process agrees with the kernel", () => {
  const { pid, ppid, boot, host } = identity();
  expect([pid, ppid]).toEqual([process.pid, process.ppid]);
  if (existsSync("/proc/sys/kernel")) {
    expect(boot).toBe(readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
    expect(host).toBe(readFileSync("/proc/sys/kernel/hostname", "utf8").trim());
  }
});
