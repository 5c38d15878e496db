import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Barrier, Lock, Process } from "lanes";

async function addOne(path: string, gap: number, barrier: Barrier | null) {
  const text = readFileSync(path, "utf8"); // 1. read
  if (text === "") return; // somebody is just writing
  await Bun.sleep(gap); // 2. think
  await barrier?.wait(); // until all have read
  writeFileSync(path, JSON.stringify({ count: JSON.parse(text).count + 1 })); // 3. write: what others wrote since 1. is gone
  await barrier?.wait(); // until all have written
}

async function addOnes(path: string, rounds: number, gap: number, mutex: Lock | null, barrier: Barrier | null) {
  for (let round = 0; round < rounds; round++) {
    if (mutex) await mutex.with(() => addOne(path, gap, barrier));
    else await addOne(path, gap, barrier);
  }
}

if (import.meta.main) {
  const [procs, rounds, gap] = [4, 100, 2]; // gap: ms
  const [mode, lock] = ["natural", "off"];
  const mutex = lock === "on" ? new Lock() : null;
  const barrier = mode === "staged" && lock === "off" ? new Barrier(procs) : null;
  const folder = mkdtempSync(join(tmpdir(), "race-"));
  const path = join(folder, "data.json");
  writeFileSync(path, JSON.stringify({ count: 0 }));
  const children = Array.from({ length: procs }, () =>
    new Process({ target: addOnes, args: [path, rounds, gap, mutex, barrier] }).start(),
  );
  for (const child of children) await child.join();
  console.log(`expected {"count":${procs * rounds}}, found ${readFileSync(path, "utf8")}`);
  rmSync(folder, { recursive: true });
}
