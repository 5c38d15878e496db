/**
 * Process, by what CPython's own tests ask of it (Lib/test/_test_multiprocessing.py and test_multiprocessing_main_handling.py
 * at 3.13; the behaviour, written anew): each test carries the name of the one it answers.
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { execute, imports, printed, program } from "../../support/program.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const forever = "function forever() { setInterval(() => {}, 1000); }\n";

test("_TestProcess.test_current, test_args_argument: who a process is, before, in and after it", async () => {
  const said = await printed(
    place,
    `function who(a: number, b: string) {
       const { name, pid, ppid, daemon, isMain } = lanes.currentProcess();
       return [a, b, name, pid === process.pid, ppid === process.ppid, daemon, isMain, lanes.isMainProcess];
     }`,
    `console.log(JSON.stringify(lanes.currentProcess()) === JSON.stringify({ name: "main", pid: process.pid, ppid: process.ppid, daemon: false, isMain: true }), lanes.isMainProcess);
     const p = new Process({ target: who, args: [1, "b"], daemon: true });
     console.log(p.isAlive, p.pid, p.exitCode, p.signal, p.name, p.daemon);
     p.start();
     console.log(p.isAlive, typeof p.pid, p.exitCode, lanes.activeChildren().includes(p));
     console.log(JSON.stringify(await p.result), p.isAlive, p.exitCode, lanes.activeChildren().length);`,
  );
  expect(said).toEqual([
    "true true",
    "false undefined undefined null Process-1 true",
    "true number null true",
    '[1,"b","Process-1",true,true,true,false,false] false 0 0',
  ]);
});

test("_TestProcess.test_daemon_argument, test_parent_process_attributes, test_recursion, TestStartMethod.test_nested_startmethod: names, daemons and parents, generation by generation", async () => {
  const said = await printed(
    place,
    `async function nest(depth: number): Promise<unknown[]> {
       const { name, daemon } = lanes.currentProcess();
       const parent = lanes.parentProcess();
       const mine = [name, daemon, parent?.name, parent?.pid === process.ppid, parent?.isAlive, await parent?.join({ timeout: 1 })];
       if (depth === 0) return [mine];
       const below = [0, 1].map((i) => new Process({ target: nest, args: [depth - 1], ...(i === 1 ? { daemon: false } : {}) }).start());
       return [mine, ...(await Promise.all(below.map((p) => p.result))).flat()];
     }`,
    `console.log(lanes.parentProcess());
     for (const each of await new Process({ target: nest, args: [2], daemon: true }).start().result) console.log(each.join(" "));`,
  );
  expect(said).toEqual([
    "null",
    "Process-1 true main true true false",
    "Process-1:1 true Process-1 true true false",
    "Process-1:1:1 true Process-1:1 true true false",
    "Process-1:1:2 false Process-1:1 true true false",
    "Process-1:2 false Process-1 true true false",
    "Process-1:2:1 false Process-1:2 true true false",
    "Process-1:2:2 false Process-1:2 true true false",
  ]);
});

test("_TestProcess.test_terminate, test_kill, test_active_children: ended by a signal, in time", async () => {
  const said = await printed(
    place,
    `${forever}
     function deaf() { process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); }`,
    `for (const way of ["terminate", "kill"] as const) {
       const p = new Process({ target: forever }).start();
       console.log(await p.join({ timeout: 0 }), await p.join({ timeout: 20 }), p.isAlive, lanes.activeChildren().length);
       p[way]();
       console.log(await p.join(), p.exitCode, p.signal, p.isAlive, lanes.activeChildren().length);
       p[way]();
     }
     { await using p = new Process({ target: deaf }).start(); await Bun.sleep(100); }
     const aborted = new Process({ target: forever, daemon: true }).start();
     console.log(await aborted.join({ signal: AbortSignal.timeout(20) }).catch((error) => error.name));`,
  );
  const ended = (signal: string) => ["false false true 1", `true null ${signal} false 0`];
  expect(said).toEqual([...ended("SIGTERM"), ...ended("SIGKILL"), "TimeoutError"]);
});

test("_TestProcess.test_many_processes: 64 at once, each with its own answer; none is left", async () => {
  const said = await printed(
    place,
    "const square = (n: number) => n * n;",
    `const all = Array.from({ length: 64 }, (_, n) => new Process({ target: square, args: [n] }).start());
     console.log(new Set(all.map(({ pid }) => pid)).size, (await Promise.all(all.map((p) => p.result))).reduce((a, b) => a + b));`,
  );
  expect(said).toEqual(["64 85344"]);
});

test("_TestProcess.test_wait_for_threads, test_sentinel: the first to end is known; timers hold a process", async () => {
  const said = await printed(
    place,
    "function after(ms: number) { setTimeout(() => console.log('timer', ms), ms); return ms; }",
    `const [slow, fast] = [new Process({ target: after, args: [4_000] }).start(), new Process({ target: after, args: [1] }).start()];
     console.log((await Promise.race([slow, fast].map(async (p) => { await p.join(); return p; }))).name);
     console.log(await slow.result);`,
  );
  expect(said).toEqual(["timer 1", "Process-2", "timer 4000", "4000"]);
});

test("_TestProcess.test_forkserver_sigint: Ctrl-C is for the first process; a handler of the program's own decides", async () => {
  const file = program(
    place,
    `${imports}${forever}\nif (import.meta.main) { new Process({ target: forever }).start(); console.log("up"); }`,
  );
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    const child = place.spawn(["exec", file]);
    const reader = child.stdout.getReader();
    await reader.read();
    await until("the child to be there", () => place.running().length === 2);
    child.kill(signal);
    expect([await child.exited, child.exitCode, await child.stderr.text()]).toEqual([code, code, ""]);
    expect(place.running()).toEqual([]);
  }
  const own = program(
    place,
    `${imports}${forever}\nif (import.meta.main) { const p = new Process({ target: forever }).start(); process.on("SIGINT", () => { console.log("mine", p.isAlive); p.kill(); }); console.log("up"); await p.join(); console.log("joined", p.signal); }`,
    "own.ts",
  );
  const child = place.spawn(["exec", own]);
  const reader = child.stdout.getReader();
  let text = new TextDecoder().decode((await reader.read()).value);
  child.kill("SIGINT");
  for (let next = await reader.read(); !next.done; next = await reader.read())
    text += new TextDecoder().decode(next.value);
  expect([await child.exited, text]).toEqual([0, "up\nmine true\njoined SIGKILL\n"]);
});

test.each(["idle", "busy"])("kill -9 of the first ends three generations, %s", async (how) => {
  const file = program(
    place,
    `${imports}
     async function nest(depth: number, busy: boolean) {
       if (depth > 0) new Process({ target: nest, args: [depth - 1, busy] }).start();
       else console.log("up");
       await Bun.sleep(100);
       while (busy) {}
       setInterval(() => {}, 1000);
     }
     if (import.meta.main) new Process({ target: nest, args: [2, ${how === "busy"}] }).start();`,
  );
  const child = place.spawn(["exec", file]);
  await child.stdout.getReader().read();
  expect(place.running().length).toBe(4);
  child.kill("SIGKILL");
  await child.exited;
  await until("all of them to end", () => place.running().length === 0, 1_000);
});

test("_TestSubclassingProcess.test_subclassing: the class style: fields, accessors, inheritance, what stays in the child", async () => {
  const said = await printed(
    place,
    `class Base<R = unknown> extends Process<R> {
       protected seen = new Map([["a", 1]]);
       constructor(private readonly who: string, public readonly when = new Date(0)) { super({ name: "worker-" + who }); }
       get greeting() { return "hello " + this.who; }
       protected count() { return this.seen.size; }
       override run(): R | Promise<R> { this.seen.set("b", 2); return [this.greeting, this.when.getTime(), this.count(), this.name, this.pid === process.pid, this.isAlive] as R; }
     }
     class Derived extends Base<unknown[]> { extra = { deep: [1] }; override async run() { return [...(await super.run()), this.extra.deep[0], this instanceof Base, this instanceof Process]; } }
     class Target extends Process<number> { constructor() { super({ target: (Math.random, plain), args: [20] }); } override async run() { return (await super.run()) + 1; } }
     function plain(n: number) { return n; }`,
    `const p = new Derived("Ada");
     console.log(JSON.stringify(await p.start().result));
     console.log(p["seen"].size, p.name, new (class Other extends Process {})().name);
     console.log(await new Target().start().result);`,
  );
  expect(said).toEqual(['["hello Ada",0,2,"worker-Ada",true,true,1,true,true]', "1 worker-Ada Other-2", "21"]);
});

test("_TestSubclassingProcess.test_sys_exit, test_stderr_flush, _TestAtExit.test_atexit: how a child ends, and what it says", async () => {
  const { stdout, stderr, code } = await execute(
    place,
    `${imports}
     function end(how: string): unknown {
       process.on("exit", (code) => console.log("exit handler", how, code));
       if (how === "exit") process.exit(3);
       if (how === "code") process.exitCode = 4;
       if (how === "throw") throw new TypeError("bad", { cause: Object.assign(new Error("cause"), { code: "E_CAUSE" }) });
       if (how === "late") setTimeout(() => { throw new Error("late"); }, 5);
       if (how === "reject") Promise.reject("a text");
       if (how === "kill") process.kill(process.pid, "SIGKILL");
       if (how === "function") return () => {};
       return "value";
     }
     if (import.meta.main) for (const how of ["exit", "code", "throw", "late", "reject", "kill", "function", "ok"]) {
       const p = new Process({ target: end, args: [how], name: how }).start();
       const result = await p.result.catch((e) => [e.name, e.message, e.code ?? e.remote?.code, e.cause?.code, e instanceof lanes.RemoteError ? e.processName : e instanceof lanes.ProcessLost, e instanceof lanes.LanesError, / program.ts:\\d+:\\d+|program.ts:\\d+:\\d+/.test(e.stack)]);
       console.log(JSON.stringify([how, result, p.exitCode, p.signal, await p.join()]));
     }`,
  );
  expect(code).toBe(0);
  const lost = (how: string, ending: string) =>
    expect.stringMatching(new RegExp(`^${how} \\(pid \\d+\\) ended with ${ending} before`));
  const [answers, others] = [
    stdout
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("[")),
    stdout
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("exit")),
  ];
  expect(answers.map((line) => JSON.parse(line))).toEqual([
    ["exit", ["ProcessLost", lost("exit", "exit code 3"), null, null, true, true, true], 3, null, true],
    ["code", "value", 4, null, true],
    ["throw", ["TypeError", "bad", null, "E_CAUSE", "throw", true, true], 1, null, true],
    ["late", ["Error", "late", null, null, "late", true, true], 1, null, true],
    ["reject", ["Error", "a text", null, null, "reject", true, false], 1, null, true],
    ["kill", ["ProcessLost", lost("kill", "SIGKILL"), null, null, true, true, true], null, "SIGKILL", true],
    [
      "function",
      ["NotSendable", expect.stringContaining("result is a function"), null, null, "function", true, false],
      1,
      null,
      true,
    ],
    ["ok", "value", 0, null, true],
  ]);
  expect(others.sort()).toEqual([
    "exit handler code 4",
    "exit handler exit 3",
    "exit handler function 1",
    "exit handler late 1",
    "exit handler ok 0",
    "exit handler reject 1",
    "exit handler throw 1",
  ]);
  expect(stderr).toMatch(
    /^throw \(pid \d+\):\n\S+program\.ts:8\n8 \| .*\n +\^\nTypeError: bad\n {4}at end \(\S+program\.ts:8:\d+\)\n {2}cause: Error: cause \(code E_CAUSE\)\n/,
  );
  expect(stderr).not.toContain("$bunfs");
});

test("the end of the first process: others are waited for, daemons are not; process.exit ends all", async () => {
  const top = "async function slow(ms: number) { await Bun.sleep(ms); console.log('slept', ms); }";
  const waited = `${imports}${top}\nif (import.meta.main) { new Process({ target: slow, args: [300] }).start(); new Process({ target: slow, args: [60000], daemon: true }).start(); process.on("exit", () => console.log("exit")); }`;
  expect(await execute(place, waited)).toMatchObject({ code: 0, stdout: "slept 300\nexit\n", stderr: "" });
  const ended = `${imports}${top}\nif (import.meta.main) { new Process({ target: slow, args: [60000] }).start(); process.exit(5); }`;
  expect(await execute(place, ended)).toMatchObject({ code: 5, stdout: "", stderr: "" });
  const daemon = `${imports}${top}\nif (import.meta.main) { await new Process({ target: slow, args: [200], daemon: true }).start().join(); }`;
  expect(await execute(place, daemon)).toMatchObject({ code: 0, stdout: "slept 200\n" });
});

test("TestCloseFds.test_closefd, TestStdinBadfiledescriptor.test_flushing, _TestSpawnedSysPath.test_child_sys_path: what a child has: stdin, folder, arguments, environment, descriptors", async () => {
  const { stdout, code } = await place.shell(
    `cat > program.ts <<'E'
${imports}
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
function has() {
  const open = readdirSync("/proc/self/fd").map(Number).filter((fd) => fd > 2).map((fd) => { try { return readlinkSync("/proc/self/fd/" + fd); } catch { return ""; } });
  Bun.spawn(["sh", "-c", "sleep 5 & "], { stdout: "ignore" });
  return [readFileSync(0, "utf8"), process.cwd(), process.argv.slice(1), process.env.GIVEN, process.env.SET, process.env.BUN_FEATURE_FLAG_NO_ORPHANS, open.filter((name) => /secret|pipe:/.test(name))];
}
if (import.meta.main) {
  process.env.SET = "by the program"; process.chdir("/usr");
  console.log(JSON.stringify(await new Process({ target: has }).start().result));
}
E
exec 9> secret; GIVEN=yes $LANES exec program.ts a 'b c'`,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    "",
    "/usr",
    [join(place.tmp, "program.ts"), "a", "b c"],
    "yes",
    "by the program",
    null,
    [],
  ]);
  place.killRunning();
});

test("TestNoForkBomb.test_noforkbomb: without the main guard each start costs one failed child, and the error says what to type", async () => {
  const top = "function work() { console.log('worked'); }\n";
  const start = "const p = new Process({ target: work }).start(); await p.join(); console.log('main', p.exitCode);";
  const direct = await execute(place, `${imports}${top}${start}`);
  expect(direct).toMatchObject({ code: 0, stdout: "main 1\n" });
  expect(direct.stderr).toMatch(/program\.ts:4\n/);
  expect(direct.stderr.match(/GuardMissing: \S+program\.ts:4:\d+: /g)?.length).toBe(1);
  expect(direct.stderr).toContain("if (import.meta.main) {");
  // Later than the file is loaded, while the child already does its work: the same.
  const late = await execute(place, `${imports}${top}async function main() { await Bun.sleep(5); ${start} }\nmain();`);
  expect(late.stdout).toMatch(/^(worked\n)?main 1\n$/);
  expect(late.stderr.match(/GuardMissing: /g)?.length).toBe(1);
  const timer = await execute(place, `${imports}${top}setTimeout(async () => { ${start} }, 1);`);
  expect(timer.stderr.match(/GuardMissing: /g)?.length).toBe(1);
  const chinese = await place.run(["exec", "--lang", "zh", "program.ts"]);
  expect(chinese.stderr).toContain("请把只由第一个进程执行的代码放进");
});

test("depth: a process that starts itself again and again comes to an end, with an error of its own", async () => {
  const { stdout, stderr, code } = await execute(
    place,
    `${imports}async function again(n: number): Promise<number> { return await new Process({ target: again, args: [n + 1] }).start().result; }
     if (import.meta.main) console.log(await again(0).catch((error) => error.message));`,
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/generations deep/);
  expect(stderr).toContain("generations deep");
});
