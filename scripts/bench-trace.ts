/**
 * What `lanes trace` costs, beside no tracing and strace: the same commands, in turns, so that whatever else the machine does
 * hits all of them alike; the medians, and their ratios.
 *
 *     bun scripts/bench-trace.ts [ROUNDS [PROCESSES [FILES]]]        (5 1000 60) dist/lanes, or whichever LANES_BINARY names
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lanes } from "../tests/support/lanes.ts";

const [rounds = 5, loops = 1_000, files = 60] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "lanes-bench-trace-"));
const strace = Bun.which("strace");

/** Ways to run a command. */
const ways: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  lanes: [lanes, "trace", "-q"],
  ...(strace === null
    ? {}
    : {
        strace: [strace, "-f", "-qq", "-e", "trace=process", "-o", "/dev/null"],
        "strace --seccomp-bpf": [strace, "-f", "--seccomp-bpf", "-qq", "-e", "trace=process", "-o", "/dev/null"],
      }),
};

async function timed(command: readonly string[]): Promise<number> {
  const beganMs = performance.now();
  const child = Bun.spawn([...command], { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: exit code ${child.exitCode}`);
  return performance.now() - beganMs;
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

/** Runs a command in each way, in turns. */
async function compare(title: string, command: readonly string[]): Promise<void> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, before] of Object.entries(ways)) {
      const ms = await timed([...before, ...command]);
      times.set(name, [...(times.get(name) ?? []), ms]);
    }
  }
  const medians = new Map([...times].map(([name, list]) => [name, median(list)]));
  const ours = medians.get("lanes") ?? 0;
  console.log(`\n${title} (${rounds} rounds)`);
  for (const [name, ms] of medians) {
    const ratio = name === "lanes" ? "" : `   lanes trace is ${(ours / ms).toFixed(2)} of it`;
    console.log(`  ${name.padEnd(22)}${ms.toFixed(0).padStart(7)} ms${ratio}`);
  }
}

/** Sixty C files that take a compiler some time, and a Makefile. */
function makeProject(): void {
  const names = Array.from({ length: files }, (_, i) => `f${i}`);
  const lines = Array.from({ length: 60 }, (_, i) => `int g${i}(int x){return printf("%d",x*${i});}`).join("\n");
  for (const name of names) {
    const body = lines.replace(/\bg(\d+)/g, `${name}_g$1`);
    writeFileSync(join(folder, `${name}.c`), `#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n${body}\n`);
  }
  writeFileSync(
    join(folder, "Makefile"),
    `all: ${names.map((name) => `${name}.o`).join(" ")}\n%.o: %.c\n\tcc -O2 -c $<\n`,
  );
}

/** Memory of lanes and its tracer while a shell makes so many processes, KiB, now and then. */
async function memory(processes: number): Promise<void> {
  const script = `i=0; while [ $i -lt ${processes} ]; do /bin/true; i=$((i+1)); done`;
  const child = Bun.spawn([lanes, "trace", "-q", "sh", "-c", script], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const samples: string[] = [];
  const timer = setInterval(() => {
    const rss = [child.pid, ...childrenOf(child.pid)].slice(0, 2).map(residentKb);
    samples.push(rss.map((kb) => `${(kb / 1024).toFixed(0)}`).join(" + "));
  }, 500);
  await child.exited;
  clearInterval(timer);
  const shown = samples.filter((_, i) => i % Math.max(1, Math.floor(samples.length / 8)) === 0);
  console.log(`\nmemory over ${processes} processes, MiB (lanes + tracer): ${shown.join("   ")}`);
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return (text.match(/\d+/g) ?? []).map(Number);
}

function residentKb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

try {
  makeProject();
  const loop = (n: number) => ["sh", "-c", `i=0; while [ $i -lt ${n} ]; do /bin/true; i=$((i+1)); done`];
  await compare(`${loops} x /bin/true in a shell`, loop(loops));
  await compare(`make -j2, ${files} C files`, ["make", "-s", "-B", "-j2"]);
  await memory(10 * loops);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
