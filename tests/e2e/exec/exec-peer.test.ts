/**
 * What CPython's own tests ask of Process and of what is shared, and is nowhere else asked of it here: written anew from the
 * behaviour, named after the test it answers (tests/unit/api/peer.test.ts has all of them).
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { Playground } from "../../support/lanes.ts";
import { execute, imports, printed, program } from "../../support/program.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

test("_TestProcess.test_process, test_cpu_count, test_child_fd_inflation, TestIgnoreEINTR.test_ignore, TestWait.test_wait, test_wait_slow, test_wait_timeout, test_neg_timeout: a process is itself, and can be waited for beside others", async () => {
  const said = await printed(
    place,
    `import { readdirSync } from "node:fs";
     function is(queue: number[], word: string) { const { name, pid, daemon } = lanes.currentProcess(); return { queue, word, name, pid, daemon, open: readdirSync("/proc/self/fd").length }; }
     async function signalled(event: lanes.Event, ready: lanes.Event) { let seen = 0; process.on("SIGUSR1", () => { seen += 1; }); ready.set(); await event.wait(); return seen > 0; }
     async function until(event: lanes.Event) { await event.wait(); }`,
    `const p = new Process({ target: is, args: [[1], "two"], name: "itself" });
     console.log(lanes.activeChildren().includes(p));
     p.start();
     console.log(lanes.activeChildren().includes(p));
     const { pid, open, ...rest } = await p.result;
     console.log(JSON.stringify(rest), pid === p.pid, await p.join(), p.exitCode, lanes.activeChildren().includes(p));
     // The tenth child has no more open than the first.
     const more = await Promise.all(Array.from({ length: 10 }, () => new Process({ target: is, args: [[], ""] }).start().result));
     console.log(Math.max(...more.map((each) => each.open)) <= open, lanes.cpuCount() >= 1, Number.isInteger(lanes.cpuCount()));
     const [go, ready] = [new lanes.Event(), new lanes.Event()];
     const waits = new Process({ target: signalled, args: [go, ready] }).start();
     await ready.wait();
     for (let i = 0; i < 5; i++) { process.kill(waits.pid ?? 0, "SIGUSR1"); await Bun.sleep(1); }
     go.set();
     console.log(await waits.result);
     // Which of several ends first; nobody does within a time, or within none.
     const [one, two] = [new lanes.Event(), new lanes.Event()];
     const all = [one, two].map((event) => new Process({ target: until, args: [event] }).start());
     const first = (timeout?: number) => Promise.race(all.map(async (each, i) => (await each.join({ timeout })) ? i : null));
     console.log(await first(0), await first(-1), await first(5));
     two.set();
     console.log(await first());
     one.set();
     console.log((await Promise.all(all.map((each) => each.join()))).join());`,
  );
  expect(said).toEqual([
    "false",
    "true",
    '{"queue":[1],"word":"two","name":"itself","daemon":false} true true 0 false',
    "true true true",
    "true",
    "null null null",
    "1",
    "true,true",
  ]);
});

test("TestNamedResource.test_global_named_resource_spawn, _TestImportStar.test_import, MiscTestCase.test__all__: what the top level of a file makes and imports", async () => {
  const { code, stdout, stderr } = await execute(
    place,
    `${imports}
     const everywhere = new lanes.Lock();
     async function take() { await everywhere.acquire(); return everywhere.isLocked; }
     if (import.meta.main) {
       console.log(await take(), await new Process({ target: take }).start().result);
       const [names, all] = [Object.keys(lanes), require("lanes")];
       console.log(names.every((name) => all[name] === lanes[name as "Lock"]), ["Process", "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier", "SharedValue", "SharedArray", "FileLock"].filter((name) => !names.includes(name)).join());
     }`,
  );
  // A child loads the file again, and makes a lock of its own: one that is to be shared is an argument.
  expect([code, stdout, stderr]).toEqual([0, "true true\ntrue \n", ""]);
});

test("a child begins, and what it shares is served, though its parent computes", async () => {
  const said = await printed(
    place,
    `import { existsSync, writeFileSync } from "node:fs";
     async function begin(lock: lanes.Lock, big: string) { await lock.with(() => writeFileSync("begun", String(big.length))); }
     async function wait(event: lanes.Event) { await event.wait(); }
     async function middle() { const [event, set] = [new lanes.Event(), new lanes.Event()]; new Process({ target: wait, args: [set], daemon: true }).start(); void event.$lanes; return await event.wait({ timeout: 5 }); }`,
    `const p = new Process({ target: begin, args: [new lanes.Lock(), "x".repeat(50_000)] }).start();
     while (!existsSync("begun")) Bun.sleepSync(1);
     console.log(p.exitCode, await p.join());
     // Nothing but a wait at a hub that is only just starting keeps this one alive.
     console.log(await new Process({ target: middle }).start().result);`,
  );
  expect(said).toEqual(["null true", "false"]);
});

test("TestResourceTracker.test_resource_tracker_sigint, test_resource_tracker_sigterm, test_resource_tracker_sigkill: nothing is left in shared memory", async () => {
  const text = `${imports}
     async function hold(lock: lanes.Lock, own: lanes.Event) { await lock.acquire(); const mine = new lanes.Event(); await mine.wait({ timeout: 1 }); console.log(mine.$lanes.hub); own.set(); setInterval(() => {}, 1000); }
     if (import.meta.main) {
       const [lock, own] = [new lanes.Lock(), new lanes.Event()];
       console.log(lock.$lanes.hub);
       if (process.argv[2] === "hold") { new Process({ target: hold, args: [lock, own] }).start(); await own.wait(); console.log("up"); }
     }`;
  const file = program(place, text);
  let before: string[] = [];
  for (const signal of ["SIGKILL", "SIGINT", "SIGTERM", null] as const) {
    const child = place.spawn(["exec", file, ...(signal === null ? [] : ["hold"])]);
    const reader = child.stdout.getReader();
    let said = "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      said += new TextDecoder().decode(next.value);
      if (said.includes("up\n")) break;
    }
    // What could not be removed by who was killed, the next one removes that shares something.
    if (signal === null) await child.exited;
    else await until("what was left before to be removed", () => !before.some((folder) => existsSync(folder)));
    const folders = said.split("\n").filter((line) => line.includes("lanes-hub-"));
    expect(folders.map((folder) => existsSync(folder))).toEqual(signal === null ? [false] : [true, true]);
    if (signal !== null) child.kill(signal);
    await child.exited;
    await until("its processes to end", () => place.running().length === 0);
    before = folders;
    if (signal === "SIGINT" || signal === "SIGTERM") expect(existsSync(folders[0] ?? "")).toBe(false);
  }
});
