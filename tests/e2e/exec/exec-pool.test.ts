/**
 * Pools in a program of a user's. Names of tests are those of CPython's _test_multiprocessing and test_concurrent_futures that they
 * answer: the same behaviour, written anew (tests/unit/api/peer.test.ts has all of them).
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { execute, imports, printed, program } from "../../support/program.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** What nearly every program here has at its top level. */
const top = `
const { Pool, RemoteError, WorkerLost, NotSendable, ProcessError } = lanes;
function sqr(x: number, ms = 0) { for (const until = performance.now() + ms; performance.now() < until; ); return x * x; }
function mul(x: number, y: number) { return x * y; }
function pid() { return process.pid; }
async function sleep(ms: number) { await Bun.sleep(ms); return ms; }
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const named = (error: any) => error.name;
async function all<T>(results: AsyncIterable<T>) { const list: T[] = []; for await (const each of results) list.push(each); return list; }
const equal = (a: unknown, b: unknown) => Bun.deepEquals(a, b);
`;

test("_TestPool.test_apply, test_async, test_async_timeout, test_map, test_map_async, test_map_async_callbacks, test_map_chunksize, test_starmap, test_starmap_async, test_empty_iterable, test_context, test_enter, test_make_pool, ExecutorTest.test_submit, test_submit_keyword, test_map, test_max_workers_negative, ProcessPoolExecutorTest.test_map_chunksize: results, in order, of every way to call", async () => {
  const said = await printed(
    place,
    `${top}
     function options(n: number, { y = 1 }: { y?: number }) { return n * y; }`,
    `const squares = upTo(100).map((x) => x * x);
     let kept: lanes.Pool;
     {
       await using pool = new Pool(3);
       kept = pool;
       console.log(pool.processes, Bun.inspect(pool));
       console.log(await pool.apply(sqr, 5), await pool.apply(sqr, 7, 20), await pool.apply(options, 2, { y: 8 }));
       console.log(await pool.map(sqr, upTo(10)).then((list) => list.join()));
       console.log(equal(await pool.map(sqr, upTo(100), { chunkSize: 20 }), squares), equal(await pool.map(sqr, new Set(upTo(100))), squares));
       for (const chunkSize of [6, 50, 40]) console.log(equal(await pool.starmap(mul, upTo(40).map((x) => [x, x]), { chunkSize }), squares.slice(0, 40)));
       console.log(await pool.map(sqr, []), await pool.starmap(mul, [], { chunkSize: 1 }), await all(pool.imap(sqr, [])), await all(pool.imapUnordered(sqr, [])));
       // In time, or the signal's reason.
       const began = performance.now();
       console.log(await pool.map(sleep, [60_000], { signal: AbortSignal.timeout(30) }).catch(named), performance.now() - began < 20_000);
       for (const chunkSize of [0, -1, 1.5]) console.log(await pool.map(sqr, [1], { chunkSize }).catch((error) => error.message));
     }
     console.log(await kept.map(sqr, [1]).catch((error) => error.message), Bun.inspect(kept));
     for (const size of [0, -1]) try { new Pool(size); } catch (error: any) { console.log(error.name, error.message); }`,
  );
  expect(said).toEqual([
    "3 <Pool-1: 3 processes, open>",
    "25 49 16",
    "0,1,4,9,16,25,36,49,64,81",
    "true true",
    ...["true", "true", "true"],
    "[] [] [] []",
    "TimeoutError true",
    ...[0, -1, 1.5].map((n) => `chunkSize has to be 1, 2, 3 …, and is ${n}.`),
    "Pool-1 was terminated. <Pool-1: 3 processes, terminated>",
    ...[0, -1].map((n) => `ProcessError new Pool(processes) has to be 1, 2, 3 …, and is ${n}.`),
  ]);
}, 120_000);

