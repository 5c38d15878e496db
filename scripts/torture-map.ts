#!/usr/bin/env bun
/**
 * Faults on purpose: maps many items twice with dist/lanes, once in peace and once while workers are killed with SIGKILL at
 * random moments, and compares the two outputs byte for byte. `scripts/torture-map.ts [--items N] [--kills N] [--jobs N]`.
 *
 * Kills the workers that the map itself names (`--jsonl` on stderr), none else.
 */
import "../tests/support/words.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lanes } from "../tests/support/lanes.ts";

const usage = `Usage: scripts/torture-map.ts [--items N] [--kills N] [--jobs N] [--unordered]

  --items N    items to map (default 1000000)
  --kills N    workers to kill at least (default 200)
  --jobs N     workers (default 2)
  --unordered  with lanes map --unordered; both outputs are sorted before they are compared
`;

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "1000000" },
    kills: { type: "string", default: "200" },
    jobs: { type: "string", default: "2" },
    unordered: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const items = Number(values.items);
const kills = Number(values.kills);
const folder = mkdtempSync(join(tmpdir(), "lanes-torture-"));
const module_ = join(folder, "collatz.ts");
const input = join(folder, "input");
// A few microseconds an item, an answer that depends on every one of them.
writeFileSync(
  module_,
  `export default (line: string) => {
  let n = Number(line), steps = 0;
  for (; n > 1; steps++) n = n % 2 === 0 ? n / 2 : 3 * n + 1;
  let hash = steps;
  for (let i = 0; i < 4000; i++) hash = Math.imul(hash ^ i, 16777619);
  return { line, steps, hash };
};
`,
);
writeFileSync(input, `${Array.from({ length: items }, (_, i) => i + 1).join("\n")}\n`);

interface Mapped {
  readonly lines: string[];
  readonly summary: { ok: number; failed: number; retried: number; crashes: number; elapsedMs: number };
  readonly killed: number;
}

async function map(kill: number): Promise<Mapped> {
  // Whoever is killed with the same item again and again is not to blame: it is run until the killing is over.
  const retries = ["--retries", String(kills)];
  const child = Bun.spawn(
    [lanes, "map", "-j", values.jobs, ...retries, "--jsonl", ...(values.unordered ? ["--unordered"] : []), module_],
    {
      stdin: Bun.file(input),
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const live = new Set<number>();
  let killed = 0;
  let summary: Mapped["summary"] | null = null;
  const assassin = setInterval(() => {
    const victims = [...live];
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (killed >= kill || victim === undefined) return;
    live.delete(victim);
    try {
      process.kill(victim, "SIGKILL");
      killed++;
    } catch {
      // it had just ended
    }
  }, 15);
  const listen = async () => {
    let open = "";
    const decoder = new TextDecoder();
    for await (const bytes of child.stderr) {
      const lines = (open + decoder.decode(bytes, { stream: true })).split("\n");
      open = lines.pop() ?? "";
      for (const line of lines) {
        const event = JSON.parse(line) as { type: string; pid: number } & Mapped["summary"];
        // Sometimes while it loads, mostly while it works.
        if (event.type === "ready" || (event.type === "spawn" && Math.random() < 0.05)) live.add(event.pid);
        if (event.type === "exit") live.delete(event.pid);
        if (event.type === "result") summary = event;
      }
    }
  };
  const [text] = await Promise.all([new Response(child.stdout).text(), listen(), child.exited]);
  clearInterval(assassin);
  if (summary === null) throw new Error(`lanes map ended with ${child.exitCode ?? child.signalCode} and no summary`);
  const lines = text.split("\n");
  return { lines: values.unordered ? lines.sort() : lines, summary, killed };
}

try {
  const peace = await map(0);
  const war = await map(kills);
  const same = peace.lines.length === war.lines.length && peace.lines.every((line, i) => line === war.lines[i]);
  const { ok, failed, retried, crashes } = war.summary;
  console.log(`items ${items}, workers ${values.jobs}${values.unordered ? ", unordered" : ""}`);
  console.log(
    `undisturbed ${peace.summary.elapsedMs.toFixed(0)} ms, with ${war.killed} kills ${war.summary.elapsedMs.toFixed(0)} ms`,
  );
  console.log(`ok ${ok}, failed ${failed}, tried again ${retried}, workers died ${crashes}`);
  console.log(same ? "output identical" : "OUTPUT DIFFERS");
  process.exitCode = same && failed === 0 && ok === items && war.killed >= kills ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
