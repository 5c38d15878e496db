/**
 * A process that bench-lock.ts measures. `pairs KIND FILE N`: acquire and release, alone. `rmw KIND FILE DATA N START`: increments the
 * count in a JSON file under the lock, from a moment on. `handover KIND FILE SHARED N`: passes the lock to and fro with
 * another one, either with the event loop running while it waits or `blocking`, as `lanes lock` does. `hammer FILE START MS`:
 * takes it as often as it can for so long, from a moment on. The result is a line of JSON on stdout.
 */
import { dlopen } from "bun:ffi";
import fs from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { lock } from "../../src/lock/index.ts";
import { lockBlocking } from "../../src/lock/lock.ts";

interface Peer {
  lock(path: string, options: object): Promise<() => Promise<void>>;
  lockSync(path: string, options: object): () => void;
}
interface OldPeer {
  lock(path: string, options: object, done: (error: unknown) => void): void;
  unlock(path: string, done: (error: unknown) => void): void;
  lockSync(path: string): void;
  unlockSync(path: string): void;
}

const [mode = "", ...args] = process.argv.slice(2);
const peers = createRequire(join(import.meta.dir, "..", "peers", "lock", "package.json"));
const libc = dlopen(process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
  clock_gettime: { args: ["i32", "buffer"], returns: "i32" },
  flock: { args: ["i32", "i32"], returns: "i32" },
}).symbols;
const time = new BigInt64Array(2);

/** CLOCK_MONOTONIC, the same in every process, in microseconds. */
function nowUs(): number {
  libc.clock_gettime(process.platform === "darwin" ? 6 : 1, new Uint8Array(time.buffer));
  return Number(time[0]) * 1e6 + Number(time[1]) / 1e3;
}

/** The bare four system calls, and the close that has to follow. */
function bare(file: string, record: Buffer): void {
  const { O_CREAT, O_EXCL, O_RDWR, O_NOFOLLOW } = fs.constants;
  const fd = fs.openSync(file, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, 0o644);
  if (libc.flock(fd, 6) !== 0) throw new Error("flock");
  fs.writeSync(fd, record);
  fs.unlinkSync(file);
  fs.closeSync(fd);
}

/** Takes the lock, does the work under it, releases. */
async function under(kind: string, file: string, work: () => void): Promise<void> {
  if (kind === "lanes") {
    const handle = await lock(file);
    work();
    handle.release();
  } else if (kind === "proper-lockfile") {
    // Not a large number of retries: it would make a table of them for each lock.
    const retries = { forever: true, minTimeout: 1, maxTimeout: 20 };
    const release = await (peers("proper-lockfile") as Peer).lock(file, { realpath: false, retries });
    work();
    await release();
  } else {
    const old = peers("lockfile") as OldPeer;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    old.lock(file, { wait: 1e6, pollPeriod: 2 }, (error) => (error ? reject(error) : resolve()));
    await promise;
    work();
    await new Promise((done) => old.unlock(file, done));
  }
}

async function pairs(kind = "", file = "", n = 0): Promise<object> {
  const record = Buffer.from(`${JSON.stringify({ lanes: 1, pid: process.pid, filler: "x".repeat(200) })}\n`);
  const once: Record<string, () => unknown> = {
    bare: () => bare(file, record),
    lanes: async () => (await lock(file)).release(),
    // As their manuals have it, with promises or callbacks, and the synchronous way, which cannot wait.
    "proper-lockfile": () => under("proper-lockfile", file, () => {}),
    "proper-lockfile, sync": () => (peers("proper-lockfile") as Peer).lockSync(file, { realpath: false })(),
    lockfile: () => under("lockfile", file, () => {}),
    "lockfile, sync": () => {
      const old = peers("lockfile") as OldPeer;
      old.lockSync(file);
      old.unlockSync(file);
    },
  };
  for (let round = 0; round < n / 10; round++) await once[kind]?.();
  const start = nowUs();
  for (let round = 0; round < n; round++) await once[kind]?.();
  return { perSecond: n / ((nowUs() - start) / 1e6) };
}

async function rmw(kind = "", file = "", data = "", n = 0, startMs = 0): Promise<object> {
  const increment = () => {
    const value = JSON.parse(fs.readFileSync(data, "utf8"));
    value.count += 1;
    fs.writeFileSync(data, JSON.stringify(value));
  };
  await Bun.sleep(startMs - Date.now());
  for (let round = 0; round < n; round++) await under(kind, file, increment);
  return { endMs: Date.now() };
}

async function handover(kind = "", file = "", shared = "", n = 0): Promise<object> {
  const fd = fs.openSync(shared, fs.constants.O_RDWR | fs.constants.O_CREAT);
  const stamp = new Float64Array(1);
  const us: number[] = [];
  for (let round = 0; round < n; round++) {
    const handle = kind === "blocking" ? lockBlocking(file) : await lock(file);
    const acquired = nowUs();
    fs.readSync(fd, stamp, 0, 8, 0);
    if (round > 4 && stamp[0]) us.push(acquired - stamp[0]);
    await Bun.sleep(3);
    stamp[0] = nowUs();
    fs.writeSync(fd, stamp, 0, 8, 0);
    handle.release();
    await Bun.sleep(1);
  }
  return { us };
}

async function hammer(file = "", startMs = 0, ms = 0): Promise<object> {
  // All begin at one moment, so that nobody has the lock to himself first.
  (await lock(`${file}.${process.pid}`)).release();
  await Bun.sleep(startMs - Date.now());
  let [turns, worstMs] = [0, 0];
  while (Date.now() < startMs + ms) {
    const handle = await lock(file);
    worstMs = Math.max(worstMs, handle.waitedMs);
    turns += 1;
    handle.release();
  }
  return { turns, worstMs };
}

const alive = setInterval(() => {}, 1 << 30);
const [a = "", b = "", c = "", d = "", e = ""] = args;
const works: Record<string, () => Promise<object>> = {
  pairs: () => pairs(a, b, Number(c)),
  rmw: () => rmw(a, b, c, Number(d), Number(e)),
  handover: () => handover(a, b, c, Number(d)),
  hammer: () => hammer(a, Number(b), Number(c)),
};
process.stdout.write(`${JSON.stringify(await works[mode]?.())}\n`);
clearInterval(alive);
process.exit(0);
