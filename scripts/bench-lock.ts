#!/usr/bin/env bun
/**
 * The lock beside what one would use instead, in one run on one file system: pairs a second, a contended counter, hand-over,
 * fairness, starting `lanes lock`, many waiters, recovery. Absolute times depend on the machine; read the ratios.
 *
 * Longer than most files: one comparison a function, each read by itself, over the same peers.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sleepsForLock } from "./bench/asleep.ts";
import { command, interleaved, median, report } from "./bench/measure.ts";

const usage = `Usage: scripts/bench-lock.ts [options]        (needs dist/lanes: npm run build; python3 for its rows)

  --dir DIR      a folder on the file system to measure on (default: a temporary one)
  --quick        small counts, to see that it works
  --only NAME    pairs | counter | handover | fairness | start | waiters | recovery
`;
const { values } = parseArgs({
  options: {
    dir: { type: "string", default: tmpdir() },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const here = import.meta.dir;
const lanes = join(here, "..", "dist", "lanes");
const dir = mkdtempSync(join(values.dir, "bench-lock-"));
const file = join(dir, "lock");
const some = (full: number, quick: number) => (values.quick ? quick : full);
const bun = [process.execPath, join(here, "bench", "lock-worker.ts")];
const python = ["python3", join(here, "bench", "lock_worker.py")];
const hasPython = Bun.which("python3") !== null;

/** Runs a worker to its end. @returns what it measured. */
async function result(cmd: readonly string[]): Promise<Record<string, unknown>> {
  const child = Bun.spawn([...cmd], { stdio: ["ignore", "pipe", "inherit"] });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${cmd.join(" ")}: exit code ${child.exitCode}`);
  return text.trim() === "" ? {} : JSON.parse(text);
}

function installPeers(): void {
  const folder = join(here, "peers", "lock");
  if (existsSync(join(folder, "node_modules"))) return;
  Bun.spawnSync(["npm", "ci", "--no-audit", "--no-fund", "--silent"], { cwd: folder, stdio: ["ignore", 2, 2] });
}

async function pairs(): Promise<void> {
  installPeers();
  const kinds = {
    bare: some(20_000, 500),
    lanes: some(20_000, 500),
    "proper-lockfile": some(400, 50),
    "proper-lockfile, sync": some(2000, 50),
    lockfile: some(1000, 50),
    "lockfile, sync": some(4000, 100),
  };
  const rates: Record<string, number[]> = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  for (let round = 0; round < some(5, 1); round++)
    for (const [kind, n] of Object.entries(kinds))
      rates[kind]?.push(Number((await result([...bun, "pairs", kind, join(dir, kind), String(n)])).perSecond));
  const ours = median(rates.lanes ?? []);
  console.log("\nacquire + release, uncontended, pairs a second");
  for (const [kind, rate] of Object.entries(rates))
    console.log(
      `  ${kind.padEnd(22)} ${median(rate).toFixed(0).padStart(7)}   lanes is ${(ours / median(rate)).toFixed(2)}×`,
    );
}

async function counter(): Promise<void> {
  installPeers();
  const procs = 8;
  const works: [string, string[], number][] = [
    ["lanes", [...bun, "rmw", "lanes"], some(2000, 50)],
    ["lockfile", [...bun, "rmw", "lockfile"], some(100, 5)],
    ["proper-lockfile", [...bun, "rmw", "proper-lockfile"], some(50, 5)],
  ];
  if (hasPython) works.push(["flock from Python", [...python, "rmw"], some(2000, 50)]);
  console.log("\n8 processes, a counter in a JSON file under the lock, increments a second");
  for (const [name, cmd, n] of works) {
    const data = join(dir, "data.json");
    writeFileSync(data, '{"count":0}');
    const startMs = Date.now() + 1500; // by then all have been started
    const one = [...cmd, join(dir, name), data, String(n), String(startMs)];
    const ends = await Promise.all(Array.from({ length: procs }, async () => Number((await result(one)).endMs)));
    const ms = Math.max(...ends) - startMs;
    const { count } = JSON.parse(readFileSync(data, "utf8"));
    console.log(
      `  ${name.padEnd(18)} ${((procs * n) / (ms / 1e3)).toFixed(0).padStart(7)}   lost: ${procs * n - count}`,
    );
  }
}

async function handover(): Promise<void> {
  const n = String(some(300, 20));
  console.log("\nrelease in one process until acquired in a sleeping one, µs");
  for (const [name, cmd, kind] of [
    ["lanes, as the command", bun, "blocking"],
    ["lanes, event loop running", bun, "async"],
    ...(hasPython ? ([["flock from Python", python, "-"]] as const) : []),
  ] as const) {
    const one = [...cmd, "handover", kind, join(dir, `hand-${name}`), join(dir, `stamp-${name}`), n];
    const us = (await Promise.all([result(one), result(one)])).flatMap((measured) => measured.us as number[]);
    us.sort((a, b) => a - b);
    const at = (share: number) => (us[Math.floor(us.length * share)] ?? 0).toFixed(0).padStart(6);
    console.log(`  ${name.padEnd(25)} median ${at(0.5)}  p99 ${at(0.99)}  n ${us.length}`);
  }
}

async function fairness(): Promise<void> {
  const without = join(dir, "without-turnstile");
  await buildWithoutTurnstile(without);
  console.log("\n8 hammering processes, fairness");
  for (const [name, cmd] of [
    ["with the turnstile", bun],
    ["without", [without]],
  ] as const) {
    const one = [...cmd, "hammer", join(dir, name), String(Date.now() + 1500), String(some(5000, 500))];
    const all = await Promise.all(Array.from({ length: 8 }, () => result(one)));
    const turns = all.map((measured) => Number(measured.turns));
    const worst = Math.max(...all.map((measured) => Number(measured.worstMs)));
    const [low, high] = [Math.min(...turns), Math.max(...turns)];
    console.log(
      `  ${name.padEnd(18)} turns ${low} … ${high}, min/max ${(low / high).toFixed(2)}, worst wait ${worst.toFixed(0)} ms`,
    );
  }
}

/** The same program but for one thing: nobody finds a turnstile. */
async function buildWithoutTurnstile(outfile: string): Promise<void> {
  const built = await Bun.build({
    entrypoints: [join(here, "bench", "lock-worker.ts"), join(here, "..", "src", "lock", "wait", "thread.ts")],
    root: join(here, "..", "src"),
    format: "esm",
    splitting: true,
    plugins: [
      {
        name: "no-turnstile",
        setup(build) {
          build.onLoad({ filter: /src\/lock\/turnstile\.ts$/ }, async ({ path }) => {
            const found = "function locate(path: string): string | undefined {";
            const contents = await Bun.file(path).text();
            if (!contents.includes(found)) throw new Error(`${path} no longer contains: ${found}`);
            return { contents: contents.replace(found, `${found} if (path !== "") return undefined;`), loader: "ts" };
          });
        },
      },
    ],
    compile: { outfile },
  });
  if (!built.success) throw new Error(built.logs.map(String).join("\n"));
}

async function start(): Promise<void> {
  const source = join(dir, "empty.ts");
  writeFileSync(source, "");
  const empty = join(dir, "empty");
  const built = await Bun.build({ entrypoints: [source], format: "esm", bytecode: true, compile: { outfile: empty } });
  if (!built.success) throw new Error("cannot build an empty program");
  const both = async () => {
    await command(empty)();
    await command("true")();
  };
  const works: Record<string, () => Promise<void>> = {
    "empty program + true": both,
    "lanes lock F -- true": command(lanes, "lock", file, "--", "true"),
  };
  if (Bun.which("flock")) works["flock F true"] = command("flock", join(dir, "flock"), "true");
  report("starting a command under a lock", await interleaved(some(200, 10), works));
}

async function waiters(): Promise<void> {
  const n = some(500, 20);
  const log = join(dir, "order");
  writeFileSync(log, "");
  const holder = Bun.spawn([lanes, "lock", file, "--", "cat"], { stdio: ["pipe", "ignore", "inherit"] });
  while (!existsSync(file)) await Bun.sleep(5);
  const all: Bun.Subprocess[] = [];
  for (let number = 0; number < n; number++) {
    const child = Bun.spawn([lanes, "lock", "--verbose", file, "--", "sh", "-c", `echo ${number} >> ${log}`], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    all.push(child);
    while (!sleepsForLock(child.pid)) await Bun.sleep(1);
  }
  await Bun.sleep(some(5000, 500)); // the last ones are still settling
  const before = cpuMs(all);
  const seconds = some(20, 2);
  await Bun.sleep(seconds * 1e3);
  const waiting = (cpuMs(all) - before) / 1e3 / seconds;
  const released = performance.now();
  holder.stdin.end();
  await Promise.all(all.map(({ exited }) => exited));
  const order = readFileSync(log, "utf8").trim().split("\n").map(Number);
  const inversions = order.filter((number, index) => index > 0 && number < (order[index - 1] ?? 0)).length;
  console.log(`\n${n} waiters on one lock`);
  console.log(
    `  CPU while waiting ${(waiting * 100).toFixed(2)} % of one core; served ${order.length}, out of order ${inversions}, all within ${(performance.now() - released).toFixed(0)} ms`,
  );
}

/** The owner record in a lock file; undefined while there is none, or half of one. */
function ownerOf(path: string): { pid?: number; child?: number | null } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8").split("\n")[0] ?? "");
  } catch {
    return undefined;
  }
}

/** Time on a processor, of all threads: /proc/PID/task/TID/schedstat, which counts ns where stat counts hundredths of a second. */
function cpuMs(processes: readonly Bun.Subprocess[]): number {
  const ofThread = (path: string) => {
    try {
      return Number(readFileSync(path, "latin1").split(" ")[0]) / 1e6;
    } catch {
      return 0; // a thread that has ended meanwhile
    }
  };
  return processes
    .flatMap(({ pid }) => readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`))
    .reduce((sum, path) => sum + ofThread(path), 0);
}