test("_TestPool.test_imap, test_imap_unordered, test_imap_handle_iterable_exception, test_imap_unordered_handle_iterable_exception, test_map_handle_iterable_exception, ExecutorTest.test_map_exception, test_map_timeout: one by one, in order or as they come, and an input that throws", async () => {
  const said = await printed(
    place,
    `${top}
     function* throwing(total: number, when: number) { if (when === -1) throw new Error("say when"); for (let i = 0; i < total; i++) { if (i === when) throw new Error("say when"); yield i; } }
     async function behind(gate: lanes.Event | null) { await gate?.wait(); return gate === null ? 1 : 500; }
     function mayDie(x: number) { if (x === 0) process.kill(process.pid, "SIGKILL"); return x; }
     function divide(x: number) { if (x === 0) throw new RangeError("by nothing"); return 1 / x; }
     async function taken(results: AsyncIterable<unknown>) { const list: unknown[] = []; try { for await (const each of results) list.push(each); list.push("end"); } catch (error: any) { list.push(error.message); } return list.join(); }
     async function* slowly() { for (const n of [1, 2, 3]) { await Bun.sleep(1); yield n; } }`,
    `const pool = new Pool(3);
     console.log(equal(await all(pool.imap(sqr, upTo(1000), { chunkSize: 100 })), upTo(1000).map((x) => x * x)));
     console.log((await all(pool.imapUnordered(sqr, upTo(1000), { chunkSize: 100 }))).sort((a, b) => a - b).join() === upTo(1000).map((x) => x * x).join());
     const gate = new lanes.Event();
     const came = [];
     for await (const each of pool.imapUnordered(behind, [gate, null, null])) if (came.push(each) === 2) gate.set();
     console.log(came.join());
     console.log((await all(pool.imap(sqr, slowly()))).join());
     for (const [total, when, chunkSize] of [[1, -1, 1], [1, -1, 1], [10, 3, 1], [20, 7, 2], [20, 7, 4]] as const) {
       console.log(await taken(pool.imap(sqr, throwing(total, when), { chunkSize })));
       const some = (await taken(pool.imapUnordered(sqr, throwing(total, when), { chunkSize }))).split(",");
       console.log(some.length <= total + 1, some.at(-1));
       console.log(await pool.map(sqr, throwing(total, when), { chunkSize }).catch((error) => error.message));
     }
     console.log(await taken(pool.imap(divide, [2, 1, 0, 5])));
     const control = new AbortController();
     const given = [];
     try { for await (const each of pool.imap(sleep, [0, 0, 60_000], { signal: control.signal })) if (given.push(each) === 2) control.abort("enough"); } catch (reason) { given.push(reason); }
     console.log(given.join());
     // An error is that of one item: next() goes on behind it, whatever the chunks; what a dead worker had not begun is done, too.
     for (const chunkSize of [1, 2, 4]) {
       const it = pool.imap(divide, [1, 0, 2, 4, 0, 5], { chunkSize });
       const list: unknown[] = [];
       for (;;) { try { const { done, value } = await it.next(); if (done) break; list.push(value); } catch (error: any) { list.push(error.message + " " + error.index); } }
       console.log(list.join());
     }
     {
       const it = pool.imap(mayDie, [1, 2, 0, 3, 4], { chunkSize: 5 });
       const list: unknown[] = [];
       for (;;) { try { const { done, value } = await it.next(); if (done) break; list.push(value); } catch (error: any) { list.push(error.message.replace(/.* in the/, "in the")); } }
       console.log(list.join());
       const all = pool.imapUnordered(sqr, [1, 2, 3]);
       console.log((await Promise.all([all.next(), all.next(), all.next(), all.next()])).map(({ done }) => done).join());
     }
     // Only so much is read ahead, whoever is slow; what is not read to its end is put away.
     let read = 0;
     let put = false;
     function* endless() { try { for (;;) yield read++; } finally { put = true; } }
     for await (const result of pool.imap(sqr, endless(), { ahead: 5 })) { await Bun.sleep(2); if (result > 100) break; }
     console.log(read <= 12 + 5, put);
     pool.terminate();`,
  );
  expect(said).toEqual([
    "true",
    "true",
    "1,1,500",
    "1,4,9",
    ...["say when", "0,1,4,say when", "0,1,4,9,16,25,36,say when", "0,1,4,9,16,25,36,say when"].flatMap((line, i) =>
      Array.from({ length: i === 0 ? 2 : 1 }, () => [line, "true say when", "say when"]).flat(),
    ),
    "0.5,1,by nothing",
    "0,0,enough",
    ...Array.from({ length: 3 }, () => "1,by nothing 1,0.5,0.25,by nothing 4,0.2"),
    "in the middle of mayDie(items[2]).,3,4",
    "false,false,false,true",
    "true true",
  ]);
}, 120_000);

