#!/usr/bin/env bun
/**
 * `lanes map` beside Python's pools, piscina, tinypool and workerpool: `scripts/bench-map.ts [--items N] [--rounds N] [--only PART]`.
 * Two workers each; every peer reads the same lines and prints the same lines; rounds are interleaved, so that all meet the
 * same machine. Peers far slower than lanes get a share of the items; compared is items a second.
 *
 * Longer than most files: one comparison a function, each read by itself, over the same peers.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { interleaved, median, report, type Sample } from "./bench/measure.ts";

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
const parts = ["trivial", "efficiency", "skew", "large", "first", "memory"] as const;
if (values.help) {
  console.log(
    `Usage: scripts/bench-map.ts [--items N] [--rounds N] [--only ${parts.join("|")}]   (needs dist/lanes; node and python3 if they are there)`,
  );
  process.exit(0);
}
const items = Number(values.items);
const rounds = Number(values.rounds);
const root = join(import.meta.dir, "..");
const lanes = join(root, "dist", "lanes");
const work = join(import.meta.dir, "bench", "map", "work.ts");
const peers = join(import.meta.dir, "peers", "map");
const dir = mkdtempSync(join(tmpdir(), "lanes-bench-"));

function put(name: string, lines: Iterable<string | number>): string {
  const path = join(dir, name);
  writeFileSync(path, `${[...lines].join("\n")}\n`);
  return path;
}

/** A program that reads a file and prints lines; its output is read and counted, as a pipe's reader would. */
function filter(cmd: string[], input: string, expected: number): () => Promise<void> {
  return async () => {
    const child = Bun.spawn(cmd, { stdin: Bun.file(input), stdout: "pipe", stderr: "inherit", cwd: peers });
    let lines = 0;
    for await (const bytes of child.stdout) {
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
    }
    const code = await child.exited;
    if (code !== 0 || lines !== expected) throw new Error(`${cmd.join(" ")}: exit code ${code}, ${lines} lines`);
  };
}

const map = (...args: string[]) => [lanes, "map", "-q", "-j2", ...args];

/** Items a second, and how many times slower than lanes. */
function rates(
  title: string,
  samples: readonly Sample[],
  counts: Readonly<Record<string, number>>,
  unit = "items/s",
): void {
  const rate = ({ name, ms }: Sample) => ((counts[name] ?? 0) / median(ms)) * 1e3;
  const [base] = samples;
  console.log(`\n${title}`);
  for (const sample of samples) {
    const ratio = base === undefined ? 1 : rate(base) / rate(sample);
    const text = rate(sample) > 1e4 ? rate(sample).toFixed(0) : rate(sample).toFixed(1);
    console.log(
      `  ${sample.name.padEnd(34)} ${text.padStart(12)} ${unit}   lanes is ${ratio.toFixed(2)}×   n ${sample.ms.length}`,
    );
  }
}

async function trivial(): Promise<void> {
  const share = Math.max(1000, Math.round(items / 20));
  const all = put(
    "all",
    Array.from({ length: items }, (_, i) => i),
  );
  const some = put(
    "some",
    Array.from({ length: share }, (_, i) => i),
  );
  const python = (...args: string[]) => ["python3", join(peers, "pool.py"), ...args];
  const node = (name: string) => ["node", join(peers, "node.mjs"), name];
  const cmds: Record<string, [cmd: string[], count: number]> = { "lanes map": [map(work), items] };
  if (Bun.which("python3")) {
    for (const size of ["100", "1000", "10000", "50000"])
      cmds[`Pool.imap chunksize=${size}`] = [python("imap", size), items];
    cmds["Pool.imap chunksize=1"] = [python("imap", "1"), share];
    cmds["ProcessPoolExecutor.map"] = [python("executor"), share];
  }
  if (Bun.which("node")) {
    if (!existsSync(join(peers, "node_modules"))) {
      await Bun.spawn(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"], {
        cwd: peers,
        stdio: ["ignore", "ignore", "inherit"],
      }).exited;
    }
    for (const name of ["piscina", "tinypool", "workerpool"]) cmds[name] = [node(name), share];
  }
  const works = Object.entries(cmds).map(([name, [cmd, n]]) => [name, filter(cmd, n === items ? all : some, n)]);
  const samples = await interleaved(rounds, Object.fromEntries(works));
  const counts = Object.fromEntries(Object.entries(cmds).map(([name, [, n]]) => [name, n]));
  rates(`trivial function, ${items} numbers (slow peers ${share}), stdin to stdout`, samples, counts);
}

/** Thousand loops of `burn` that take a millisecond on this machine now. */
async function loopsPerMs(): Promise<number> {
  const probe = put(
    "probe",
    Array.from({ length: 20 }, () => 20_000),
  );
  const ms = Number(
    await new Response(Bun.spawn([process.execPath, work, "burn"], { stdin: Bun.file(probe) }).stdout).text(),
  );
  return 400_000 / ms;
}

/** The ms that the work itself takes in one plain process. */
async function plainly(input: string): Promise<number> {
  const child = Bun.spawn([process.execPath, work, "burn"], { stdin: Bun.file(input) });
  return Number(await new Response(child.stdout).text());
}

/**
 * How near two workers come to half the serial time; and to what two plain processes take that share the items between
 * them beforehand, without their start: two cores are not always twice one.
 */
