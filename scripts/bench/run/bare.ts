/** The least a runner built on Bun can cost: `bare JOBS FILE COMMAND…` spawns a job a line and does nothing else. */
import { readFileSync } from "node:fs";

const [jobs = "1", file = "", ...command] = process.argv.slice(2);
const values = readFileSync(file, "utf8").trimEnd().split("\n");
const done = Promise.withResolvers<void>();
let running = 0;

function pump(): void {
  while (running < Number(jobs)) {
    const value = values.pop();
    if (value === undefined) break;
    running += 1;
    Bun.spawn([...command, value], { stdio: ["ignore", "inherit", "inherit"], detached: true, onExit: ended });
  }
  if (running === 0) done.resolve();
}

function ended(): void {
  running -= 1;
  pump();
}

pump();
await done.promise;
process.exit(0);
