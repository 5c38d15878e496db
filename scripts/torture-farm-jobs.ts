#!/usr/bin/env bun
/**
 * Tortures the jobs of a farm: workers and submitters that each come by a network of their own, while workers are killed and stopped past
 * their lease, submitters are killed (others go on for them), networks are cut, and the database crashes.
 *
 *   batches       each comes out as if nothing had happened (farm-batch.ts)
 *   begun once    a job begins again only after its machine was killed, stopped or cut off; never because the database was away
 *   goes on       every batch comes to its end, and nobody gives up
 *   leaves nothing  no process, no row, no temporary file
 *
 * Longer than most files: it is one campaign, and what is done to whom is read together with what has to hold then.
 */
import "../tests/support/words.ts";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../src/explore/schedule/random.ts";
import { farmAddress } from "../src/farm/address.ts";
import { FarmConnection } from "../src/farm/connection.ts";
import { prepare } from "../src/farm/schema.ts";
import { bootMs } from "../src/os/boot-clock.ts";
import { lanes } from "../tests/support/lanes.ts";
import { Postgres } from "../tests/support/postgres.ts";
import { marked, signalProcess } from "../tests/support/processes/processes.ts";
import { until } from "../tests/support/wait.ts";
import { type BatchPlan, faultsOf, joblogOf, type Piece, submitter } from "./torture/farm-batch.ts";
import { failing, Reference, writeJob } from "./torture/farm-jobs.ts";
import { acceptedOf, givenUp, leftovers, type Mutant, mutants, stateOf, witness } from "./torture/farm-witness.ts";
import { Way } from "./torture/way.ts";

const usage = `Usage: scripts/torture-farm-jobs.ts [options]        (bun scripts/build.ts first)

  --seconds N    how long new trouble is made (default 60); it ends with its first violation
  --workers N    (default 4)
  --jobs N       at most so many in a batch (default 300)
  --seed N       of all random decisions (default: from the clock; printed)
  --patience N   s that a batch may go without an end (default 240)
  --mutant NAME  ${mutants.join(" | ")}: exit code 0 if it was found out

Exit code 0: as it should be. The last line is the summary, as JSON.
`;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    workers: { type: "string", default: "4" },
    jobs: { type: "string", default: "300" },
    seed: { type: "string", default: String(Date.now() % 1e9) },
    patience: { type: "string", default: "240" },
    mutant: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const [seconds, workers, most, patience] = [values.seconds, values.workers, values.jobs, values.patience].map(Number);
const mutant = mutants.find((name) => name === values.mutant);
const sensible = [seconds, workers, most, patience].every((n) => (n ?? 0) > 0) && mutant === (values.mutant as Mutant);
if (values.help || !sensible) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

const LEASE_MS = 5_000;
const dir = mkdtempSync(join(tmpdir(), "torture-farm-"));
const log = join(dir, "begun");
const job = join(dir, "job");
writeFileSync(log, "");
writeJob(job, log);
const MARK = `LANES_TEST_MARK=${dir}`;
const tally = {
  ...{ batches: 0, jobs: 0, kills: 0, stops: 0, cuts: 0, crashes: 0, submittersKilled: 0 },
  /** Commands that found no farm; jobs that were begun again, that somebody began too late, whose machine was lost three times. */
  ...{ refused: 0, again: 0, late: 0, lost: 0 },
};
const violations: string[] = [];
/** Who was killed, stopped or cut off: a worker's name; a batch, for the jobs its submitter does himself. */
const disturbed = new Set<string>();
/** Workers that were stopped. */
const stopped = new Set<string>();
const next = random(Number(values.seed));
const upTo = (n: number) => Math.floor(next() * n);
let began = performance.now();
const inTrouble = () => performance.now() - began < (seconds ?? 0) * 1_000 && violations.length === 0;
const inPatience = () => performance.now() - began < ((seconds ?? 0) + (patience ?? 0)) * 1_000;
const reference = new Reference(lanes, job, most ?? 0);
await using server = await Postgres.start();
const database = await server.database();
{
  const connection = new FarmConnection(farmAddress(server.url(database)).address);
  await prepare(connection);
  connection.close();
}
await witness(server, database, mutant);
began = performance.now();

/** The database is away now and then: then later. */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!inPatience()) throw error;
      await Bun.sleep(100);
    }
  }
}

/** A folder of its own, with one for temporary files in it, and its environment. */
function home(name: string) {
  const folder = join(dir, name);
  const tmp = join(folder, "tmp");
  mkdirSync(tmp, { recursive: true });
  return { folder, env: { PATH: "/usr/bin:/bin", HOME: folder, TMPDIR: tmp, LANES_TEST_MARK: dir } };
}

