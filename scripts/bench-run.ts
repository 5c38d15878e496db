#!/usr/bin/env bun
/**
 * `lanes run` beside xargs, GNU parallel and moreutils' parallel: `scripts/bench-run.ts [--jobs N] [--rounds N] [--only PART]`.
 * Rounds are interleaved, so that all meet the same machine. lanes always runs as one would run it: output grouped, joblog on.
 *
 * Peers are used if they are in PATH: `xargs`; `parallel` (GNU); moreutils' as `parallel.moreutils` (its package and GNU
 * parallel's share the name `parallel`, so one of them is put there by hand under this name).
 */
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { interleaved, median, report } from "./bench/measure.ts";

const parts = ["rate", "first", "many", "cpu", "big"] as const;
const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "2000" },
    many: { type: "string", default: "100000" },
    mib: { type: "string", default: "1024" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  console.log(`Usage: scripts/bench-run.ts [--jobs N] [--rounds N] [--many N] [--mib N] [--only ${parts.join("|")}]

  --jobs N    jobs a run in \`rate\` (default 2000; GNU parallel gets a tenth)
  --rounds N  (default 5)
  --many N    jobs in \`many\` (default 100000)
  --mib N     MiB in \`big\` (default 1024)`);
  process.exit(0);
}
const jobs = Number(values.jobs);
const rounds = Number(values.rounds);
const lanes = join(import.meta.dir, "..", "dist", "lanes");
const folder = mkdtempSync(join(tmpdir(), "lanes-bench-"));
const log = join(folder, "joblog");
const printed = join(folder, "4k");
writeFileSync(printed, Buffer.alloc(4096, "x"));
const has = (name: string) => Bun.which(name) !== null;
// GNU parallel asks to be cited, once, on a file in its own folder.
const env = { ...process.env, PARALLEL_HOME: folder };
writeFileSync(join(folder, "will-cite"), "");

/** A file with as many lines, each a value. */
function list(count: number, value?: string): string {
  const path = join(folder, `list-${count}-${value === undefined ? "n" : "f"}`);
  writeFileSync(path, Array.from({ length: count }, (_, index) => `${value ?? index + 1}\n`).join(""));
  return path;
}

/** Runs a command to its end, its output into a file that nobody looks at. */
async function done(cmd: readonly string[]): Promise<void> {
  const out = openSync(join(folder, "out"), "w");
  const code = await Bun.spawn([...cmd], { env, stdio: ["ignore", out, "ignore"] }).exited;
  closeSync(out);
  if (code !== 0) throw new Error(`${cmd.join(" ")}: exit code ${code}`);
}

const lanesRun = (...args: string[]) => [lanes, "run", "-q", "--joblog", log, ...args];

/** A program of this source, compiled as lanes is. */
function compiled(source: string): string {
  const program = join(folder, basename(source, ".ts"));
  const build = ["build", "--compile", "--bytecode", "--format=esm", "--minify", source, "--outfile", program];
  const built = Bun.spawnSync([process.execPath, ...build], { stdio: ["ignore", "ignore", "inherit"] });
  if (built.exitCode !== 0) throw new Error(`cannot build ${source}`);
  return program;
}

