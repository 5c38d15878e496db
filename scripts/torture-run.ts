#!/usr/bin/env bun
/**
 * Kills `lanes run` with SIGKILL at random moments and resumes it, until it has run to its end, over and over:
 * `scripts/torture-run.ts [--kills N] [--seconds N] [--seed N] [--jobs N]`. Checked after every kill: within a second none
 * of its processes is alive. After every resume: no job that the joblog had as ended was started again. At the end of
 * each campaign: every job is in the joblog exactly once, as it would be after an undisturbed run, and what it wrote came
 * out at least once. Counted, too: jobs that had done all their work and were killed before that was known, and so did it
 * again.
 *
 * Prints a summary; exit code 1 if anything was wrong. The same seed makes the same campaigns (not the same timing).
 */
import "../tests/support/words.ts";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../src/explore/schedule/random.ts";
import { lanes } from "../tests/support/lanes.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    jobs: { type: "string", default: "40" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  console.log(
    "Usage: scripts/torture-run.ts [--kills N] [--seconds N] [--seed N] [--jobs N]   (needs dist/lanes, Linux)",
  );
  process.exit(0);
}

const wantedKills = Number(values.kills);
const seed = Number(values.seed);
const jobs = Number(values.jobs);
const next = random(seed);
const upTo = (limit: number) => Math.floor(next() * limit);
const folder = mkdtempSync(join(tmpdir(), "lanes-torture-"));
const log = join(folder, "joblog");
const trace = join(folder, "trace");
const out = join(folder, "out");
const endMs = performance.now() + Number(values.seconds) * 1e3;

const seen = { campaigns: 0, kills: 0, resumes: 0, jobs: 0, tornLines: 0, workedTwice: 0, slowestMs: 0 };
const wrong: string[] = [];

/** The values the joblog has as ended, by whole lines. */
function logged(): string[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8").split("\n");
  if ((lines.pop() ?? "") !== "") seen.tornLines += 1;
  return lines.slice(1).flatMap((line) => /job=(\d+)/.exec(line.split("\t")[8] ?? "")?.[1] ?? []);
}

/** What the jobs themselves noted: `+N` begun, `-N` all done. */
function noted(sign: "+" | "-"): string[] {
  if (!existsSync(trace)) return [];
  return readFileSync(trace, "utf8")
    .split("\n")
    .filter((line) => line.startsWith(sign))
    .map((line) => line.slice(1));
}

/** The pids of what still runs. */
function alive(): string[] {
  const mark = `LANES_TORTURE=${folder}`;
  return readdirSync("/proc").filter((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark)) return false;
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      return !"ZX".includes(stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "X");
    } catch {
      return false;
    }
  });
}

/** What a process is: its pid, group, parent and command. */
function described(pid: string): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/.*\) /, "").split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").slice(0, 60);
    const mark = /LANES_JOB=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1"))?.[1];
    return `${pid} (parent ${stat[1]}, group ${stat[2]}, state ${stat[0]}, mark ${mark}) ${command}`;
  } catch {
    return `${pid} (gone)`;
  }
}

/** Waits until nothing of the run is alive any more. @returns how long it took, ms. */
async function settled(): Promise<number> {
  const since = performance.now();
  while (alive().length > 0 && performance.now() - since < 5_000) await Bun.sleep(2);
  return performance.now() - since;
}

while (seen.kills < wantedKills && performance.now() < endMs && wrong.length === 0) {
  seen.campaigns += 1;
  seen.jobs += jobs;
  for (const path of [log, trace, out]) rmSync(path, { force: true });
  const slots = 1 + upTo(4);
  const options = [`-j${slots}`, ...(next() < 0.3 ? ["-k"] : []), ...(next() < 0.2 ? ["--line-buffer"] : [])];
  // Odd jobs leave a child behind in their group; some ignore TERM; every seventh fails.
  const script = `echo +{} >> ${trace}; trap "" TERM; test $(( {} % 2 )) = 0 || sleep 30 & sleep 0.0$(( {} * 7 % 5 )); echo {}; echo -{} >> ${trace}; : job={}; exit $(( {} % 7 == 0 ))`;
  const list = Array.from({ length: jobs }, (_, index) => String(index + 1));
  const args = ["run", "-q", ...options, "--joblog", log, "--resume", "--shell", script, ":::", ...list];
  for (let finished = false; !finished; ) {
    const before = new Set(logged());
    const begunBefore = noted("+").length;
    const stdout = openSync(out, "a");
    const child = Bun.spawn([lanes, ...args], {
      env: { ...process.env, LANES_TORTURE: folder },
      stdio: ["ignore", stdout, "ignore"],
    });
    closeSync(stdout);
    const timer = setTimeout(() => child.kill("SIGKILL"), upTo(250));
    await child.exited;
    clearTimeout(timer);
    finished = child.signalCode === null;
    if (!finished) seen.kills += 1;
    // Killed when all was done, in the last moment before its exit: as good as undisturbed.
    const over = finished || logged().length === jobs;
    if (over) {
      // An undisturbed end leaves alone what jobs left running: that is ours to end.
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
          if (readFileSync(`/proc/${pid}/environ`, "latin1").includes(`LANES_TORTURE=${folder}`))
            process.kill(Number(pid), "SIGKILL");
        } catch {
          // gone
        }
      }
    }
    const tookMs = await settled();
    if (!over) seen.slowestMs = Math.max(seen.slowestMs, tookMs);
    if (tookMs > 1_000)
      wrong.push(`${Math.round(tookMs)} ms after the kill still alive: ${alive().map(described).join(", ")}`);
    const again = noted("+")
      .slice(begunBefore)
      .filter((value) => before.has(value));
    if (again.length > 0) wrong.push(`run again although in the joblog: ${again.join(" ")}`);
    if (!finished) seen.resumes += 1;
    // A torn last line, as a crash of the whole machine could leave it.
    if (!finished && existsSync(log) && next() < 0.2) appendFileSync(log, "7\t:\t17");
  }
  const ended = logged();
  const missing = list.filter((value) => !ended.includes(value));
  if (missing.length > 0) wrong.push(`missing in the joblog: ${missing.join(" ")}`);
  if (new Set(ended).size !== ended.length) wrong.push("twice in the joblog");
  const written = readFileSync(out, "utf8").split("\n");
  const lost = list.filter((value) => !written.includes(value));
  if (lost.length > 0) wrong.push(`in the joblog, but their output never came: ${lost.join(" ")}`);
  const done = noted("-");
  seen.workedTwice += done.length - new Set(done).size;
}

rmSync(folder, { recursive: true, force: true });
console.log(`torture-run: seed ${seed}`);
console.log(
  `  ${seen.kills} kills (SIGKILL at a random moment), ${seen.resumes} resumes, ${seen.campaigns} campaigns of ${jobs} jobs, ${seen.tornLines} torn lines met`,
);
console.log(`  nothing left alive ${Math.round(seen.slowestMs)} ms after a kill at the latest (limit 1000 ms)`);
console.log(`  jobs whose work was done, not yet known to be, and done again: ${seen.workedTwice} of ${seen.jobs}`);
console.log(
  wrong.length === 0
    ? "  nothing missed, no output lost, nothing in the joblog run twice"
    : `  WRONG: ${wrong.join("; ")}`,
);
process.exit(wrong.length === 0 && seen.kills >= wantedKills ? 0 : 1);
