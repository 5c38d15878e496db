/** What a worker decides by itself: how many jobs to take ahead, of which batches, what to tell at once. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { FarmConnection } from "../../../src/farm/connection.ts";
import { Contact } from "../../../src/farm/contact.ts";
import { LateError } from "../../../src/farm/failures.ts";
import { packSpec, packTexts, type Spec, unpackSpec, unpackTexts } from "../../../src/farm/jobs/payload.ts";
import { PART_BYTES } from "../../../src/farm/jobs/worker-statements.ts";
import { aheadFor } from "../../../src/farm/work/ahead.ts";
import { Batches } from "../../../src/farm/work/batches.ts";
import { Completions, type Finished } from "../../../src/farm/work/completions.ts";
import { ownFile } from "../../../src/jobs/output/files.ts";
import { decodeText } from "../../../src/os/bytes/byte-strings.ts";
import { openTempFile } from "../../../src/os/files/tempfile.ts";

const spec: Spec = {
  ...{ kind: "run", command: ["echo"], shell: null, folder: "/", env: {}, timeout: null, maxOutput: 1 },
  ...{ noOverlap: false, keepOrder: false, tag: false },
};
const contact = () => new Contact({ lost: () => {}, back: () => {} });
const database = (query: (text: string, values: readonly unknown[]) => Promise<unknown[]>) =>
  ({ query }) as unknown as FarmConnection;

test("payloads hold any bytes", () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((some) => decodeText(Buffer.from(some)));
  fc.assert(
    fc.property(fc.array(bytes), bytes, (texts, odd) => {
      expect(unpackTexts(packTexts(texts))).toEqual(texts);
      const packed = packSpec({ ...spec, folder: odd, command: texts, env: { A: odd } });
      expect(Buffer.from(packed.toString("utf8")).equals(packed)).toBe(true);
      expect(unpackSpec(packed)).toEqual({ ...spec, folder: odd, command: texts, env: { A: odd } });
    }),
  );
});

test("short jobs are taken ahead, long ones are not; what runs already tells, too", () => {
  expect([aheadFor(undefined, 4, 0), aheadFor(undefined, 4, 2_000)]).toEqual([4, 0]);
  expect([aheadFor(5, 4, 0), aheadFor(5, 64, 0), aheadFor(200, 4, 0)]).toEqual([32, 128, 8]);
  expect([aheadFor(1_001, 4, 0), aheadFor(5, 4, 1_001), aheadFor(5, 4, 400)]).toEqual([0, 0, 4]);
});

test("batches: the oldest first, each from where it has come to; not those that cannot be done here", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lanes-batches-"));
  const rows = [
    { id: 1, name: "a", kind: "run", spec: packSpec(spec) },
    { id: 2, name: "b", kind: "run", spec: packSpec({ ...spec, folder: join(folder, "none") }) },
    { id: 3, name: "c", kind: "map", spec: packSpec(spec) },
    { id: 4, name: "d", kind: "run", spec: packSpec({ ...spec, folder }) },
  ];
  let there = rows;
  const known: unknown[] = [];
  const connection = database(async (_, [ids]) => {
    known.push(ids);
    return there;
  });
  const batches = new Batches({ only: undefined, kinds: ["run"], ownFolder: false });
  await batches.refresh(connection, 0);
  expect(batches.open).toEqual([1, 4]);
  expect(batches.cannot).toEqual({ 2: `no folder ${join(folder, "none")}` });
  expect([batches.low(1, 0), batches.handedOut(1, 7), batches.low(1, 1), batches.low(1, 5_000)]).toEqual([
    0,
    false,
    6,
    0,
  ]);
  expect([batches.handedOut(1, 9), batches.handedOut(1, undefined), batches.low(1, 5_001)]).toEqual([false, true, 0]);
  writeFileSync(join(folder, "none"), "");
  await batches.refresh(connection, 29_000);
  expect(known.at(-1)).toBe("{1,4}");
  there = rows.slice(0, 1).map((row) => ({ ...row, spec: null as never }));
  await batches.refresh(connection, 31_000);
  expect([batches.open, batches.cannot]).toEqual([[1], {}]);
  batches.forget(new Set([4]));
  expect([batches.of(1)?.name, batches.of(4)?.name]).toEqual(["a", "d"]);
  batches.forget(new Set());
  expect(batches.of(4)).toBeUndefined();
  const own = new Batches({ only: 2, kinds: ["run"], ownFolder: true });
  there = rows;
  await own.refresh(connection, 0);
  expect(own.open).toEqual([2]);
  rmSync(folder, { recursive: true });
});

const stored = (bytes: number) => {
  const fd = openTempFile("append");
  writeSync(fd, Buffer.alloc(bytes, 1));
  return { file: ownFile(fd), start: 0, end: bytes };
};
const finished = (worker: number, seq: number, bytes = 0): Finished => ({
  ...{ worker, claimed: { batch: 1, seq, attempt: 1, payload: Buffer.alloc(0), claim: 1 }, failed: false },
  ...{ result: { exit: 0 } as never, out: bytes === 0 ? null : stored(bytes), err: null, endedMs: 0 },
});

test("what has ended is told in groups of one registration, what is large ahead, and again until there is an answer", async () => {
  const told: unknown[] = [];
  let away = 2;
  const connection = database(async (text, values) => {
    if (away-- > 0) throw new LateError(1);
    if (text.includes("output_put")) {
      told.push([values[5], (values[6] as Uint8Array).length]);
      return [{ wanted: true }];
    }
    const rows = JSON.parse(String(values[1])) as { b: number; s: number; out: number }[];
    told.push([values[0], rows.map(({ s }) => s), (values[2] as Uint8Array).length]);
    return rows.map(({ b, s }) => ({ batch: b, seq: s, verdict: s === 2 ? "refused" : "accepted" }));
  });
  const settled: unknown[] = [];
  const completions = new Completions(
    connection,
    contact(),
    ({ claimed }, verdict) => settled.push([claimed.seq, verdict]),
    (error) => expect(error).toBeUndefined(),
  );
  for (const one of [finished(7, 1, 10), finished(7, 2, 5), finished(8, 3), finished(8, 4, PART_BYTES + 1)])
    completions.add(one);
  expect(completions.backlog).toBe(4);
  await completions.told();
  expect(told).toEqual([
    [7, [1, 2], 15],
    [0, PART_BYTES],
    [1, 1],
    [8, [3, 4], 0],
  ]);
  expect(settled).toEqual([
    [1, "accepted"],
    [2, "refused"],
    [3, "accepted"],
    [4, "accepted"],
  ]);
  expect(completions.backlog).toBe(0);
});

test("the first try that ends is told at once, those that end right after it go together", async () => {
  const told: number[][] = [];
  const connection = database(async (_text, values) => {
    told.push((JSON.parse(String(values[1])) as { s: number }[]).map(({ s }) => s));
    return [];
  });
  const completions = new Completions(
    connection,
    contact(),
    () => {},
    (error) => expect(error).toBeUndefined(),
  );
  completions.add(finished(7, 1));
  await completions.told();
  expect(told).toEqual([[1]]);
  for (const seq of [2, 3, 4]) {
    completions.add(finished(7, seq));
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(told).toEqual([[1]]);
  await completions.told();
  expect(told).toEqual([[1], [2, 3, 4]]);
});