test("_TestPool.test_terminate, test_traceback, test_map_unplicklable, test_map_no_failfast, _TestPoolWorkerErrors.test_async_error_callback, test_unpickleable_result, TestPoolNotLeakOnFailure.test_release_unused_processes, ProcessPoolExecutorTest.test_traceback: errors come back, the pool goes on", async () => {
  const said = await printed(
    place,
    `${top}
     function raising(): number { throw new TypeError("123", { cause: new Error("why") }); } // some comment
     function unsendable() { return () => 42; }
     function among(x: number) { return x === 3 ? Symbol("no") : x; }
     async function late(x: number) { await Bun.sleep(x); throw new Error("x".repeat(1024 * 1024)); }`,
    `const pool = new Pool(2);
     const error: any = await pool.apply(raising).catch((error) => error);
     console.log(error instanceof RemoteError, error.name, error.message, error.cause?.message, /at raising .*program\\.ts:\\d+:\\d+/.test(error.stack), error.stack.includes("-- in process PoolWorker-"));
     console.log(await pool.map(sqr, [1, 2, (() => 3) as never]).catch((error) => [error.name, error.message.slice(0, 22)].join()));
     console.log(await pool.apply(mul, 1, Promise.resolve(2) as never).catch((error) => error.message.slice(0, 20)));
     const pids = new Set(await pool.map(pid, upTo(8) as never, { chunkSize: 1 }));
     for (let i = 0; i < 20; i++) { const error: any = await pool.apply(unsendable as never).catch((error) => error); if (error.name !== "NotSendable" || !error.message.startsWith("result is a function")) console.log(error); }
     console.log(await pool.map(among as never, upTo(8), { chunkSize: 8 }).catch((error) => error.message));
     // The workers are those that were there.
     console.log((await pool.map(pid, upTo(8) as never, { chunkSize: 1 })).every((each) => pids.has(each)));
     console.log(await pool.map(late, [0, 100]).catch((error) => error.message.length));
     pool.close();
     await pool.join();
     // Ten thousand tasks that take for ever, ended at once.
     const slow = new Pool(3);
     const never = slow.map(sleep, Array.from({ length: 10_000 }, () => 1e6), { chunkSize: 1 }).catch((error) => error.message);
     await Bun.sleep(50);
     slow.terminate();
     await slow.join();
     console.log(await never);
     // What cannot begin leaves nothing.
     try { new Pool(2, { initializer: (() => {}) as never }); } catch (error: any) { console.log(error.name); }
     console.log(lanes.activeChildren().length);`,
  );
  expect(said).toEqual([
    "true TypeError 123 why true true",
    "NotSendable,items[2] is a function",
    "args[1] is a promise",
    "result is a symbol: it cannot be sent to another process.",
    "true",
    "32790", // what is told of a message has an end
    "Pool-2 was terminated.",
    "NotReachable",
    "0",
  ]);
}, 120_000);

