/** What cannot run in a child, or cannot go there, is refused by an error that says what to type, in both languages. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { Playground } from "../../support/lanes.ts";
import { execute, imports, program } from "../../support/program.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const text = `${imports}
function plain(...values: any[]) { return values.length; }
function work() { return "top"; }
let made: any;
if (import.meta.main) made = function made() { return 1; };
class Fields extends Process { constructor(public value: any) { super(); } override run() {} }
class Secret extends Process { #secret = 1; override run() { void this.#secret; } }
class Point { constructor(public x: number) {} length() { return this.x; } }
function gives(kind: string): any { return kind === "function" ? plain : Symbol("s"); }

if (import.meta.main) {
  function inner() {}
  class Inner extends Process { override run() {} }
  const other = (() => { function work() { return "another"; } return work; })();
  const said = async (what: string, run: () => any) => {
    const { name, message }: any = await (async () => run())().then(() => ({ name: "nothing", message: "" }), (error) => error);
    console.log(JSON.stringify([what, name, message]));
  };
  const start = (target: any) => () => new Process({ target }).start().result;
  const send = (value: any) => () => new Process({ target: plain, args: [value] }).start().result;
  await said("inner", start(inner));
  await said("inner class", () => new Inner().start());
  await said("inline", start(() => {}));
  await said("anonymous class", () => new (class extends Process { override run() {} })().start());
  await said("bound", start(plain.bind(null)));
  await said("native", start(Math.max));
  await said("gone", start(made));
  await said("other", start(other));
  await said("private", () => new Secret().start());
  await said("target", start(5));
  await said("args", () => new Process({ target: plain, args: 5 as any }));
  await said("function", send({ deep: [() => 1] }));
  await said("method", () => new Fields(() => 1).start());
  await said("symbol", send(Symbol("s")));
  await said("promise", send([Promise.resolve(1)]));
  await said("instance", send({ at: new Point(1) }));
  await said("engine", send(new Map([["key", new URL("http://a")]])));
  await said("shared", send(new SharedArrayBuffer(8)));
  await said("view", send([new Int32Array(new SharedArrayBuffer(8))]));
  await said("clone", send(new Proxy({}, {})));
  await said("result", () => new Process({ target: gives, args: ["function"] }).start().result);
  const p = new Process({ target: plain });
  await said("not started", () => p.join());
  await p.start().result;
  await said("started", () => p.start());
  await said("killed", () => { const q = new Process({ target: plain }).start(); q.kill(); return q.result; });
  await said("register", () => lanes.register({ plain: 5 as any }));
  await said("ms", () => new lanes.Event().wait({ timeout: NaN }));
  await said("kind", () => new lanes.SharedValue("int33" as any));
  await said("release", () => new lanes.Lock({ name: "it" }).release());
}
`;

/** The error's name, and what it says, in English and in Chinese. */
const refusals: Readonly<Record<string, readonly [name: string, english: RegExp, chinese: RegExp]>> = {
  inner: [
    "NotReachable",
    /^target: inner is not at the top level of program\.ts.*Move inner out/,
    /inner 不在 program\.ts 的顶层/,
  ],
  "inner class": ["NotReachable", /^Inner: Inner is not at the top level/, /Inner 不在/],
  inline: ["NotReachable", /^target is written inline.*program\.ts again.*function work\(…\)/, /target 是就地写成的/],
  "anonymous class": ["NotReachable", /^class is written inline/, /^class 是就地/],
  bound: ["NotReachable", /bound function.*Write a function/, /bind.*请在 program\.ts 的顶层写/],
  native: ["NotReachable", /max is a function of the engine.*of your own/, /max 是引擎内置函数/],
  gone: ["NotReachable", /^made is not there when .*program\.ts is loaded/, /找不到 made/],
  other: ["NotReachable", /^work at the top level of .*another one has the same name/, /另一个同名函数/],
  private: ["ProcessError", /private member, #secret.*'private'/, /私有成员 #secret/],
  target: ["ProcessError", /^target has to be a function, and is 5\.$/, /target 应为函数，而不是 5/],
  args: ["ProcessError", /^args has to be an array .* 5\.$/, /args 应为.*数组/],
  function: ["NotSendable", /^args\[0\]\.deep\[0\] is a function/, /args\[0\]\.deep\[0\] 是函数/],
  method: ["NotSendable", /^this\.value is a function in a field.*value\(…\)/, /this\.value 是字段里的函数/],
  symbol: ["NotSendable", /^args\[0\] is a symbol/, /args\[0\] 是 symbol/],
  promise: ["NotSendable", /^args\[0\]\[0\] is a promise.*Await it first/, /args\[0\]\[0\] 是 Promise.*await/],
  instance: ["NotSendable", /^args\[0\]\.at is an instance of Point/, /args\[0\]\.at 是 Point 的实例/],
  engine: ["NotSendable", /^args\[0\].* is an instance of URL/, /是 URL 的实例/],
  shared: ["NotSendable", /^args\[0\] is a SharedArrayBuffer.*SharedArray/, /args\[0\] 是 SharedArrayBuffer/],
  view: ["NotSendable", /^args\[0\]\[0\] is a SharedArrayBuffer/, /args\[0\]\[0\] 是 SharedArrayBuffer/],
  clone: ["NotSendable", /^args.* cannot be sent to another process \(/, /不能发送给另一个进程（/],
  result: ["NotSendable", /^result is a function/, /result 是函数/],
  "not started": ["ProcessError", /^Process-\d+ was not started\.$/, /尚未启动/],
  started: ["ProcessError", /^Process-\d+ was already started/, /已经启动过/],
  killed: ["ProcessLost", /^Process-\d+ \(pid \d+\) ended with SIGKILL before/, /（pid \d+）以 SIGKILL 结束/],
  register: ["ProcessError", /^register\(\): plain is neither/, /plain 既不是函数也不是类/],
  ms: ["LanesError", /^timeout has to be a number of ms, and is NaN\.$/, /timeout 应为毫秒数/],
  kind: ["LanesError", /^SharedValue\(kind\) has to be int8, .* int33\.$/, /应为 int8, .*int33/],
  release: ["LanesError", /^it: release\(\) is for the process that holds it/, /才能调用 release\(\)/],
};

test.each(["en", "zh"] as const)("every refusal, said in %s", async (language) => {
  program(place, text);
  const { code, stdout } = await place.run(["exec", "--lang", language, "program.ts"]);
  expect(code).toBe(0);
  const said = stdout
    .trim()
    .split("\n")
    .map((line): [string, string, string] => JSON.parse(line));
  expect(said.map(([what, name]) => [what, name])).toEqual(
    Object.entries(refusals).map(([what, [name]]) => [what, name]),
  );
  const wrong = said.filter(([what, , message]) => !refusals[what]?.[language === "en" ? 1 : 2].test(message));
  expect(wrong).toEqual([]);
});

test("what is shared says that its process is gone, in both languages, whoever waits", async () => {
  const { stdout } = await execute(
    place,
    `${imports}
     async function made(): Promise<[lanes.Lock, lanes.SharedArray<"int8">]> { const lock = new lanes.Lock(); await lock.acquire(); return [lock, new lanes.SharedArray("int8", [7])]; }
     if (import.meta.main) {
       const say = (error: any) => console.log(error.name, error.message);
       await new Process({ target: made }).start().result.then(async ([lock]) => { await lock.acquire(); }).catch(say);
     }`,
    [],
  );
  expect(stdout).toBe("LanesError the process that shares this has ended: what it shared is gone.\n");
});

test("no descriptor is left: start() says so, nothing was started by it, and the others go on", async () => {
  program(
    place,
    `${imports}
     async function hold(lock: lanes.Lock) { using _ = await lock.hold(); return 1; }
     if (import.meta.main) {
       const lock = new lanes.Lock();
       const said = new Set<string>();
       const all = Array.from({ length: 64 }, () => new Process({ target: hold, args: [lock] }));
       const started = all.filter((p) => { try { return p.start(); } catch (error: any) { said.add(error.message.replace(/-[0-9]+/, "")); return false; } });
       const done = await Promise.all(started.map((p) => p.result));
       console.log(done.length === started.length, done.length > 1, done.length < 64, lanes.activeChildren().length, [...said].join());
       console.log(await new Process({ target: hold, args: [lock] }).start().result);
     }`,
  );
  const { stdout } = await place.shell("ulimit -n 64; $LANES exec program.ts");
  expect(stdout).toBe(
    "true true true 0 cannot start Process: no file descriptor left (EMFILE). Raise the limit (ulimit -n) or start fewer.\n1\n",
  );
});
