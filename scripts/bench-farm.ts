#!/usr/bin/env bun
/**
 * Jobs through the database alone (nothing is executed): how many a second by three workers, and whether it stays so. And the lock in a
 * database, on this machine: pairs of acquire and release a second, how long it takes from one to the next, starting
 * `lanes lock --on` beside `lanes lock FILE`. The database has its files in TMPDIR; absolute times depend on the machine and its disk.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { farmAddress } from "../src/farm/address.ts";
import { Connection } from "../src/farm/connection.ts";
import { Contact } from "../src/farm/contact.ts";
import { acquire } from "../src/farm/lock/acquire.ts";
import { type Claim, freeLock } from "../src/farm/lock/statements.ts";
import { prepare } from "../src/farm/schema.ts";
import { Postgres } from "../tests/support/postgres.ts";
import { protocol } from "./bench/farm-protocol.ts";
import { median } from "./bench/measure.ts";

const usage = `Usage: scripts/bench-farm.ts [--quick]        (needs dist/lanes: npm run build)
`;
const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const some = (full: number, quick: number) => (values.quick ? quick : full);

await using server = await Postgres.start();
const url = server.url(await server.database());
const { address } = farmAddress(url);
await prepare(new Connection(address));
const owner = { host: "bench", pid: process.pid, user: "bench", command: [] };
const waiter = { waitMs: undefined, signal: new AbortController().signal, onWait: () => {} };

/** Takes turns until so many have been taken; notes when each began and ended, ms. */
async function turns(name: string, count: number, note: (got: number, freed: number) => void): Promise<void> {
  const connection = new Connection(address);
  for (let turn = 0; turn < count; turn++) {
    const claim: Claim = { name, slots: 0, holder: crypto.randomUUID(), owner, leaseMs: 30_000 };
    const got = await acquire(connection, claim, waiter, new Contact({ lost: () => {}, back: () => {} }));
    if (!("fence" in got)) throw new Error("not acquired");
    const at = performance.now();
    await freeLock(connection, { name, holder: claim.holder, slot: got.slot }, 10_000);
    note(at, performance.now());
  }
  connection.close();
}

const alone = some(2_000, 200);
await turns("warm", 20, () => {});
const began = performance.now();
await turns("alone", alone, () => {});
const pairs = (alone / (performance.now() - began)) * 1e3;

const held: { got: number; freed: number }[] = [];
await Promise.all([1, 2].map(() => turns("two", some(500, 50), (got, freed) => held.push({ got, freed }))));
held.sort((a, b) => a.got - b.got);
const handovers = held.slice(1).map(({ got }, at) => Math.max(0, got - (held[at]?.got ?? 0)));

const lanes = join(import.meta.dir, "..", "dist", "lanes");
const dir = mkdtempSync(join(tmpdir(), "bench-farm-"));
const started = { farm: [] as number[], file: [] as number[] };
for (let round = 0; round < some(20, 5); round++) {
  for (const [where, words] of [
    ["farm", ["--on", url, "start"]],
    ["file", [join(dir, "lock")]],
  ] as const) {
    const from = performance.now();
    if (Bun.spawnSync([lanes, "lock", ...words, "true"]).exitCode !== 0) throw new Error(`lanes lock, ${where}`);
    started[where].push(performance.now() - from);
  }
}
rmSync(dir, { recursive: true });
const { rate, quarters } = await protocol(address, some(200_000, 10_000), 3);
console.log(
  `jobs, 3 workers              ${rate.toFixed(0)} a second; by quarters: ${quarters.map((n) => n.toFixed(0)).join(", ")}`,
);
console.log(`alone                        ${pairs.toFixed(0)} pairs/s`);
console.log(`hand-over between two        ${median(handovers).toFixed(1)} ms (median, acquisition to acquisition)`);
console.log(`lanes lock --on … true       ${median(started.farm).toFixed(0)} ms (median)`);
console.log(`lanes lock FILE true         ${median(started.file).toFixed(0)} ms (median)`);
process.exit(0);