test("ExecutorDeadlockTest.test_error_at_task_pickle, test_exit_at_task_unpickle, test_error_at_task_unpickle, test_crash_at_task_unpickle, test_crash_during_func_exec_on_worker, test_exit_during_func_exec_on_worker, test_error_during_func_exec_on_worker, test_crash_during_result_pickle_on_worker, test_exit_during_result_pickle_on_worker, test_error_during_result_pickle_on_worker, test_shutdown_deadlock, test_shutdown_deadlock_pickle, test_crash_big_data, ProcessPoolExecutorTest.test_killed_child, test_broken_process_pool_traceback, test_traceback_when_child_process_terminates_abruptly: wherever a worker ends, its call rejects, another takes its place, nothing hangs", async () => {
  for (const [name, text] of [
    ["exits", "process.exit(7);"],
    ["crashes", 'process.kill(process.pid, "SIGKILL");'],
    ["throws", 'throw new EvalError("while loading");'],
  ])
    program(
      place,
      `if (!import.meta.main && process.env.IN_MAIN !== String(process.pid)) { ${text} }\nexport function f() { return 1; }\n`,
      `${name}.ts`,
    );
  const said = await printed(
    place,
    `${top}
     function crash() { process.kill(process.pid, "SIGKILL"); }
     function crashWith(_: string) { process.kill(process.pid, "SIGSEGV"); }
     function exit() { process.exit(1); }
     function fail() { throw new RangeError("here"); }
     const at = (what: () => unknown) => ({ get value() { return what(); } });
     function crashAtResult() { return at(() => process.kill(process.pid, "SIGKILL")); }
     function exitAtResult() { return at(() => process.exit(3)); }
     function failAtResult() { return at(() => { throw new RangeError("getter"); }); }
     async function later() { await Bun.sleep(100); process.kill(process.pid, "SIGKILL"); }`,
    `process.env.IN_MAIN = String(process.pid);
     const [exits, crashes, throws] = await Promise.all(["exits", "crashes", "throws"].map((name) => import("./" + name + ".ts")));
     delete process.env.IN_MAIN;
     const pool = new Pool(2);
     const told = (error: any) => [error.name, error.pid > 0 ? (error.signal ?? error.exitCode) : "", error.message.replace(/PoolWorker-\\d+ \\(pid \\d+\\)/, "W")].join(" | ");
     for (const call of [
       () => pool.apply(mul, 1, Symbol("x") as never),
       () => pool.apply(exits.f), () => pool.apply(crashes.f), () => pool.apply(throws.f),
       () => pool.apply(crash), () => pool.apply(exit), () => pool.apply(fail),
       () => pool.apply(crashAtResult as never), () => pool.apply(exitAtResult as never), () => pool.apply(failAtResult as never),
     ]) {
       console.log(await call().then(() => "no error", told));
       console.log(await pool.apply(mul, 6, 7));
     }
     console.log(await pool.map(crashWith, Array.from({ length: 10 }, () => "a".repeat(4e6))).catch(told));
     // Each call has an error of its own, with its own place.
     const [one, two] = await Promise.all([pool.apply(crash).catch((error) => error), pool.apply(crash).catch((error) => error)]);
     console.log(one !== two, [one, two].every((each) => each.stack.match(/program\\.ts/g).length === 1));
     // Closed, and then a worker ends.
     const closing = new Pool(2);
     const lost = closing.apply(later).catch(named);
     const refused = closing.apply(mul, (() => 1) as never, 1).catch(named);
     closing.close();
     await closing.join();
     console.log(await lost, await refused);
     pool.terminate();`,
  );
  const lost = (how: string, at: string) =>
    `WorkerLost | ${how.replace("exit code ", "")} | W ended with ${how} in the middle of ${at}.`;
  expect(said).toEqual([
    ...[
      "NotSendable |  | args[1] is a symbol: it cannot be sent to another process.",
      lost("exit code 7", "f"),
      lost("SIGKILL", "f"),
      "EvalError |  | while loading",
      lost("SIGKILL", "crash"),
      lost("exit code 1", "exit"),
      "RangeError |  | here",
      lost("SIGKILL", "crashAtResult"),
      lost("exit code 3", "exitAtResult"),
      "RangeError |  | getter",
    ].flatMap((line) => [line, "42"]),
    expect.stringMatching(
      /^WorkerLost \| SIGSEGV \| W ended with SIGSEGV in the middle of crashWith\(items\[\d\]\)\.$/,
    ),
    "true true",
    "WorkerLost NotSendable",
  ]);
}, 120_000);

