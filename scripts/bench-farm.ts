#!/usr/bin/env bun
/**
 * Jobs through the database alone (nothing is executed): how many a second by three workers, beside pg-boss, and whether it stays so.
 * The lock in a database, on this machine: pairs of acquire and release a second, how long it takes from one to the next, starting
 * `lanes lock --on` beside `lanes lock FILE`. And `lanes run` and `lanes map` on a farm of this machine beside the same without. The database has its files in TMPDIR; absolute times depend on the machine and its disk.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { farmAddress } from "../src/farm/address.ts";
import { FarmConnection } from "../src/farm/connection.ts";
import { Contact } from "../src/farm/contact.ts";
import { acquire } from "../src/farm/lock/acquire.ts";
import { freeLock, type LeaseClaim } from "../src/farm/lock/statements.ts";
import { prepare } from "../src/farm/schema.ts";
import { Postgres } from "../tests/support/postgres.ts";
import { endToEnd } from "./bench/farm-end-to-end.ts";
import { AT_ONCE, protocol } from "./bench/farm-protocol.ts";
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
const SLOTS = 4;
const typical = (rates: readonly number[]) => median([...rates]).toFixed(0);
const some = (full: number, quick: number) => (values.quick ? quick : full);

await using server = await Postgres.start();
const url = server.url(await server.database());
const { address } = farmAddress(url);
await prepare(new FarmConnection(address));
const owner = { host: "bench", pid: process.pid, user: "bench", command: [] };
const waiter = { waitMs: undefined, signal: new AbortController().signal, onWait: () => {} };

/** Takes turns, of so many ms each, until so many have been taken; notes when it got each, and when it began to let go, ms. */
async function turns(name: string, count: number, workMs: number, note: (got: number, left: number) => void) {
  const connection = new FarmConnection(address);
  for (let turn = 0; turn < count; turn++) {
    const claim: LeaseClaim = { name, slots: 0, holder: crypto.randomUUID(), owner, leaseMs: 30_000 };
    const got = await acquire(connection, claim, waiter, new Contact({ lost: () => {}, back: () => {} }));
    if (!("fence" in got)) throw new Error("not acquired");
    const gotMs = performance.now();
    if (workMs > 0) await Bun.sleep(workMs);
    note(gotMs, performance.now());
    await freeLock(connection, { name, holder: claim.holder, slot: got.slot }, 10_000);
  }
  connection.close();
}

const alone = some(2_000, 200);
await turns("warm", 20, 0, () => {});
const began = performance.now();
await turns("alone", alone, 0, () => {});
const pairs = (alone / (performance.now() - began)) * 1e3;

/** From when one begins to let go until the other one has it, who has waited for long enough to be listening. */
const WORK_MS = 100;
const held: { got: number; left: number }[] = [];
await Promise.all([1, 2].map(() => turns("two", some(200, 20), WORK_MS, (got, left) => held.push({ got, left }))));
held.sort((a, b) => a.got - b.got);
const handovers = held.slice(1).map(({ got }, at) => got - (held[at]?.left ?? 0));

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
const rates = await besideBoss(some(5, 1), some(20_000, 2_000));
console.log(
  `no-ops, 3 workers            ${typical(rates.ours)} a second; pg-boss ${typical(rates.boss)}, with as many at once as it has slots ${typical(rates.slots)}`,
);
console.log(`alone                        ${pairs.toFixed(0)} pairs/s`);
console.log(
  `hand-over between two        ${median(handovers).toFixed(1)} ms (median; the slowest ${Math.max(...handovers).toFixed(0)} ms)`,
);
console.log(`lanes lock --on … true       ${median(started.farm).toFixed(0)} ms (median)`);
console.log(`lanes lock FILE true         ${median(started.file).toFixed(0)} ms (median)`);
await endToEnd({
  url,
  rounds: some(5, 1),
  jobs: some(2_000, 200),
  items: some(10_000, 1_000),
  trifles: some(500_000, 10_000),
});
process.exit(0);

/**
 * The same number of no-ops by ours and by pg-boss, in turns, jobs a second: with as many at once as ours takes where they are short, and
 * with as many as three workers of four slots run.
 */
async function besideBoss(rounds: number, jobs: number) {
  const folder = join(import.meta.dir, "peers", "farm");
  if (!existsSync(join(folder, "node_modules")))
    Bun.spawnSync(["npm", "ci", "--no-audit", "--no-fund", "--silent"], { cwd: folder, stdio: ["ignore", 2, 2] });
  const of = { ours: [] as number[], boss: [] as number[], slots: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    of.ours.push((await protocol(address, jobs, 3)).rate);
    for (const [rates, atOnce] of [
      [of.boss, AT_ONCE],
      [of.slots, SLOTS],
    ] as const) {
      const words = [join(folder, "boss.mjs"), url, jobs, 3, atOnce].map(String);
      const boss = Bun.spawnSync([process.execPath, ...words], { stderr: "inherit" });
      if (boss.exitCode !== 0) throw new Error("pg-boss");
      rates.push(Number(boss.stdout.toString()));
    }
  }
  return of;
}
