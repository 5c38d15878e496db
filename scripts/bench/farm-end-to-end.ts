/** What a job costs on a farm beside what it costs here: the same command, from its start to its end. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, interleaved, report } from "./measure.ts";

const lanes = join(import.meta.dir, "..", "..", "dist", "lanes");

export interface EndToEnd {
  readonly url: string;
  readonly rounds: number;
  /** Commands of a run; items of a map, of 1 ms and of nothing. */
  readonly jobs: number;
  readonly items: number;
  readonly trifles: number;
}

export async function endToEnd({ url, rounds, jobs, items, trifles }: EndToEnd): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "bench-farm-"));
  const at = (name: string) => join(dir, name);
  writeFileSync(
    at("busy.ts"),
    "export default (n: number) => { const end = performance.now() + 1; while (performance.now() < end); return n; };\n",
  );
  writeFileSync(at("trifle.ts"), "export default (n: number) => n + 1;\n");
  const input = (name: string, count: number) =>
    writeFileSync(at(name), Array.from({ length: count }, (_, i) => `${i}\n`).join(""));
  input("jobs", jobs);
  input("items", items);
  input("trifles", trifles);
  /** Its values come from stdin, as most do. */
  const both = (verb: string, name: string, ...words: readonly string[]) => {
    const from = (...on: readonly string[]) =>
      command("sh", "-c", 'exec "$@" < "$0"', at(name), lanes, verb, "-q", "-j", "2", ...on, ...words);
    return { here: from(), "on the farm": from("--on", url) };
  };
  const rows = [
    [`${jobs} × true`, both("run", "jobs", "true")],
    [`${jobs} × echo -k`, both("run", "jobs", "-k", "echo")],
    [`map, ${items} items of 1 ms`, both("map", "items", at("busy.ts"))],
    [`map, ${trifles} items of nothing`, both("map", "trifles", at("trifle.ts"))],
  ] as const;
  for (const [title, works] of rows) report(title, await interleaved(rounds, works));
  rmSync(dir, { recursive: true });
}
