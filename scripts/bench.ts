#!/usr/bin/env bun
/**
 * Start-up, processes and `speedup`, beside an empty compiled Bun program and Python's multiprocessing, in one run:
 * `scripts/bench.ts [--rounds N]`. Absolute times depend on the machine; read the ratios.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { firstFrame } from "./bench/first-frame.ts";
import { command, interleaved, median, report } from "./bench/measure.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "40" }, help: { type: "boolean", short: "h" } },
});
if (values.help) {
  console.log("Usage: scripts/bench.ts [--rounds N]   (default 40; needs dist/lanes: npm run build)");
  process.exit(0);
}
const rounds = Number(values.rounds);
const root = join(import.meta.dir, "..");
const lanes = join(root, "dist", "lanes");
const dir = mkdtempSync(join(tmpdir(), "lanes-bench-"));
const empty = join(dir, "empty");
const startJoin = join(dir, "start-join");

async function compile(source: string, outfile: string): Promise<void> {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "bench", source)],
    format: "esm",
    minify: true,
    bytecode: true,
    compile: { outfile },
  });
  if (!built.success) throw new Error(built.logs.join("\n"));
}

const python = (method: string) => `
import multiprocessing as m, time, sys, json
def nothing(): pass
if __name__ == "__main__":
    m.set_start_method("${method}")
    times = []
    for _ in range(int(sys.argv[1])):
        start = time.perf_counter(); p = m.Process(target=nothing); p.start(); p.join()
        times.append((time.perf_counter() - start) * 1e3)
    print(json.dumps(times))
`;

async function pythonTimes(method: string, n: number): Promise<number[]> {
  const file = join(dir, `${method}.py`);
  await Bun.write(file, python(method));
  return JSON.parse(await new Response(Bun.spawn(["python3", file, String(n)]).stdout).text());
}

/** Peak resident memory of the empty program, KiB, as it reads it itself. */
async function emptyRssKb(): Promise<number> {
  return Number(await new Response(Bun.spawn([empty, "rss"]).stdout).text());
}

try {
  await compile("empty.ts", empty);
  await compile("start-join.ts", startJoin);

  report(
    "start-up",
    await interleaved(rounds, { "empty program": command(empty), "lanes --version": command(lanes, "--version") }),
  );
  report(
    "first frame of the menu, in a pty",
    await interleaved(rounds, { "empty program": command(empty), "lanes (menu)": () => firstFrame(lanes) }),
  );

  const own = JSON.parse(await new Response(Bun.spawn([startJoin, String(rounds), empty]).stdout).text());
  const samples = [
    { name: "spawn the empty program", ms: own.spawn },
    { name: "lanes Process start + join", ms: own.process },
  ];
  if (Bun.which("python3")) {
    samples.push({ name: "Python multiprocessing spawn", ms: await pythonTimes("spawn", Math.min(rounds, 20)) });
    samples.push({ name: "Python multiprocessing fork", ms: await pythonTimes("fork", rounds) });
  }
  report("start and join one process", samples);

  const yardstick = median(await Promise.all(Array.from({ length: 5 }, () => emptyRssKb())));
  console.log(
    `\nresident memory\n  empty program ${yardstick} KiB   worker ${own.workerRssKb} KiB   ${(own.workerRssKb / yardstick).toFixed(2)}×`,
  );

  const speedups: number[] = [];
  for (let i = 0; i < 3; i++) {
    const played = JSON.parse(await new Response(Bun.spawn([lanes, "demo", "speedup", "--json"]).stdout).text());
    speedups.push(played.result.points.find((point: { procs: number }) => point.procs === 2)?.speedup ?? Number.NaN);
  }
  console.log(
    `\nspeedup of two processes on ${navigator.hardwareConcurrency} cores: ${speedups.map((value) => value.toFixed(2)).join(" ")}`,
  );
} finally {
  rmSync(dir, { recursive: true });
}
