/** FileLock: the lock file of `lanes lock`, taken by a program's processes and by whoever else knows the path. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { imports, printed } from "../../support/program.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** What a program does with another `lanes lock`, of which it is no part. */
const shell = `
  const { FileLock } = lanes;
  const locked = (...args: string[]) => Bun.spawnSync([process.execPath, "lock", ...args], { stderr: "ignore" });
  const status = (file: string) => JSON.parse(String(locked("status", "--json", file).stdout));
  /** Somebody who holds the file until stdin is closed; resolves when it is held. */
  async function elsewhere(file: string, ...options: string[]) {
    const holder = Bun.spawn([process.execPath, "lock", ...options, file, "sh", "-c", "echo held; exec cat"], { stdin: "pipe", stdout: "pipe" });
    await holder.stdout.getReader().read();
    return holder;
  }`;

test("`lanes lock` of a shell and a program hold the same file against each other", async () => {
  const said = await printed(
    place,
    shell,
    `const lock = new FileLock("job.lock");
     console.log(lock.isLocked, lock.tryAcquire(), lock.tryAcquire(), lock.isLocked, Bun.inspect(lock));
     console.log(locked("-n", "job.lock", "true").exitCode, status("job.lock").state, status("job.lock").owner.pid === process.pid);
     lock.release();
     console.log(lock.isLocked, locked("-n", "job.lock", "true").exitCode, Bun.inspect(lock));
     const holder = await elsewhere("job.lock");
     console.log(lock.isLocked, lock.tryAcquire(), await lock.acquire({ timeout: 0 }), await lock.acquire({ timeout: 20 }));
     console.log(await lock.acquire({ signal: AbortSignal.timeout(20) }).catch((error) => error.name), await lock.hold({ timeout: 1 }).catch((error) => error.message));
     const waits = lock.hold();
     holder.stdin.end();
     { using held = await waits; console.log(held.recovered, await holder.exited, locked("-n", "job.lock", "true").exitCode); }
     console.log(lock.isLocked);`,
  );
  expect(said).toEqual([
    "false true false true <FileLock job.lock: held by this process>",
    "75 held true",
    "false 0 <FileLock job.lock>",
    "true false false false",
    "TimeoutError job.lock could not be had within 1 ms.",
    "false 0 75",
    "false",
  ]);
});

test("kill -9 of whoever holds it frees it, a process of the program or a stranger, and the next one learns of it, once", async () => {
  const said = await printed(
    place,
    `${shell}
     async function keep(lock: lanes.FileLock, held: lanes.Event) { await lock.acquire(); held.set(); setInterval(() => {}, 1000); }
     const how = async (lock: lanes.FileLock, kill: () => unknown) => {
       const waits = lock.hold();
       await kill();
       { await using held = await waits; console.log(held.recovered, lock.isLocked); }
       using held = await lock.hold();
       console.log(held.recovered);
     };`,
    `const lock = new FileLock("job.lock", { name: "the job" });
     const held = new lanes.Event();
     const child = new Process({ target: keep, args: [lock, held] }).start();
     await held.wait();
     console.log(lock.tryAcquire(), lock.isLocked);
     await how(lock, () => child.kill());
     console.log(await child.join(), child.signal);
     const stranger = await elsewhere("job.lock", "-o");
     await how(lock, async () => { stranger.kill("SIGKILL"); await stranger.exited; });
     const twice = new Process({ target: keep, args: [lock, held] }).start();
     await twice.terminate();
     console.log(await lock.with(() => "with"));`,
  );
  expect(said).toEqual(["false true", "true true", "false", "true SIGKILL", "true true", "false", "with"]);
});

test("tasks of one process stand in line, by whichever path; what cannot be is an error", async () => {
  mkdirSync(join(place.tmp, "real"));
  symlinkSync("real", join(place.tmp, "link"));
  const said = await printed(
    place,
    `const { FileLock } = lanes;
     const elsewhere = async (lock: lanes.FileLock) => { process.chdir("/"); return [lock.path, lock.name, await lock.acquire({ timeout: 0 })]; };`,
    `const [lock, same] = [new FileLock("real/a.lock"), new FileLock("link/../link/a.lock")];
     const order: number[] = [];
     await lock.acquire();
     const tasks = [1, 2, 3].map((n) => (n === 2 ? lock : same).with(async () => { order.push(n); await Bun.sleep(1); order.push(-n); return n; }));
     const late = lock.acquire({ timeout: 5 });
     console.log(await late, same.tryAcquire(), lock.path === same.path);
     const [path, name, had] = await new Process({ target: elsewhere, args: [same] }).start().result;
     console.log(path === lock.path, name, had);
     lock.release();
     console.log((await Promise.all(tasks)).join(), order.join());
     const tried = async (run: () => unknown) => { try { return await run(); } catch (error) { return error instanceof lanes.LanesError ? "LanesError " + error.message : error; } };
     console.log(await tried(() => lock.release()));
     console.log(await tried(() => new FileLock("gone/a.lock").acquire()));
     console.log(await tried(() => new FileLock("real").tryAcquire()));
     console.log(await tried(() => lock.acquire({ timeout: NaN })), await tried(() => lock.with(() => { throw "thrown"; })), lock.tryAcquire());`,
  );
  expect(said.slice(0, 3)).toEqual(["false false true", "true link/../link/a.lock false", "1,2,3 1,-1,2,-2,3,-3"]);
  expect(said.slice(3)).toEqual([
    "LanesError real/a.lock: release() is for the process that holds it, and this one does not.",
    expect.stringMatching(/^LanesError .*gone/),
    expect.stringMatching(/^LanesError .*real/),
    "LanesError timeout has to be a number of ms, and is NaN. thrown true",
  ]);
});

test("processes and shells add to one file under it: nothing is lost, and all of it recorded; under `lanes lock` of the same file it is refused", async () => {
  const { code, stdout, stderr } = await place.shell(
    `cat > program.ts <<'E'
${imports}
import { readFileSync, writeFileSync } from "node:fs";
async function add(lock: lanes.FileLock, n: number) {
  for (let i = 0; i < n; i++) {
    using _ = await lock.hold();
    writeFileSync("count", String(Number(readFileSync("count", "utf8")) + 1));
  }
}
if (import.meta.main) {
  const lock = new lanes.FileLock("count.lock");
  if (process.argv[2] === "under") console.log(await lock.acquire().catch((error) => error.message));
  else for (const p of [1, 2, 3].map(() => new Process({ target: add, args: [lock, 20] }).start())) await p.result;
}
E
echo 0 > count
$LANES exec --jsonl program.ts 2>events & program=$!
for i in 1 2 3 4 5; do $LANES lock count.lock sh -c 'n=$(cat count); echo $((n + 1)) > count'; done
wait $program && echo $(cat count)
grep -c '"type":"hold","on":"count.lock"' events
$LANES lock count.lock $LANES exec program.ts under; ls count.lock`,
  );
  expect(stdout.split("\n")).toEqual(["65", "60", expect.stringContaining("count.lock"), ""]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("count.lock")]);
});