async function efficiency(title: string, lines: readonly number[]): Promise<void> {
  const input = put("burn", lines);
  const halves = [0, 1].map((half) => put(`burn-${half}`, shareOf(lines, half)));
  const serial: number[] = [];
  const both: number[] = [];
  const samples = await interleaved(rounds, {
    serial: async () => void serial.push(await plainly(input)),
    both: async () => void both.push(Math.max(...(await Promise.all(halves.map(plainly))))),
    lanes: filter(map(`${work}#burn`), input, lines.length),
  });
  const took = median(samples[2]?.ms ?? []);
  const beside = (name: string, ms: number) =>
    `${name} ${ms.toFixed(0)} ms: lanes ${(took / ms).toFixed(3)}×, efficiency ${(ms / took).toFixed(3)}`;
  console.log(`\n${title}: lanes ${took.toFixed(0)} ms   n ${rounds}`);
  console.log(`  ${beside("half of one process", median(serial.slice(1)) / 2)}`);
  console.log(`  ${beside("two plain processes", median(both.slice(1)))}`);
}

/** Half of the work: every other of the cheap items, and of the dear ones. */
function shareOf(lines: readonly number[], half: number): number[] {
  return lines.toSorted((a, b) => a - b).filter((_, i) => i % 2 === half);
}

async function efficiencies(): Promise<void> {
  const perMs = await loopsPerMs();
  await efficiency(
    "1 ms of CPU an item, 6000 items",
    Array.from({ length: 6000 }, () => Math.round(perMs)),
  );
  await efficiency(
    "100 ms of CPU an item, 60 items",
    Array.from({ length: 60 }, () => Math.round(perMs * 100)),
  );
}

async function skew(): Promise<void> {
  const perMs = await loopsPerMs();
  const lines = Array.from({ length: 3000 }, (_, i) => Math.round(perMs * (i % 100 === 37 ? 100 : 1)));
  await efficiency("1 item in 100 takes 100 times as long (1 and 100 ms), 3000 items", lines);
}

async function large(): Promise<void> {
  const count = 200;
  const input = put(
    "large",
    Array.from({ length: count }, () => "x".repeat(1 << 20)),
  );
  const works: Record<string, () => Promise<void>> = { "lanes map": filter(map(`${work}#echo`), input, count) };
  if (Bun.which("python3")) {
    works["Pool.imap chunksize=1"] = filter(["python3", join(peers, "pool.py"), "imap", "1", "echo"], input, count);
  }
  const mb = (count * (1 << 20)) / 1e6;
  const samples = await interleaved(rounds, works);
  rates("1 MiB items and results", samples, Object.fromEntries(Object.keys(works).map((name) => [name, mb])), "MB/s");
}

async function first(): Promise<void> {
  const empty = join(dir, "empty");
  const entry = join(import.meta.dir, "bench", "empty.ts");
  await Bun.build({ entrypoints: [entry], format: "esm", minify: true, bytecode: true, compile: { outfile: empty } });
  const ms: number[] = [];
  const samples = await interleaved(rounds * 8, {
    "an empty compiled Bun program": async () => {
      await Bun.spawn([empty], { stdio: ["ignore", "ignore", "ignore"] }).exited;
    },
    "lanes map, to its end": async () => {
      const start = performance.now();
      const child = Bun.spawn(map(`${work}#echo`, "a"), { stdio: ["ignore", "pipe", "inherit"] });
      await child.stdout.getReader().read();
      ms.push(performance.now() - start);
      await child.exited;
    },
  });
  const [base, whole] = samples;
  if (base && whole)
    report("first result after start", [base, { name: "lanes map, first result", ms: ms.slice(1) }, whole]);
}

/** Peak resident memory of lanes and its workers together, MB. */
async function peakMb(count: number): Promise<number> {
  const child = Bun.spawn(["sh", "-c", `seq ${count} | exec "$0" map -q -j2 "$1" > /dev/null`, lanes, work], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const peaks = new Map<string, number>();
  const look = (pid: string) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(lanes)) return;
      const kb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, kb));
    } catch {
      // it has ended
    }
  };
  const children = (pid: string): string[] => {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    } catch {
      return [];
    }
  };
  const timer = setInterval(() => {
    for (const pid of [String(child.pid), ...children(String(child.pid))])
      for (const each of [pid, ...children(pid)]) look(each);
  }, 4);
  await child.exited;
  clearInterval(timer);
  return [...peaks.values()].reduce((sum, kb) => sum + kb, 0) / 1024;
}

async function memory(): Promise<void> {
  const few: number[] = [];
  const many: number[] = [];
  for (let round = 0; round < Math.min(3, rounds); round++) {
    few.push(await peakMb(10_000));
    many.push(await peakMb(items * 10));
  }
  console.log(
    `\nmemory, lanes and two workers together: ${median(few).toFixed(0)} MB for 10000 items, ${median(many).toFixed(0)} MB for ${items * 10}: ${(median(many) / median(few)).toFixed(2)}×`,
  );
}

const run = { trivial, efficiency: efficiencies, skew, large, first, memory };
try {
  for (const part of parts) if (values.only === undefined || values.only === part) await run[part]();
} finally {
  rmSync(dir, { recursive: true });
}
