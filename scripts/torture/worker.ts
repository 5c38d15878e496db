/**
 * One tortured process. `worker DIR LANES SEED` takes the lock again and again, in every way there is, until it gets SIGTERM;
 * `worker DIR once` is the command under `lanes lock`: through the region, and out.
 */
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { LanesError } from "../../src/errors.ts";
import { random } from "../../src/explore/schedule/random.ts";
import { type LockHandle, lock, tryLock } from "../../src/lock/index.ts";
import { Region, violationsFile } from "./region.ts";

const [dir = "", lanes = "", seed = ""] = process.argv.slice(2);
const file = join(dir, "lock");

/** Blocks for some microseconds, inside the region: long enough for another to come in if it can. */
function linger(next: () => number): void {
  const until = Bun.nanoseconds() + next() ** 8 * 3e6;
  while (Bun.nanoseconds() < until);
}

async function takeOnce(next: () => number, region: Region): Promise<void> {
  const dice = next();
  if (dice < 0.03) return throughTheCommand(next);
  const handle = dice < 0.2 ? tryLock(file) : await patiently(dice < 0.4 ? next() * 20 : undefined);
  if (handle === null) return;
  region.pass(() => linger(next));
  handle.release();
}

async function patiently(wait: number | undefined): Promise<LockHandle | null> {
  // A wait keeps no process alive, and this one has nothing else to live for.
  const alive = setInterval(() => {}, 1 << 30);
  try {
    return await lock(file, { wait });
  } catch (error) {
    if (error instanceof LanesError && error.key.startsWith("lock.timeout")) return null;
    throw error;
  } finally {
    clearInterval(alive);
  }
}

/** The same through the compiled executable; now and then with a daemon that keeps the descriptor. */
async function throughTheCommand(next: () => number): Promise<void> {
  const options = next() < 0.3 ? ["-w", String(next() / 10)] : [];
  const daemon = next() < 0.3 ? `sleep ${next() / 5} & ` : "";
  const script = `${daemon}exec "$0" "$1" once`;
  const command = [lanes, "lock", "-q", ...options, file, "--", "sh", "-c", script, process.execPath, dir];
  await Bun.spawn(command, { stdio: ["ignore", "ignore", "inherit"] }).exited;
}

if (lanes === "once") {
  const once = random(process.pid);
  new Region(dir).pass(() => linger(once));
  process.exit(0);
}
let ending = false;
process.on("SIGTERM", () => {
  ending = true;
});
const next = random(Number(seed));
const region = new Region(dir);
while (!ending) {
  await takeOnce(next, region).catch((error: unknown) => {
    if (existsSync(dir)) appendFileSync(violationsFile(dir), `pid ${process.pid} failed: ${error}\n`);
    process.exit(1);
  });
  // Signals are handled between the turns of the event loop.
  if (next() < 0.1) await Bun.sleep(next() < 0.1 ? 1 : 0);
}
process.exit(0);