/** `lanes work`, again and again. */
class Worker {
  child: Bun.Subprocess | undefined;
  name = "";
  /** Something is being done to it. */
  troubled = false;
  readonly way: Way;
  readonly #home;
  #life = 0;
  #over = false;

  constructor(readonly at: number) {
    this.way = new Way(server, `worker${at}`);
    this.#home = home(`worker${at}`);
    this.start();
  }

  start(): void {
    this.name = `w${this.at}-${++this.#life}`;
    const own = this.at % 2 === 0 ? ["--wd", this.#home.folder] : [];
    const line = [lanes, "work", server.url(database, this.way.folder), "-j", "3", "--lease", `${LEASE_MS}ms`, ...own];
    const { folder: cwd, env } = this.#home;
    const child = Bun.spawn([...line, "--name", this.name], {
      ...{ cwd, env, stdin: "ignore", stdout: "ignore" },
      stderr: Bun.file(join(cwd, "stderr")),
    });
    this.child = child;
    void child.exited.then(async (code) => {
      if (child.signalCode === "SIGKILL" || code === 0 || this.#over) return;
      if (code !== 2) violations.push(`worker ${this.name} ended with ${code}`);
      // There was no farm to be had: somebody starts it again.
      await Bun.sleep(500);
      if (this.child === child && !this.#over) this.start();
    });
  }

  async kill(): Promise<void> {
    tally.kills += 1;
    disturbed.add(this.name);
    this.child?.kill("SIGKILL");
    await this.child?.exited;
    await Bun.sleep(upTo(1_000));
    this.start();
  }

  async stop(ms: number): Promise<void> {
    const pid = this.child?.pid ?? 0;
    tally.stops += 1;
    disturbed.add(this.name);
    stopped.add(this.name);
    signalProcess(pid, "SIGSTOP");
    await Bun.sleep(ms);
    signalProcess(pid, "SIGCONT");
  }

  async cut(ms: number): Promise<void> {
    tally.cuts += 1;
    disturbed.add(this.name);
    await this.way.cut(ms);
  }

  async end(): Promise<void> {
    this.#over = true;
    this.child?.kill("SIGTERM");
    await this.child?.exited;
    this.way[Symbol.dispose]();
  }
}

/** One batch after the other. */
class Submitter {
  readonly #way: Way;
  readonly #home;
  #batches = 0;

  constructor(readonly at: number) {
    this.#way = new Way(server, `submitter${at}`);
    this.#home = home(`submitter${at}`);
  }

  async run(): Promise<void> {
    do await this.#batch();
    while (inTrouble());
    this.#way[Symbol.dispose]();
  }

  async #batch(): Promise<void> {
    let plan: BatchPlan = {
      name: `b${this.at}-${++this.#batches}`,
      jobs: 1 + upTo(most ?? 1),
      keepOrder: next() < 0.5,
      retries: next() < 0.3 ? 2 : 1,
      works: next() < 0.4,
    };
    const joblog = join(this.#home.folder, `${plan.name}.log`);
    const url = server.url(database, this.#way.folder);
    const options = ["-q", "--on", url, "--lease", `${LEASE_MS}ms`, "-j", "2", "--retries", String(plan.retries)];
    if (plan.keepOrder) options.push("-k");
    if (!plan.works) options.push("--no-work");
    const input = Array.from({ length: plan.jobs }, (_, at) => String(at + 1));
    const run = (name: string, ...more: string[]) =>
      [lanes, "run", ...options, ...more, "--joblog", joblog, "--name", name, job, ":::", ...input] as const;
    const pieces: Piece[] = [];
    const kills = next() < 0.5 ? 1 + upTo(2) : 0;
    const way = next();
    if (next() < 0.2) void this.#cut(plan.name);
    pieces.push(await this.#piece(plan, run(plan.name), kills > 0));
    while (pieces.at(-1)?.torn && violations.length === 0) {
      const again = pieces.length < kills;
      if (way < 0.3) {
        // Away with what is left; another run does what the joblog does not have.
        const done = new Set(joblogOf(joblog).map(({ n }) => n));
        await this.#command("batch", url, `${plan.name}${"+".repeat(pieces.length - 1)}`, "--remove");
        const name = `${plan.name}${"+".repeat(pieces.length)}`;
        pieces.push({ ...(await this.#piece(plan, run(name, "--resume"), again)), resumed: done });
      } else {
        const jobs = await this.#takeOver(plan.name);
        if (jobs === "removed") break;
        if (jobs === "not opened") {
          pieces.splice(0, pieces.length, await this.#piece(plan, run(plan.name), again));
          continue;
        }
        plan = { ...plan, jobs };
        const attach = [lanes, "batch", url, plan.name, "--attach", "-q", "--joblog", joblog];
        pieces.push(await this.#piece(plan, attach, again));
      }
    }
    if (violations.length > 0) return;
    const accepted = await ask(() => acceptedOf(server, database, plan.name));
    violations.push(...faultsOf(plan, pieces, { accepted, joblog, reference }));
    tally.batches += 1;
    tally.jobs += plan.jobs;
    tally.lost += accepted.filter(({ lost }) => lost).length;
  }

  /** What one submitter passes on until it ends, or is killed. */
  async #piece(plan: BatchPlan, line: readonly string[], kill: boolean): Promise<Piece> {
    const { folder, env } = this.#home;
    const { child, read } = submitter(line, folder, plan.name, env);
    const limit = setTimeout(
      async () => {
        const state = await stateOf(server, database).catch(String);
        violations.push(`${plan.name} has come to no end in ${patience} s: ${line.slice(1, 3).join(" ")}; ${state}`);
        child.kill("SIGKILL");
      },
      (patience ?? 0) * 1_000,
    );
    const killing = kill
      ? setTimeout(() => {
          disturbed.add(plan.name);
          tally.submittersKilled += child.kill("SIGKILL") === undefined && child.exitCode === null ? 1 : 0;
        }, 200 + upTo(5_000))
      : undefined;
    const code = await child.exited;
    clearTimeout(limit);
    clearTimeout(killing);
    const torn = child.signalCode === "SIGKILL";
    const said = read()
      .err.split("\n")
      .filter((text) => !text.startsWith("err "));
    if (code === 2 && read().out === "" && inPatience()) {
      // There was no farm to be had, or its submitter counts as there: nothing was begun.
      tally.refused += 1;
      await Bun.sleep(500);
      return this.#piece(plan, line, kill);
    }
    if (!torn && code !== 0 && !(code === 1 && plan.jobs >= 17))
      violations.push(`${plan.name}: ${line.slice(1, 3).join(" ")} ended with ${code}: ${said.join("\n")}`);
    return { ...read(), torn, resumed: null };
  }

  /**
   * A submitter that was killed counts as there for half a minute; mostly we do not wait for that.
   * @returns how many jobs the batch has, taken or not.
   */
  async #takeOver(batch: string): Promise<number | "removed" | "not opened"> {
    if (next() < 0.8) {
      await ask(() => server.ask(database, `update lanes.batch set seen = lanes.clock() where name = '${batch}'`));
    }
    const question = `select x.id is null as removed, x.seen <= lanes.clock() as gone,
      (x.taken_ok + x.taken_failed + (select count(*) from lanes.job j where j.batch = x.id))::int as jobs
      from public.batches p left join lanes.batch x on x.id = p.id where p.name = '${batch}'`;
    for (;;) {
      const [row] = await ask(() => server.ask<{ removed: boolean; gone: boolean; jobs: number }>(database, question));
      if (row === undefined) return "not opened";
      if (row.removed) return "removed";
      if (row.gone) return row.jobs;
      await Bun.sleep(100);
    }
  }

  async #command(...words: string[]): Promise<void> {
    const { folder: cwd, env } = this.#home;
    for (let tries = 0; ; tries += 1) {
      const child = Bun.spawn([lanes, ...words, "-q"], { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
      const said = await new Response(child.stderr).text();
      if ((await child.exited) === 0 || said.includes("there is no batch")) return;
      if (tries > 60) throw new Error(`lanes ${words.join(" ")}: ${said}`);
      await Bun.sleep(500);
    }
  }

  async #cut(batch: string): Promise<void> {
    await Bun.sleep(upTo(3_000));
    tally.cuts += 1;
    disturbed.add(batch);
    await this.#way.cut(upTo(LEASE_MS * 1.6));
  }
}

/** The troubles there are, how often each, and when: a mutant is found out by those it cannot bear. `ms`: how long what passes lasts. */
const troubles = {
  ...{ kill: 0.5, stop: 0.22, cut: 0.22, crash: 0.06, pauseMs: 300, moreMs: 1_200 },
  ms: () => upTo(LEASE_MS * 1.6),
  // Longer than a lease as well: nobody may be given up for it.
  crashMs: () => upTo(LEASE_MS * 1.6),
};
const none = { kill: 0, stop: 0, cut: 0, crash: 0 };
const longer = () => LEASE_MS * 1.2 + upTo(LEASE_MS / 2);
if (mutant === "any-try") Object.assign(troubles, { ...none, stop: 1, ms: longer });
if (mutant === "again") Object.assign(troubles, { ...none, cut: 1, ms: () => 100 });
if (mutant === "impatient") Object.assign(troubles, { ...none, crash: 1, crashMs: longer, pauseMs: 3_000 });

async function crash(): Promise<void> {
  tally.crashes += 1;
  await server.crash();
  await Bun.sleep(troubles.crashMs());
  await server.up();
}

async function disturb(one: Worker, kind: number): Promise<void> {
  one.troubled = true;
  if (kind < troubles.kill) await one.kill();
  else if (kind < troubles.kill + troubles.stop) await one.stop(troubles.ms());
  else await one.cut(troubles.ms());
  one.troubled = false;
}

/** When this script itself got no time for so long that a worker may have got none either: by the machine's uptime, s. */
const starved: number[] = [];
const uptime = () => bootMs() / 1e3;
let looked = uptime();
const looking = setInterval(() => {
  const now = uptime();
  if (now - looked > LEASE_MS / 5e3) starved.push(now);
  looked = now;
}, 50);

const all = Array.from({ length: workers ?? 1 }, (_, at) => new Worker(at + 1));
const submitters = [1, 2].map((at) => new Submitter(at).run());
const made: Promise<void>[] = [];
while (inTrouble()) {
  await Bun.sleep(troubles.pauseMs + upTo(troubles.moreMs));
  const one = all[upTo(all.length)] as Worker;
  const kind = next();
  if (kind >= 1 - troubles.crash) await crash();
  else if (!one.troubled) made.push(disturb(one, kind));
}
await Promise.all(made);
await Promise.all(submitters);
await Promise.all(all.map((one) => one.end()));
clearInterval(looking);

// Begun again: only what was begun by somebody who was disturbed.
const begun = new Map<string, { attempt: number; host: string }>();
for (const line of readFileSync(log, "utf8").split("\n").filter(Boolean)) {
  const [batch = "", n = "", attempt = "", host = "", up = ""] = line.split(" ");
  const before = begun.get(`${batch} ${n}`);
  begun.set(`${batch} ${n}`, { attempt: Number(attempt), host });
  if (before === undefined) continue;
  tally.again += 1;
  const who = before.host === hostname() ? batch.replace(/\++$/, "") : before.host;
  const excused = starved.some((at) => at > Number(up) - LEASE_MS / 333 && at < Number(up));
  if (!disturbed.has(who) && !failing(Number(n)) && !excused)
    violations.push(`job ${n} of ${batch} was begun by ${before.host}, and again by ${host} (try ${attempt})`);
  // Who was stopped between looking at the clock and beginning it does not know that it is another's by now.
  if (before.attempt >= Number(attempt) && !stopped.has(host))
    violations.push(`job ${n} of ${batch}: try ${attempt} on ${host} after ${before.attempt} on ${before.host}`);
  else if (before.attempt >= Number(attempt)) tally.late += 1;
}
for (const { host, at } of await ask(() => givenUp(server, database))) {
  const excused = starved.some((when) => when > at - LEASE_MS / 333 && when < at);
  if (host !== hostname() && !disturbed.has(host) && !excused)
    violations.push(`${host} was given up, and nothing had been done to it`);
}
const left = await ask(() => leftovers(server, database));
if (violations.length === 0) {
  if (Object.keys(left).length > 0) violations.push(`left in the tables: ${JSON.stringify(left)}`);
  await until("every process to end", () => marked(MARK).length === 0).catch((error) => violations.push(String(error)));
  for (const name of readdirSync(dir)) {
    const tmp = join(dir, name, "tmp");
    const files = existsSync(tmp) ? readdirSync(tmp).filter((file) => !/^lanes-\d+$/.test(file)) : [];
    if (files.length > 0) violations.push(`left in the temporary folder of ${name}: ${files.join(" ")}`);
  }
}
for (const pid of marked(MARK)) signalProcess(pid, "SIGKILL");
if (process.env.TORTURE_KEEP === undefined) rmSync(dir, { recursive: true, force: true });
else console.log(dir);
for (const violation of violations.slice(0, 20)) console.log(violation);
const found = violations.length > 0;
console.log(
  JSON.stringify({
    seed: Number(values.seed),
    seconds,
    mutant,
    ...tally,
    starved: starved.length,
    violations: violations.length,
  }),
);
process.exitCode = found === (mutant !== undefined) ? 0 : 1;
