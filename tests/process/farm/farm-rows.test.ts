/** The rows of a farm's map on one machine, by real workers: what becomes of them where there is no room for what they come to. */

import { expect, test } from "bun:test";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MapSpec, packRow } from "../../../src/farm/jobs/payload.ts";
import { MapJobs } from "../../../src/farm/work/map-jobs.ts";
import { contentHash, Modules } from "../../../src/farm/work/modules.ts";
import type { TryOutcome } from "../../../src/farm/work/runner.ts";
import { writeWhole } from "../../../src/jobs/output/files.ts";
import { root } from "../../support/root.ts";

const path = join(root, "tests/fixtures/pool-jobs.ts");
const spec: MapSpec = {
  ...{
    kind: "map",
    module: { path, sha256: contentHash(readFileSync(path)) },
    file: path,
    folder: "/",
    noOverlap: false,
  },
  pool: {
    ...{ exportName: "quick", init: null, input: "lines", output: "jsonl", integers: "fail", timeoutMs: null },
    ...{ retries: null, onError: "report", recycle: null, maxRssBytes: null },
  },
  results: { onError: "report", ordered: true, chunk: null, unit: "item", json: false, itemsAreTexts: false },
};

test("a row that there is no room for is left to others, and so is all else of its batch", async () => {
  let reason: unknown;
  const cannot = (error: unknown) => {
    reason = error;
  };
  const modules = new Modules(async () => undefined);
  const jobs = new MapJobs(spec, { modules, host: "h", folder: undefined, workers: 1, cannot });
  const row = (seq: number) => {
    const payload = packRow({ first: seq, count: 1, lines: Buffer.from(String(seq)) });
    const { promise, resolve } = Promise.withResolvers<TryOutcome>();
    jobs.begin({ batch: 1, seq, attempt: 1, claim: 1, payload }, 1, resolve);
    return promise;
  };
  const folder = process.env.TMPDIR;
  try {
    expect(await row(1)).toMatchObject({ failed: false, result: { exit: 0 } });
    process.env.TMPDIR = "/nowhere/at/all";
    expect(await row(2)).toBeNull();
    expect(String(reason)).toContain("/nowhere/at/all");
  } finally {
    if (folder === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = folder;
    await jobs.close();
    await modules.close();
  }
});

test.skipIf(process.platform !== "linux")("a full disk is called that, with what to do", () => {
  const write = () => writeWhole(openSync("/dev/full", "w"), Buffer.from("x"), "/data");
  expect(write).toThrow("the disk of /data is full");
});