async function rate(): Promise<void> {
  const bare = compiled(join(import.meta.dir, "bench", "run", "bare.ts"));
  for (const [name, command, value] of [
    ["/bin/true", "/bin/true", undefined],
    ["4 KiB each", "/bin/cat", printed],
  ] as const) {
    for (const at of [2, 4, 8]) {
      const input = list(jobs, value);
      const few = list(Math.ceil(jobs / 10), value);
      const samples = await interleaved(rounds, {
        lanes: () => done(lanesRun(`-j${at}`, command, "::::", input)),
        "bare Bun.spawn": () => done([bare, String(at), input, command]),
        xargs: () => done(["xargs", "-a", input, `-P${at}`, "-n1", command]),
        ...(has("parallel.moreutils")
          ? { moreutils: () => done(["bash", "-c", `parallel.moreutils -j${at} ${command} -- $(cat ${input})`]) }
          : {}),
        ...(has("parallel")
          ? { "GNU parallel": () => done(["parallel", `-j${at}`, "--joblog", log, "-a", few, command]) }
          : {}),
      });
      const perSecond = (sample: (typeof samples)[number]) =>
        ((sample.name === "GNU parallel" ? Math.ceil(jobs / 10) : jobs) / median(sample.ms)) * 1e3;
      const own = perSecond(samples[0]!);
      console.log(`\nrate: ${name}, ${at} at once, jobs a second`);
      for (const sample of samples) {
        const ratio = own / perSecond(sample);
        console.log(
          `  ${sample.name.padEnd(14)} ${perSecond(sample).toFixed(0).padStart(6)}   lanes is ${ratio.toFixed(2)}×`,
        );
      }
    }
  }
}

/** From starting the program to the first job being there, and to its output, beside an empty program from start to end. */
async function first(): Promise<void> {
  writeFileSync(join(folder, "empty.ts"), "process.exit(0);\n");
  const empty = compiled(join(folder, "empty.ts"));
  // The job opens a named pipe: whoever waits for its writer knows that the job is there.
  const pipe = join(folder, "pipe");
  Bun.spawnSync(["mkfifo", pipe]);
  const firstJob = async (cmd: readonly string[]) => {
    const start = performance.now();
    const child = Bun.spawn([...cmd], { env, stdio: ["ignore", "ignore", "ignore"] });
    const reader = await open(pipe, "r");
    const ms = performance.now() - start;
    await reader.close();
    await child.exited;
    return ms;
  };
  const firstOutput = async (cmd: readonly string[]) => {
    const start = performance.now();
    const child = Bun.spawn([...cmd], { env, stdio: ["ignore", "pipe", "ignore"] });
    await child.stdout.getReader().read();
    const ms = performance.now() - start;
    child.kill();
    await child.exited;
    return ms;
  };
  const samples = await interleaved(rounds * 10, {
    "empty program": () => done([empty]),
    "lanes, first job": () => firstJob([lanes, "run", "-q", "-j1", "tee", ":::", pipe]),
    "xargs, first job": () => firstJob(["xargs", "-a", list(1, pipe), "tee"]),
    "lanes, first output": () => firstOutput([lanes, "run", "-q", "--line-buffer", "-j1", "echo", ":::", "a"]),
    "lanes, whole run": () => done([lanes, "run", "-q", "/bin/true", ":::", "a"]),
    "xargs, whole run": () => done(["xargs", "-a", list(1), "/bin/true"]),
    ...(has("parallel") ? { "GNU parallel, whole run": () => done(["parallel", "/bin/true", ":::", "a"]) } : {}),
  });
  report("first: ms", samples);
}

/** Memory, descriptors and speed at the beginning and at the end of a very long run. */
async function many(): Promise<void> {
  const count = Number(values.many);
  const tenth = Math.floor(count / 10);
  writeFileSync(log, "");
  const child = Bun.spawn(lanesRun("-j4", "/bin/true", "::::", list(count)), {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const status = () => {
    const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "latin1"))?.[1]);
    return { rss, fds: readdirSync(`/proc/${child.pid}/fd`).length };
  };
  const started = performance.now();
  const marks: { jobs: number; ms: number; rss: number; fds: number }[] = [];
  // Lines of the joblog say how far it is: only new ones are looked at, or the looking would slow down the end of the run.
  const joblog = openSync(log, "r");
  const chunk = Buffer.alloc(1 << 20);
  for (let lines = -1; child.exitCode === null; ) {
    for (let length = chunk.length; length === chunk.length; ) {
      length = readSync(joblog, chunk, 0, chunk.length, null);
      for (let at = chunk.indexOf(10); at >= 0 && at < length; at = chunk.indexOf(10, at + 1)) lines += 1;
    }
    if (lines >= tenth * marks.length) {
      try {
        marks.push({ jobs: lines, ms: performance.now() - started, ...status() });
      } catch {
        break; // it has just ended
      }
    }
    await Bun.sleep(100);
  }
  closeSync(joblog);
  console.log(`\nmany: ${count} jobs, -j4\n    jobs   jobs/s   RSS KiB   descriptors`);
  for (const [index, { jobs: at, ms, rss, fds }] of marks.entries()) {
    const before = marks[index - 1] ?? { jobs: 0, ms: 0 };
    const speed = ((at - before.jobs) / (ms - before.ms)) * 1e3;
    console.log(`  ${String(at).padStart(6)}   ${speed.toFixed(0).padStart(6)}   ${String(rss).padStart(7)}   ${fds}`);
  }
}

