#!/usr/bin/env bun
/**
 * Tortures the lock in a database: contenders that each come by a network of their own, while lanes is killed and stopped past its
 * lease, networks are cut, and the database crashes. Each command writes signs of life with its number.
 *
 *   numbers     no two commands have the same, and whoever began later has the greater one
 *   exclusion   a command's last sign of life is before the first one of the next, unless its lanes had been stopped
 *   goes on     at the end everybody gets the lock once more
 */
import "../tests/support/words.ts";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../src/explore/schedule/random.ts";
import { lanes } from "../tests/support/lanes.ts";
import { Postgres } from "../tests/support/postgres.ts";
import { signalProcess } from "../tests/support/processes/processes.ts";
import { Way } from "./torture/way.ts";

const usage = `Usage: scripts/torture-farm.ts [options]        (needs dist/lanes: npm run build)

  --seconds N      how long (default 30)
  --contenders N   (default 4)
  --seed N         of all random decisions (default: from the clock; printed)

Exit code 0: as it should be. The last line is the summary, as JSON.
`;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    contenders: { type: "string", default: "4" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
    help: { type: "boolean", short: "h", default: false },
  },
});
const [seconds, contenders] = [Number(values.seconds), Number(values.contenders)];
if (values.help || !(seconds > 0) || !(contenders > 1)) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

const LEASE_MS = 5_000;
const dir = mkdtempSync(join(tmpdir(), "torture-farm-"));
const log = join(dir, "log");
const tally = { turns: 0, lost: 0, kills: 0, stops: 0, cuts: 0, crashes: 0 };
/** The pids of the lanes that were stopped once. */
const stopped = new Set<number>();
const next = random(Number(values.seed));
const upTo = (most: number) => Math.floor(next() * most);

/** Lines of `WHAT FENCE PID-OF-LANES NANOSECONDS`: B it begins, A it is alive, E it ends. */
const command = (turns: number) => `
  echo "B $LANES_FENCE $PPID $(date +%s%N)" >>${log}; i=0
  while [ $i -lt ${turns} ]; do echo "A $LANES_FENCE $PPID $(date +%s%N)" >>${log}; sleep 0.02; i=$((i+1)); done
  echo "E $LANES_FENCE $PPID $(date +%s%N)" >>${log}`;

await using server = await Postgres.start();
const database = await server.database();
let over = false;

class Contender {
  child: Bun.Subprocess | undefined;
  /** Something is being done to it. */
  troubled = false;
  readonly way: Way;

  constructor(readonly at: number) {
    this.way = new Way(server, `way${at}`);
  }

  /** One turn of the lock. */
  async turn(length: number): Promise<number> {
    const url = server.url(database, this.way.folder);
    const line = [lanes, "lock", "-q", "--lease", `${LEASE_MS}ms`, "--on", url, "x", "sh", "-c", command(length)];
    this.child = Bun.spawn(line, { stdin: "ignore", stdout: "ignore", stderr: "ignore", cwd: dir });
    const code = await this.child.exited;
    tally.turns += 1;
    if (code === 76) tally.lost += 1;
    return code;
  }

  async run(): Promise<void> {
    while (!over) await this.turn(upTo(200));
  }
}

const all = Array.from({ length: contenders }, (_, at) => new Contender(at));
const begun = performance.now();
const running = all.map((one) => one.run());

async function disturb(one: Contender, kind: number): Promise<void> {
  const pid = one.child?.exitCode === null ? one.child.pid : undefined;
  one.troubled = true;
  if (kind < 0.4 && pid !== undefined) {
    tally.kills += 1;
    signalProcess(pid, "SIGKILL");
  } else if (kind < 0.7 && pid !== undefined) {
    tally.stops += 1;
    stopped.add(pid);
    signalProcess(pid, "SIGSTOP");
    await Bun.sleep(upTo(LEASE_MS * 1.6));
    if (one.child?.pid === pid && one.child.exitCode === null) signalProcess(pid, "SIGCONT");
  } else {
    tally.cuts += 1;
    await one.way.cut(upTo(LEASE_MS * 1.6));
  }
  one.troubled = false;
}

async function crash(): Promise<void> {
  tally.crashes += 1;
  await server.crash();
  await Bun.sleep(upTo(LEASE_MS / 2));
  await server.up();
}

const troubles: Promise<void>[] = [];
while (performance.now() - begun < seconds * 1_000) {
  await Bun.sleep(200 + upTo(800));
  const one = all[upTo(contenders)] as Contender;
  if (next() < 0.08) await crash();
  else if (!one.troubled) troubles.push(disturb(one, next()));
}
await Promise.all(troubles);
over = true;
await Promise.all(running);
const after = await Promise.all(all.map((one) => one.turn(1)));
for (const one of all) one.way[Symbol.dispose]();

interface Run {
  readonly fence: number;
  readonly lanes: number;
  begun: bigint;
  last: bigint;
}
const runs = new Map<string, Run>();
for (const line of existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []) {
  const [, fence = "", pid = "", time = "0"] = line.split(" ");
  const at = BigInt(time);
  const run = runs.get(`${fence}/${pid}`) ?? { fence: Number(fence), lanes: Number(pid), begun: at, last: at };
  if (at > run.last) run.last = at;
  runs.set(`${fence}/${pid}`, run);
}
const inOrder = [...runs.values()].sort((a, b) => (a.begun < b.begun ? -1 : 1));
const violations: string[] = [];
for (const [at, run] of inOrder.entries()) {
  const before = inOrder[at - 1];
  if (before === undefined) continue;
  const excused = stopped.has(before.lanes) || stopped.has(run.lanes);
  if (run.fence === before.fence || (run.fence < before.fence && !excused))
    violations.push(`number ${run.fence} after ${before.fence}`);
  if (!excused && before.last > run.begun)
    violations.push(`${before.fence} lived ${(before.last - run.begun) / 1_000_000n} ms beside ${run.fence}`);
}
if (after.some((code) => code !== 0)) violations.push(`not everybody got it in the end: ${after.join(" ")}`);
rmSync(dir, { recursive: true, force: true });
for (const violation of violations) console.log(violation);
console.log(
  JSON.stringify({ seed: Number(values.seed), seconds, ran: runs.size, ...tally, violations: violations.length }),
);
process.exitCode = violations.length === 0 ? 0 : 1;
