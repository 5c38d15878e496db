import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lock, Process } from "lanes";

async function addOne(path: string, gap: number) {
  const text = readFileSync(path, "utf8"); // 1. read
  if (text === "") return; // without the lock: somebody is just writing
  await Bun.sleep(gap); // 2. think
  writeFileSync(path, JSON.stringify({ count: JSON.parse(text).count + 1 })); // 3. write
}

async function addOnes(path: string, rounds: number, gap: number, mutex: Lock | null) {
  for (let round = 0; round < rounds; round++) {
    if (mutex) await mutex.with(() => addOne(path, gap));
    else await addOne(path, gap);
  }
}

async function run(title: string, path: string, procs: number, rounds: number, gap: number, mutex: Lock | null) {
  writeFileSync(path, JSON.stringify({ count: 0 }));
  const begin = performance.now();
  const children = Array.from({ length: procs }, () =>
    new Process({ target: addOnes, args: [path, rounds, gap, mutex] }).start(),
  );
  for (const child of children) await child.join();
  const ms = Math.round(performance.now() - begin);
  console.log(`${title}: ${ms} ms, expected {"count":${procs * rounds}}, found ${readFileSync(path, "utf8")}`);
}

if (import.meta.main) {
  const [procs, rounds, gap, samples] = [4, 50, 2, 3]; // gap: ms
  const folder = mkdtempSync(join(tmpdir(), "mutex-"));
  const path = join(folder, "data.json");
  for (let sample = 0; sample < samples; sample++) {
    await run("without the lock", path, procs, rounds, gap, null);
    await run("with the lock", path, procs, rounds, gap, new Lock());
  }
  rmSync(folder, { recursive: true });
}