test("_TestPoolWorkerLifetime.test_pool_worker_lifetime, test_pool_worker_lifetime_early_close, test_pool_maxtasksperchild_invalid, test_worker_finalization_via_atexit_handler_of_multiprocessing, TestInitializers.test_pool_initializer, InitializerMixin.test_initializer, FailingInitializerMixin.test_initializer, ProcessPoolExecutorTest.test_max_tasks_per_child, test_max_tasks_per_child_pending_tasks_gh115634, test_shutdown_no_wait_max_tasks_gh119592, test_saturation: workers begin, are replaced, and end", async () => {
  const said = await printed(
    place,
    `${top}
     import { appendFileSync } from "node:fs";
     let status = "uninitialized";
     function init(word: string) { status = word; }
     function getStatus() { return status; }
     function initFails(n: number) { if (n > 0) throw new RangeError("error in initializer " + n); }
     function initExits() { process.exit(5); }
     function noteExit(file: string) { process.on("exit", () => appendFileSync(file, "bye\\n")); }
     async function take(permits: lanes.Semaphore) { await permits.acquire(); return true; }`,
    `const replaced = new Pool(3, { maxTasksPerChild: 10 });
     const before = new Set(await replaced.map(pid, upTo(6) as never, { chunkSize: 1 }));
     console.log(equal(await Promise.all(upTo(100).map((i) => replaced.apply(sqr, i))), upTo(100).map((x) => x * x)));
     console.log((await replaced.map(pid, upTo(6) as never, { chunkSize: 1 })).filter((each) => before.has(each)).length);
     const rest = upTo(8).map((i) => replaced.apply(sqr, i, 10));
     replaced.close();
     await replaced.join();
     console.log((await Promise.all(rest)).join());
     for (const maxTasksPerChild of [0, -1, 1.5, "12" as never]) try { new Pool(3, { maxTasksPerChild }); } catch (error: any) { console.log(error.message); }
     const one = new Pool(1, { maxTasksPerChild: 3 });
     const pids = [];
     for (let i = 0; i < 7; i++) pids.push(await one.apply(pid));
     console.log(new Set(pids.slice(0, 3)).size, new Set(pids.slice(3, 6)).size, new Set(pids).size);
     const queued = upTo(6).map((i) => one.apply(mul, i, 2));
     one.close();
     console.log((await Promise.all(queued)).join());
     await one.join();
     const ready = new Pool(2, { initializer: init, initArgs: ["initialized"] });
     console.log((await Promise.all(upTo(4).map(() => ready.apply(getStatus)))).join());
     ready.terminate();
     for (const [initializer, initArgs] of [[initFails, [1]], [initExits, []]] as const) {
       const broken = new Pool(2, { initializer, initArgs } as never);
       const told = (error: any) => error.message.replace(/PoolWorker-\\d+ \\(pid \\d+\\)/, "W");
       console.log(await broken.map(sqr, upTo(4)).catch(told));
       console.log(await broken.apply(sqr, 1).catch(told));
       broken.close();
       console.log(await broken.join().catch(told), Bun.inspect(broken).replace(/\\d+/, "N"));
     }
     const file = "ends";
     const noted = new Pool(3, { initializer: noteExit, initArgs: [file] });
     await noted.map(sqr, upTo(9), { chunkSize: 1 });
     noted.close();
     await noted.join();
     console.log((await Bun.file(file).text()).length);
     const permits = new lanes.Semaphore(0);
     const full = new Pool(2);
     const waiting = upTo(30).map(() => full.apply(take, permits));
     permits.release(30);
     console.log((await Promise.all(waiting)).length);
     full.close();`,
  );
  expect(said).toEqual([
    "true",
    "0",
    "0,1,4,9,16,25,36,49",
    ...["0", "-1", "1.5", '"12"'].map((n) => `maxTasksPerChild has to be 1, 2, 3 …, and is ${n}.`),
    "1 1 3",
    "0,2,4,6,8,10",
    "initialized,initialized,initialized,initialized",
    ...Array.from({ length: 2 }, () => "error in initializer 1"),
    "error in initializer 1 <Pool-N: 2 processes, broken>",
    ...Array.from(
      { length: 2 },
      () => "W ended with exit code 5 before it could be given anything to do: the pool is broken.",
    ),
    "W ended with exit code 5 before it could be given anything to do: the pool is broken. <Pool-N: 2 processes, broken>",
    "12",
    "30",
  ]);
}, 120_000);

test("ExecutorShutdownTest.test_run_after_shutdown, test_interpreter_shutdown, test_hang_issue12364, test_hang_gh94440, test_cancel_futures, test_hang_gh83386, test_submit_after_interpreter_shutdown, ProcessPoolShutdownTest.test_processes_terminate, test_context_manager_shutdown, test_shutdown_no_wait, test_shutdown_gh_132969_case_1, ExecutorTest.test_shutdown_race_issue12456, ProcessPoolExecutorTest.test_idle_process_reuse_one: it ends when it is to, with all that was begun", async () => {
  const said = await printed(
    place,
    `${top}
     async function sleepAndPrint(ms: number, text: string) { await Bun.sleep(ms); console.log(text); }
     async function some(n: number) { if (n === 2) throw new Error("failing task"); await Bun.sleep(n); return n; }`,
    `const pool = new Pool(2);
     const many = upTo(50).map((i) => pool.apply(sleep, i % 3));
     pool.close();
     console.log(await pool.apply(sqr, 1).catch((error) => error.message), Bun.inspect(pool));
     await pool.join();
     console.log((await Promise.all(many)).length, lanes.activeChildren().length);
     console.log(await new Pool(1).join().catch((error) => error.name));
     const control = new AbortController();
     const dropping = new Pool(2);
     const dropped = upTo(50).map((i) => dropping.map(sleep, [100], { signal: control.signal }).then(() => true, () => false));
     await Promise.race(dropped);
     control.abort();
     dropping.close();
     await dropping.join();
     const done = (await Promise.all(dropped)).filter(Boolean).length;
     console.log(done > 0, done < 20);
     const each = new Pool(2, { maxTasksPerChild: 1 });
     const results = [1, 2, 3].map((n) => each.apply(some, n).catch((error) => error.message));
     each.close();
     await each.join();
     console.log((await Promise.all(results)).join());
     // It is neither closed nor joined: the program waits for what was begun, and for nothing else.
     const open = new Pool(3);
     void open.apply(sleepAndPrint, 200, "apple");
     process.on("exit", () => void open.apply(sqr, 1));`,
  );
  expect(said).toEqual([
    "Pool-1 is closed: it takes no more calls. <Pool-1: 2 processes, closed>",
    "50 0",
    "ProcessError",
    "true true",
    "1,failing task,3",
    "apple",
  ]);
}, 120_000);