/**
 * 200 jobs of 50 ms of computing: the wall time beside the ideal, which is all that the jobs' processes computed (their
 * starts included) over the cores.
 */
async function cpu(): Promise<void> {
  const program = compiled(join(import.meta.dir, "bench", "run", "spin.ts"));
  const cores = navigator.hardwareConcurrency;
  const bare = compiled(join(import.meta.dir, "bench", "run", "bare.ts"));
  const ideals: number[] = [];
  const samples = await interleaved(rounds, {
    lanes: async () => {
      const child = Bun.spawn([lanes, "run", "--json", "--joblog", log, program, "50", "::::", list(200)], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      const { cpuMs } = JSON.parse(await new Response(child.stderr).text());
      ideals.push(cpuMs / cores);
    },
    "bare Bun.spawn": () => done([bare, String(cores), list(200), program, "50"]),
    xargs: () => done(["xargs", "-a", list(200), `-P${cores}`, "-n1", program, "50"]),
  });
  report(`cpu: 200 jobs of 50 ms on ${cores} cores, ms`, samples);
  const ideal = median(ideals);
  for (const { name, ms } of samples)
    console.log(`  ${name}: ${(median(ms) / ideal).toFixed(3)}× the ideal, ${ideal.toFixed(0)} ms`);
}

/** Much output through each way of passing it on. */
async function big(): Promise<void> {
  const mib = Number(values.mib);
  const each = Math.ceil(mib / 8);
  const command = `head -c ${each}M /dev/zero; : {}`;
  const text = `yes 0123456789abcdef | head -c ${each}M; : {}`;
  const through = (cmd: readonly string[]) => async () => {
    const child = Bun.spawn([...cmd], { env, stdio: ["ignore", "pipe", "ignore"] });
    let bytes = 0;
    for await (const chunk of child.stdout) bytes += chunk.length;
    if (bytes !== each * 8 * 2 ** 20) throw new Error(`${cmd.join(" ")}: ${bytes} bytes`);
  };
  const eight = ["1", "2", "3", "4", "5", "6", "7", "8"];
  for (const [name, line, ours, theirs] of [
    ["-k", command, "-k", "-k"],
    ["--line-buffer", text, "--line-buffer", "--line-buffer"],
  ] as const) {
    const samples = await interleaved(Math.min(rounds, 3), {
      lanes: through([lanes, "run", "-q", "-j2", ours, "--shell", line, ":::", ...eight]),
      ...(has("parallel") ? { "GNU parallel": through(["parallel", "-j2", theirs, line, ":::", ...eight]) } : {}),
    });
    console.log(`\nbig: ${each * 8} MiB through ${name}, MiB/s`);
    for (const { name: who, ms } of samples)
      console.log(`  ${who.padEnd(14)} ${(((each * 8) / median(ms)) * 1e3).toFixed(0)}`);
  }
}

const works = { rate, first, many, cpu, big };
try {
  for (const part of parts) if (values.only === undefined || values.only === part) await works[part]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