async function recovery(): Promise<void> {
  console.log("\nkill -9 of the holder until the next has the lock, ms");
  const holds = (seconds: string) => [...python, "hold", file, seconds];
  const ours = { holder: [lanes, "lock", "-o", file, "--", "sleep", "60"], next: [lanes, "lock", file, "--", "true"] };
  const works: [string, readonly string[], readonly string[]][] = [["lanes", ours.holder, ours.next]];
  if (hasPython) {
    // What of it is the kernel's: ending a process of this size, and a small one.
    works.push(["lanes, next: Python's flock", ours.holder, holds("0")]);
    works.push(["flock from Python", holds("60"), holds("0")]);
  }
  for (const [name, holder, next] of works) {
    const ms: number[] = [];
    for (let round = 0; round < some(50, 5); round++) ms.push(await recoveryOnce(holder, next));
    console.log(
      `  ${name.padEnd(28)} median ${median(ms).toFixed(2)}  worst ${Math.max(...ms).toFixed(2)}  n ${ms.length}`,
    );
  }
}

async function recoveryOnce(holderCommand: readonly string[], nextCommand: readonly string[]): Promise<number> {
  rmSync(file, { force: true });
  const holder = Bun.spawn([...holderCommand], { stdio: ["ignore", "ignore", "inherit"] });
  while (typeof ownerOf(file)?.child !== "number") await Bun.sleep(1);
  const next = Bun.spawn([...nextCommand], { stdio: ["ignore", "ignore", "inherit"] });
  while (!sleepsForLock(next.pid)) await Bun.sleep(1);
  const { child } = ownerOf(file) ?? {};
  const killed = performance.now();
  holder.kill("SIGKILL");
  while (ownerOf(file)?.pid !== next.pid && next.exitCode === null) await Bun.sleep(0);
  const ms = performance.now() - killed;
  await next.exited;
  if (typeof child === "number" && child > 0) process.kill(child, "SIGKILL");
  return ms;
}

const works: Record<string, () => Promise<void>> = { pairs, counter, handover, fairness, start, waiters, recovery };
try {
  mkdirSync(dir, { recursive: true });
  for (const [name, work] of Object.entries(works)) if (values.only === undefined || values.only === name) await work();
} finally {
  rmSync(dir, { recursive: true, force: true });
}