test("AsCompletedTests.test_no_timeout, test_future_times_out, test_duplicate_futures, WaitTests.test_20369, test_first_completed, test_first_exception, test_all_completed, test_timeout: JavaScript's own ways to wait for several", async () => {
  const said = await printed(
    place,
    `${top}
     async function when(event: lanes.Event, fails: boolean) { await event.wait(); if (fails) throw new Error("this is an exception"); return "late"; }`,
    `const pool = new Pool(3);
     const [event, never] = [new lanes.Event(), new lanes.Event()];
     const order = [];
     const last = new lanes.Event();
     for await (const result of lanes.asCompleted([pool.apply(when, last, false), pool.apply(sleep, 1), 5]))
       if (order.push(result) === 2) last.set();
     console.log(order.join());
     const slow = pool.apply(when, event, true);
     const same = pool.apply(mul, 21, 2);
     console.log(await Promise.race([slow, same]), (await Promise.allSettled([same, same])).length);
     const late = pool.apply(when, never, false);
     event.set();
     console.log(await Promise.all([same, slow, late]).catch((error) => error.message));
     console.log(await Promise.race([late, Bun.sleep(20).then(() => "not yet")]));
     try { for await (const result of lanes.asCompleted([late, slow])) console.log(result); } catch (error: any) { console.log(error.message); }
     never.set();
     console.log((await Promise.allSettled([same, slow, late])).map(({ status }) => status).join());
     pool.close();`,
  );
  expect(said).toEqual([
    "5,1,late",
    "42 2",
    "this is an exception",
    "not yet",
    "this is an exception",
    "fulfilled,rejected,fulfilled",
  ]);
}, 120_000);

test("handles, pipes, errors with causes and thirty megabytes go in and out; functions of any file; pools in pools, eight deep", async () => {
  program(
    place,
    'import type { Pool } from "lanes";\nconst inner = (x: number) => x + 1000;\nexport const twice = (pool: Pool) => pool.map(inner, [1, 2]);\nclass Hidden { static half(x: number) { return x / 2; } }\nexport default function whole(x: number) { return Hidden.half(x * 2); }\n',
    "other.ts",
  );
  const said = await printed(
    place,
    `${top}
     import { twice } from "./other.ts";
     import whole from "./other.ts";
     async function locked(lock: lanes.Lock, value: lanes.SharedValue<"int32">) { return lock.with(() => value.add(1)); }
     async function talk(end: lanes.Connection<string>) { await end.send("hello"); end.close(); }
     function made() { const [mine, other] = lanes.Pipe<number>(); void other.send(42); return mine; }
     function large(bytes: Uint8Array) { return bytes.length === 30e6 && bytes[5] === 7 ? bytes.subarray(0, 10e6) : null; }
     async function nested(n: number): Promise<number> { if (n === 0) return 0; await using pool = new Pool(1); return 1 + (await pool.apply(nested, n - 1)); }
     function kinds(value: unknown) { return [value, value instanceof Map, Buffer.isBuffer(value)]; }
     function who() { const { name, daemon, isMain, ppid } = lanes.currentProcess(); return [name.startsWith("PoolWorker-"), daemon, isMain, ppid]; }`,
    `await using pool = new Pool(2);
     const [lock, value] = [new lanes.Lock(), new lanes.SharedValue("int32", 0)];
     await Promise.all(upTo(50).map(() => pool.apply(locked, lock, value)));
     console.log(value.value);
     const [mine, other] = lanes.Pipe<string>();
     await pool.apply(talk, other as never);
     console.log(await mine.receive(), await mine.receive().catch(named));
     console.log(await (await pool.apply(made)).receive());
     const back = await pool.apply(large, new Uint8Array(30e6).fill(7));
     console.log(back?.length, back?.every((byte) => byte === 7));
     console.log((await twice(pool)).join(), await pool.apply(whole, 9));
     console.log(await pool.apply(nested, 5));
     console.log(await pool.apply(nested, 12).catch((error) => /8 generations/.test(error.message)));
     console.log((await pool.map(kinds, [new Map([[1, 2]]), Buffer.from("x"), undefined, -0, 5n, [ , 1]])).map((each) => Bun.inspect(each).replace(/\\s+/g, " ")).join(" "));
     console.log(equal(await pool.apply(who), [true, true, false, process.pid]));`,
  );
  expect(said).toEqual([
    "50",
    "hello ConnectionClosed",
    "42",
    "10000000 true",
    "1001,1002 9",
    "5",
    "true",
    "[ Map(1) { 1: 2, }, true, false ] [ <Buffer 78>, false, true ] [ undefined, false, false ] [ -0, false, false ] [ 5n, false, false ] [ [ empty item, 1 ], false, false ]",
    "true",
  ]);
}, 120_000);

