#!/usr/bin/env bun
/**
 * The library's processes, locks, values, queues and pools beside Python's multiprocessing, in one run, both sides in turns. Absolute times depend on the
 * machine and what else it does; read the ratios. Medians of all rounds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "./bench/measure.ts";

const usage = `Usage: scripts/bench-library.ts [options]        (needs python3)

  --rounds N     how often each side is measured (default 5)
  --quick        small counts, to see that it works
`;
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help || !(Number(values.rounds) > 0)) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}
/** What the ratio of a row may be at most: the goals of the design. */
const goals: Readonly<Record<string, number>> = {
  "a process: start + join": 0.25,
  "lock, nobody else: tryAcquire + release": 0.5,
  "lock, nobody else: acquire + release": 3,
  "lock, 4 processes in a loop": 15,
  "round trip between two processes, by semaphores": 2,
  "queue 1 to 1, items of 100 B": 1 / 1.3,
  "queue 1 to 1, items of 64 KiB": 1,
  "round trip between two processes, by queues": 2,
  "pool of 2: to the first result": 0.3,
  "pool: apply": 0.5,
  "pool: map, automatic chunks": 1 / 0.8,
  "pool: imap": 1,
};
const here = import.meta.dir;
const src = join(here, "..", "src");
/** Processes are started by the executable, as a user starts them: `npm run build` first. */
const lanes = join(here, "..", "dist", "lanes");
const dir = mkdtempSync(join(tmpdir(), "bench-library-"));

type Row = Record<string, number>;
async function measured(...command: string[]): Promise<Row> {
  const child = Bun.spawn(command, { stdio: ["ignore", "pipe", "inherit"] });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: exit code ${child.exitCode}`);
  return JSON.parse(text);
}

try {
  const program = join(dir, "locks");
  const built = await Bun.build({
    entrypoints: [join(here, "bench", "library", "locks.ts"), join(src, "memory", "hub", "thread.ts")],
    root: src,
    format: "esm",
    splitting: true,
    minify: { whitespace: true, syntax: true },
    bytecode: true,
    compile: { outfile: program },
  });
  if (!built.success) throw new Error(built.logs.map(String).join("\n"));
  const scale = values.quick ? "0.01" : "1";
  const [ours, theirs]: [Row[], Row[]] = [[], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    const script = (name: string) => join(here, "bench", "library", name);
    const starts = values.quick ? "3" : "20";
    ours.push({
      ...(await measured(program, scale)),
      ...(await measured(lanes, "exec", script("start.ts"), starts)),
      ...(await measured(lanes, "exec", script("messages.ts"), scale)),
    });
    theirs.push({
      ...(await measured("python3", script("locks.py"), scale)),
      ...(await measured("python3", script("start.py"), starts)),
      ...(await measured("python3", script("messages.py"), scale)),
    });
  }
  console.log(
    "µs each, median (range) of the rounds; alone: time on a processor, once warm; between processes: by the clock\n",
  );
  for (const name of Object.keys(ours[0] ?? {})) {
    const [mine, its] = [ours, theirs].map((rows) => rows.map((row) => row[name] ?? Number.NaN));
    const shown = (all: number[]) =>
      `${median(all).toFixed(2).padStart(8)} (${Math.min(...all).toFixed(2)} … ${Math.max(...all).toFixed(2)})`;
    const ratio = median(mine!) / median(its!);
    const goal = goals[name];
    console.log(
      `${name.padEnd(50)} lanes ${shown(mine!).padEnd(28)} CPython ${shown(its!).padEnd(28)} ${ratio.toFixed(2)}×${
        goal === undefined ? "" : ` (goal ${goal.toFixed(2).replace(/\.?0+$/, "")}×${ratio <= goal ? "" : ": missed"})`
      }`,
    );
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
