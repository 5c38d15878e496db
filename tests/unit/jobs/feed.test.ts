import { expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countAhead } from "../../../src/jobs/input/count.ts";
import { Feed } from "../../../src/jobs/input/feed.ts";
import type { JobValues, ValueSource } from "../../../src/jobs/input/values.ts";

/** Batches of one long value each, and how many have been asked for. */
function longValues(count: number, length: number) {
  const source = { asked: 0 };
  async function* batches(): AsyncGenerator<JobValues[]> {
    for (let n = 1; n <= count; n++) {
      source.asked += 1;
      yield [["x".repeat(length)]];
    }
  }
  return { source, values: batches() };
}

async function turns(count = 2_000): Promise<void> {
  for (let n = 0; n < count; n++) await Promise.resolve();
}

test("without readAhead nothing is read before it is asked for", async () => {
  const { source, values } = longValues(10, 10);
  const feed = new Feed(values, () => {});
  await turns();
  expect(source.asked).toBe(0);
  expect(feed.take()).toBeUndefined();
  await turns();
  expect(source.asked).toBe(1);
  expect(feed.take()?.seq).toBe(1);
  await turns();
  expect(source.asked).toBe(1);
});

test("with readAhead all that fits is read, and how many jobs there are is known before they are run", async () => {
  const { values } = longValues(100, 100);
  const feed = new Feed(values, () => {});
  feed.readAhead();
  await turns();
  expect(feed.seen).toEqual({ jobs: 100, all: true });
  expect(feed.empty).toBe(false);
  for (let seq = 1; seq <= 100; seq++) expect(feed.take()?.seq).toBe(seq);
  expect(feed.take()).toBeUndefined();
  expect(feed.empty).toBe(true);
});

test("what is read ahead is bounded, empty values too, and goes on as jobs are taken", async () => {
  for (const length of [100_000, 0]) {
    const { source, values } = longValues(1e6, length);
    const feed = new Feed(values, () => {});
    feed.readAhead();
    await turns(300_000);
    const most = Math.ceil((1 << 20) / (length + 32));
    expect(source.asked).toBeLessThanOrEqual(most + 1);
    expect(source.asked).toBeGreaterThanOrEqual(most - 1);
    const before = source.asked;
    expect(feed.take()?.seq).toBe(1);
    await turns();
    expect(source.asked).toBe(before + 1);
  }
});

test("an error of reading is told once, after what came before it can be taken", async () => {
  async function* failing(): AsyncGenerator<JobValues[]> {
    yield [["a"]];
    throw new Error("EIO");
  }
  const errors: (Error | null)[] = [];
  const feed = new Feed(failing(), (error) => errors.push(error));
  feed.readAhead();
  await turns();
  expect(errors.filter((error) => error !== null).map((error) => error?.message)).toEqual(["EIO"]);
});

test("countAhead counts lists and regular files, their combinations and links, and nothing that flows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lanes-count-"));
  try {
    const file = join(folder, "values");
    writeFileSync(file, "1\n2\n\n4"); // no newline at the end; an empty line is a value
    const of = (kind: ValueSource["kind"], words: string[], linked = false): ValueSource => ({ kind, words, linked });
    expect(await countAhead([of("file", [file])], "\n")).toBe(4);
    expect(await countAhead([of("file", [file]), of("list", ["a", "b", "c"])], "\n")).toBe(12);
    expect(await countAhead([of("file", [file]), of("list", ["a", "b", "c"], true)], "\n")).toBe(3);
    expect(await countAhead([of("file", [file])], "\0")).toBe(1);
    writeFileSync(file, "");
    expect(await countAhead([of("file", [file])], "\n")).toBe(0);
    const fd = openSync("/dev/null", "r");
    expect(await countAhead([of("file", ["/dev/null"])], "\n")).toBeNull();
    closeSync(fd);
    expect(await countAhead([of("file", [join(folder, "none")])], "\n")).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