test("ten thousand tasks of nothing, a worker that dies on every task, long items in one chunk are shared out", async () => {
  const said = await printed(
    place,
    `${top}
     function nothing() {}
     function dies() { process.kill(process.pid, "SIGKILL"); }
     function slow(ms: number) { sqr(1, ms); return process.pid; }`,
    `const pool = new Pool(2);
     console.log((await Promise.all(upTo(10_000).map(() => pool.apply(nothing)))).length);
     for (let i = 0; i < 5; i++) console.log(await pool.apply(dies).catch(named));
     console.log(await pool.map(sqr, [1, 2, 3]).then((list) => list.join()));
     // One chunk, and both work at it.
     console.log(new Set(await pool.map(slow, upTo(8).map(() => 60), { chunkSize: 8 })).size);
     pool.terminate();`,
  );
  expect(said).toEqual(["10000", ...Array.from({ length: 5 }, () => "WorkerLost"), "1,4,9", "2"]);
}, 120_000);

test("what ends in the middle: an item that cannot be sent, a queue that is gone, a pool that is closed, a signal, an idle worker; whatever way a function is declared", async () => {
  const said = await printed(
    place,
    `${top}
     const one = 1, two = (x: number) => x * 2 * one;
     const { three } = { three: (x: number) => x * 3 };
     function /* a comment */ five(x: number) { return x * 5; }
     function up(text: string) { return text.toUpperCase(); }
     function gone() { return new lanes.Queue<number>(); }
     function* generated() { yield 1; }
     let used = false;
     function fails(ms: number) { setTimeout(() => { if (!used) process.exit(7); }, ms); }
     function use(x: number) { used = true; return x; }
     function fail(x: number) { throw new RangeError(String(x)); }
     function die() { process.kill(process.pid, "SIGKILL"); }
     function lingers(x: number) { setTimeout(() => Bun.sleepSync(400), 0); return x; }
     async function taken(results: AsyncIterable<unknown>) { const list: unknown[] = []; try { for await (const each of results) list.push(each); } catch (error: any) { list.push(error.name + ": " + error.message.slice(0, 22)); } return list.join(); }`,
    `const pool = new Pool(2);
     for (const [chunkSize, items] of [[1, [1, 2, () => 1, 3]], [2, [1, () => 1]], [2, [1, 2, Symbol("x")]]] as const)
       console.log(await taken(pool.imap(sqr, items as never, { chunkSize })));
     console.log(await taken(pool.imap(up, "abc")), (await pool.map(up, "abc")).join());
     for (const call of [() => pool.map(sqr, 5 as never), async () => pool.imap(sqr, null as never)]) console.log(await call().then(() => "", (error) => error.message));
     console.log(await pool.apply(generated as never).catch((error) => error.message.slice(0, 34)));
     console.log(await pool.apply(two, 3), await pool.apply(three, 3), await pool.apply(five, 3));
     const control = new AbortController();
     const aborted = pool.imap(sqr, [1, 2, 3], { signal: control.signal });
     control.abort(new Error("enough"));
     console.log(await taken(aborted));
     function* aborting() { yield 1; later.abort(new Error("meanwhile")); yield 2; }
     const later = new AbortController();
     console.log(await pool.map(sqr, aborting(), { signal: later.signal }).catch((error) => error.message));
     const short = new Pool(1, { maxTasksPerChild: 1 });
     const queue = await short.apply(gone).catch((error) => error);
     // It was there in time, or the call says that it is gone; the program goes on.
     console.log(queue instanceof lanes.Queue || /has ended/.test(queue.message));
     short.terminate();
     // Closed while items are still to be read: all of them are done.
     const closed = new Pool(2);
     const results = closed.imap(sqr, upTo(100), { ahead: 4 });
     closed.close();
     await closed.join();
     console.log((await all(results)).length, await closed.map(sqr, [1]).catch(named));
     // An error that nobody comes back from, and an endless input: the pool ends all the same.
     const endless = new Pool(2);
     try { endless.imap(((x: number) => x), [1]); } catch (error: any) { console.log(error.name); }
     try { for await (const _ of endless.imap(fail, (function* () { for (;;) yield 1; })())); } catch (error: any) { console.log(error.name); }
     endless.close();
     await endless.join();
     // A worker that ends while it has nothing to do is replaced when it is needed.
     const idle = new Pool(2, { initializer: fails, initArgs: [300] });
     for (let i = 0; i < 8; i++) { await idle.apply(use, i); await Bun.sleep(60); }
     console.log((await Promise.all(upTo(4).map((i) => idle.apply(sqr, i, 30)))).join());
     idle.terminate();
     const slow = new Pool(1, { maxTasksPerChild: 1 });
     for (let i = 0; i < 4; i++) await slow.apply(lingers, i);
     console.log(lanes.activeChildren().length, "done");
     slow.terminate();
     for (const call of [() => pool.apply((() => 1) as never), () => pool.apply(die), () => pool.map(sqr, [1], { chunkSize: 0 })])
       console.log(await call().then(() => "", (error) => !/bun[f]s|@[b]un/.test(Bun.inspect(error)) && /program\\.ts:\\d+/.test(Bun.inspect(error))));
     pool.terminate();`,
  );
  expect(said).toEqual([
    "1,4,NotSendable: items[2] is a function",
    "NotSendable: items[1] is a function",
    "1,4,NotSendable: items[2] is a symbol: ",
    "A,B,C A,B,C",
    ...["5", "null"].map((value) => `items has to be [ … ], new Set([ … ]), function* …, and is ${value}.`),
    "result is an instance of Generator",
    "6 9 15",
    "Error: enough",
    "meanwhile",
    "true",
    "100 ProcessError",
    "NotReachable",
    "RangeError",
    "0,1,4,9",
    "0 done",
    ...["true", "true", "true"],
  ]);
}, 120_000);

test("a CommonJS program is told to export what a worker is to find", async () => {
  const text =
    'const { Pool } = require("lanes");\nfunction id(x) { return x; }\n//\nif (require.main === module) new Pool(1).map(id, [1, 2]).then(console.log);\n';
  const refused = await place.run(["exec", program(place, text, "main.cjs")]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("module.exports = { id }")]);
  const exported = await place.run([
    "exec",
    program(place, text.replace("//", "module.exports = { id };"), "main.cjs"),
  ]);
  expect([exported.stdout, exported.stderr]).toEqual(["[ 1, 2 ]\n", ""]);
});

test("without the main guard each worker fails once, and the program with it", async () => {
  const { stdout, stderr, code } = await execute(
    place,
    `${imports}const work = (x: number) => x;\nconst pool = new lanes.Pool(2);\nconsole.log(await pool.map(work, [1, 2, 3]));\n`,
  );
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("GuardMissing");
  expect(stderr).toContain("program.ts:4:14");
  expect(stderr).toContain("if (import.meta.main) {");
});

test("a signal ends the program and its workers, and what waits for them does not go on", async () => {
  const file = program(
    place,
    `${imports}import { writeFileSync } from "node:fs";
     async function work(file: string) { writeFileSync(file, String(process.pid)); await Bun.sleep(1e6); }
     if (import.meta.main) {
       const pool = new lanes.Pool(2);
       await pool.apply(work, ${JSON.stringify(join(place.tmp, "pid"))}).catch(() => {});
       console.log("went on");
     }`,
  );
  const run = Bun.spawn([lanes, "exec", file], { cwd: place.tmp, env: place.env, stdio: ["ignore", "pipe", "pipe"] });
  const pidFile = join(place.tmp, "pid");
  await until("a worker is at work", async () => existsSync(pidFile) && (await Bun.file(pidFile).text()) !== "");
  const worker = Number(await Bun.file(pidFile).text());
  run.kill("SIGTERM");
  const [stdout, stderr, code] = await Promise.all([run.stdout.text(), run.stderr.text(), run.exited]);
  expect({ stdout, stderr, code }).toEqual({ stdout: "", stderr: "", code: 143 });
  await until("the worker is gone", () => !existsSync(`/proc/${worker}`));
});
