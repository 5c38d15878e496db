/** `lanes map` with user code that does what user code does: whatever it throws, leaves running, waits for, returns. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { map, numbers, put, summaryOf } from "../../support/map.ts";
import { isStopped } from "../../support/processes/processes.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** The lines of a file in the playground, sorted. */
const linesOf = (name: string): string[] => readFileSync(join(place.tmp, name), "utf8").trimEnd().split("\n").sort();
const records = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("the environment is the one that was given, and what is not set is not (NODE_ENV)", async () => {
  put(place, "env.ts", 'export default () => [process.env.NODE_ENV ?? null, process.env["NODE" + "_ENV"] ?? null];');
  put(place, "program.ts", "console.log(process.env.NODE_ENV ?? null);");
  const said = await place.shell(
    'unset NODE_ENV; for set in "" NODE_ENV=test; do env $set "$LANES" map env.ts a; env $set "$LANES" exec program.ts; done',
  );
  expect(said.stdout).toBe('[null,null]\nnull\n["test","test"]\ntest\n');
});

test("a debugger's address is lanes' own: no worker and no process wants it too", async () => {
  put(place, "id.ts", "export default (item: string) => item;");
  put(
    place,
    "program.ts",
    `import { Process } from "lanes";
     export function hello() { console.log("hello"); }
     if (import.meta.main) { const p = new Process({ target: hello }); p.start(); await p.join(); }`,
  );
  const BUN_INSPECT = `ws+unix://${place.tmp}/debugger`;
  const said = await place.shell('"$LANES" map id.ts a; rm debugger; "$LANES" exec program.ts', { BUN_INSPECT });
  expect([said.stdout, said.stderr]).toEqual(['"a"\nhello\n', expect.not.stringContaining("Failed")]);
});

/** What to throw; each as an item, at load, in --init. */
const thrown = `
const trap = () => { throw new Error("trap"); };
const traps = { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap };
const circle: any = new Error("circle"); circle.cause = circle;
const many: any = new AggregateError([], "many"); many.errors.push(many);
const revoked = Proxy.revocable(new Error("r"), {}); revoked.revoke();
const getter = (name: string) => Object.defineProperty(new Error("seen"), name, { get: trap });
export const values: Record<string, () => unknown> = {
  nothing: () => undefined, symbol: () => Symbol("s"), fn: () => trap, circle: () => circle, many: () => many,
  proxy: () => new Proxy(new Error("p"), traps), revoked: () => revoked.proxy, frozen: () => Object.freeze(new Error("f")),
  message: () => getter("message"), stack: () => getter("stack"), name: () => getter("name"), cause: () => getter("cause"),
  huge: () => new Error("x".repeat(5_000_000)), inspect: () => ({ [Symbol.for("nodejs.util.inspect.custom")]: trap }),
  stackNumber: () => Object.assign(new Error("n"), { stack: 12 }), string: () => "text",
};
`;
const kinds = [
  ..."nothing symbol fn circle many proxy revoked frozen message stack name cause huge inspect".split(" "),
];

describe("anything thrown is told, and nothing of it hangs a map", () => {
  test("for an item, as a rejection, and left for nobody to catch", async () => {
    put(place, "values.ts", thrown);
    const module = put(
      place,
      "throws.ts",
      `import { values } from "./values.ts";
export default (key: string) => { throw values[key]!(); };
export const rejects = (key: string) => Promise.reject(values[key]!());
export const leaves = async (key: string) => { void Promise.reject(values[key]!()); await Bun.sleep(5); };
export const emits = async (key: string) => { setTimeout(() => { throw values[key]!(); }, 1); await new Promise(() => {}); };
export const stacks = (key: string) => { Error.prepareStackTrace = () => { throw 1; }; throw values[key]!(); };`,
    );
    for (const way of ["default", "rejects", "leaves", "emits", "stacks"]) {
      const done = await map(place, ["--json", "--on-error", "record", `${module}#${way}`, ...kinds]);
      expect([way, done.code]).toEqual([way, 1]);
      expect(records(done.stdout).map(({ item }) => item)).toEqual(kinds);
      expect(summaryOf(done)).toMatchObject({ items: kinds.length, failed: kinds.length, retried: 0, notDone: [] });
      expect(done.stdout.length).toBeLessThan(200_000);
    }
  });

  test.each(["nothing", "circle", "proxy", "stack", "huge"])("%s, at load: exit 2; in --init: exit 1", async (key) => {
    put(place, "values.ts", thrown);
    const loads = put(
      place,
      "loads.ts",
      `import { values } from "./values.ts";\nif (!process.env.INIT) throw values.${key}!();
export const setup = () => { throw values.${key}!(); };\nexport default (x: string) => x;`,
    );
    const load = await map(place, ["-q", loads, "a"]);
    expect(load.stderr).toContain("loads.ts does not load");
    expect(load.code).toBe(2);
    const init = await map(place, ["-q", "--init", "setup", loads, "a"], { env: { INIT: "1" } });
    expect(init.stderr).toContain("--init setup failed");
    expect(init.code).toBe(1);
  });

  test("user code that closes the descriptors its worker needs", async () => {
    const module = put(
      place,
      "closes.ts",
      `import { closeSync } from "node:fs";
export default (x: string) => { if (x === "2") for (let fd = 3; fd < 10; fd++) try { closeSync(fd); } catch {} return Number(x); };`,
    );
    const done = await map(place, ["--json", "--on-error", "record", module], { input: numbers(3) });
    expect(records(done.stdout).map((line) => line.index ?? line)).toEqual([1, 1, 3]);
    expect(summaryOf(done)).toMatchObject({ items: 3, failed: 1 });
  });
});

describe("an error that nobody caught", () => {
  test.each([
    ["before it waits", `void audit(x); await Bun.sleep(5);`],
    ["and it never waits", `void audit(x);`],
    ["from a timer", `if (x === "2") setTimeout(() => { throw new Error("log " + x); }, 1); await Bun.sleep(50);`],
    [
      "from an event's handler",
      `const e = new EventEmitter(); e.on("x", async () => audit(x)); e.emit("x"); await Bun.sleep(5);`,
    ],
  ])("%s: its item fails, once, and every item is run once", async (_, body) => {
    const module = put(
      place,
      "pay.ts",
      `import { appendFileSync } from "node:fs";
import { EventEmitter } from "node:events";
const audit = async (x: string) => { if (x === "2") throw new Error("log " + x); };
export default async (x: string) => { appendFileSync("charges", x + "\\n"); ${body} return Number(x); };`,
    );
    for (const options of [["-j1"], ["-j2"], ["-j1", "--chunk", "5"]]) {
      put(place, "charges", "");
      const { stdout, stderr, code } = await map(place, [...options, module], { input: numbers(5) });
      expect(stdout).toBe("1\n3\n4\n5\n");
      expect(stderr).toContain('line 2 failed ("2"): an error that nobody caught');
      expect(stderr).toContain("Error: log 2");
      expect(code).toBe(1);
      expect(linesOf("charges")).toEqual(["1", "2", "3", "4", "5"]);
    }
  });

  test("a module with handlers of its own decides, as it would without lanes", async () => {
    for (const [event, name] of [
      ["unhandledRejection", "mine"],
      ["uncaughtException", "mine"],
    ]) {
      const module = put(
        place,
        `own-${event}.ts`,
        `process.on("${event}", (error) => console.log("${name}", String(error)));
export default async (x: string) => { if (x === "2") void Promise.reject(new Error("float")); await Bun.sleep(5); return Number(x); };`,
      );
      const { stdout, stderr, code } = await map(place, ["--summary", module], { input: numbers(3) });
      expect([stdout, code]).toEqual(["1\n2\n3\n", 0]);
      expect(stderr).toContain("mine Error: float");
      expect(stderr).toContain("3 items");
      expect(stderr).not.toContain("died");
    }
  });

  test("why a worker died is told though its item succeeds when it is run again", async () => {
    const module = put(
      place,
      "once.ts",
      `export default (x: string, { attempt }: { attempt: number }) => { if (x === "2" && attempt === 1) process.kill(process.pid, "SIGKILL"); return Number(x); };`,
    );
    const { stdout, stderr, code } = await map(place, ["-q", module], { input: numbers(3) });
    expect([stdout, code]).toEqual(["1\n2\n3\n", 0]);
    expect(stderr).toMatch(/worker P\d died at line 2, which is run again: SIGKILL/);
  });
});

describe("a worker that cannot begin, after others could", () => {
  const flaky = (fails: string) => `import { appendFileSync, readFileSync } from "node:fs";
export const setup = () => { const starts = "starts" + process.ppid; appendFileSync(starts, "x"); const n = readFileSync(starts, "utf8").length; if (${fails}) throw new Error("too many connections"); };
export default async (x: string) => { await Bun.sleep(5); return Number(x); };`;

  test("is tried again: nothing is lost", async () => {
    const module = put(place, "flaky.ts", flaky("n % 3 === 0"));
    const done = await map(place, ["--recycle", "5", "--init", "setup", module], { input: numbers(40) });
    expect(done.stdout).toBe(numbers(40));
    expect(done.code).toBe(0);
    expect(done.stderr).toContain("too many connections");
  });

  test("is given up in the end: what is not done is said, every report is written, exit 1", async () => {
    const module = put(place, "dead.ts", flaky("n > 2"));
    const args = ["-j2", "--recycle", "5", "--init", "setup"];
    const [jsonl, plain] = await Promise.all([
      map(place, ["--jsonl", "--html", "report.html", ...args, module], { input: numbers(40) }),
      map(place, [...args, module], { input: numbers(40) }),
    ]);
    for (const { stdout, code } of [jsonl, plain]) {
      expect(code).toBe(1);
      const out = stdout.trimEnd().split("\n").map(Number);
      expect(out.length).toBeLessThan(40);
      expect(out).toEqual([...new Set(out)].sort((a, b) => a - b));
    }
    expect(summaryOf(jsonl)).toMatchObject({ type: "result", ending: "failed" });
    expect(summaryOf(jsonl).notDone.length).toBeGreaterThan(0);
    expect(existsSync(join(place.tmp, "report.html"))).toBe(true);
    expect(plain.stderr).toContain("not done:");
    expect(plain.stderr).toContain("too many connections");
    expect(plain.stderr).toContain("items in");
  });

  test("the module, half edited while it runs: what was done is said, and the code is not that of a wrong command line", async () => {
    const module = put(place, "edited.ts", "");
    put(
      place,
      "edited.ts",
      `import { writeFileSync } from "node:fs";
export default (x: string) => { if (x === "3") writeFileSync(import.meta.path, "export default ("); return Number(x); };`,
    );
    const done = await map(place, ["--json", "-j1", "--recycle", "5", module], { input: numbers(20) });
    expect(done.code).toBe(1);
    expect(done.stdout).toBe(numbers(5));
    expect(summaryOf(done)).toMatchObject({ ending: "failed", items: 5, inputEnded: false });
    expect(summaryOf(done).notDone).toEqual([[5, summaryOf(done).taken]]);
  });
});

describe("the signal of an item", () => {
  test.each(["report", "record"])("Ctrl-C: items that honour it are not done, and did not fail (%s)", async (way) => {
    const module = put(
      place,
      "honours.ts",
      `import { setTimeout as sleep } from "node:timers/promises";
import { appendFileSync } from "node:fs";
export default async (x: string, { signal }: { signal: AbortSignal }) => { if (Number(x) > 2) { appendFileSync("begun", x + "\\n"); await sleep(60_000, undefined, { signal }); } return Number(x); };`,
    );
    const child = Bun.spawn([lanes, "map", "-j2", ...(way === "record" ? ["--on-error", way] : []), module], {
      ...{ env: place.env, cwd: place.tmp, stdin: new Blob([numbers(10)]), stdout: "pipe", stderr: "pipe" },
    });
    await until("two items wait", () => existsSync(join(place.tmp, "begun")) && linesOf("begun").length === 2);
    child.kill("SIGINT");
    const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    expect(await child.exited).toBe(130);
    expect(stdout).toBe("1\n2\n");
    expect(stderr).toContain("not done: 3-");
    expect(stderr).not.toContain("failed");
  });

  test("--timeout: an item that ends by itself fails, and nobody says that its worker was killed", async () => {
    const module = put(
      place,
      "waits.ts",
      `import { setTimeout as sleep } from "node:timers/promises";
export default async (x: string, { signal, pid }: { signal: AbortSignal; pid: number }) => { if (x === "1") await sleep(60_000, undefined, { signal }).catch(() => { throw new RangeError("own words"); }); return pid; };`,
    );
    const { stderr, code } = await map(place, ["-j1", "--timeout", "300ms", module, "0", "1", "2"]);
    expect(stderr).toMatch(/--timeout.*own words/s); // both: that its time was up, and what it says itself
    expect(stderr).not.toContain("killed");
    expect(code).toBe(1);
  });
});

describe("what a worker started", () => {
  /** Starts a process below a shell, and one below a shell in a session of its own; waits for it, or not. */
  const below = (wait: boolean) => `import { spawn } from "node:child_process";
export default async (x: string) => {
  spawn("sh", ["-c", "sleep 1000; true"], { stdio: "ignore", detached: true }).unref();
  const child = spawn("sh", ["-c", "sleep 1000; true"], { stdio: "ignore" });
  ${wait ? 'await new Promise((resolve) => child.on("exit", resolve));' : "child.unref();"}
  return Number(x);
};`;
  const gone = () => until("nothing is left", () => place.running().length === 0, 60_000);

  test("ends with it: --timeout", async () => {
    const { code } = await map(place, ["--timeout", "500ms", put(place, "below.ts", below(true)), "1", "2"]);
    expect(code).toBe(1);
    await gone();
  });

  test.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)("ends with lanes: %s", async (signal) => {
    const child = place.spawn(["map", "-j2", put(place, "below.ts", below(true)), "1", "2"]);
    // Two workers, four shells, four sleeps: and lanes with its guard.
    await until("both items wait", () => place.running().length >= 12, 20_000);
    child.kill(signal);
    await child.exited;
    await gone();
  });

  test("ends with it: what was left behind when all is done", async () => {
    const { stdout, code } = await map(place, [put(place, "below.ts", below(false)), "1", "2"]);
    expect([stdout, code]).toEqual(["1\n2\n", 0]);
    await gone();
  });
});

describe("Ctrl-Z", () => {
  test.skipIf(process.platform !== "linux")(
    "stops the workers too; they go on with lanes, and no item's time went by",
    async () => {
      const module = put(
        place,
        "sleeps.ts",
        `import { existsSync, writeFileSync } from "node:fs";
export default (x: string) => { writeFileSync("begun" + x, ""); while (!existsSync("go")) Bun.sleepSync(10); return Number(x); };`,
      );
      // Under a shell with job control: where nobody could continue it, nothing is stopped.
      const go = join(place.tmp, "go");
      const shell = `"$@" > out; until [ -e ${go} ]; do sleep 0.01; done; fg`;
      const child = Bun.spawn(
        ["bash", "-mc", shell, "bash", lanes, "map", "-j2", "--timeout", "4s", module, "1", "2"],
        { env: place.env, cwd: place.tmp, terminal: {} },
      );
      await until(
        "both have begun",
        () => existsSync(join(place.tmp, "begun1")) && existsSync(join(place.tmp, "begun2")),
      );
      const stopped = () => place.running().filter(isStopped).length;
      child.terminal?.write("\x1a");
      await until("lanes and both workers stand still", () => stopped() === 3);
      await Bun.sleep(4_500); // longer than --timeout: the time of which the test is
      writeFileSync(go, "");
      expect(await child.exited).toBe(0);
      expect(readFileSync(join(place.tmp, "out"), "utf8")).toBe("1\n2\n");
    },
  );
});

describe("a module that never gets ready", () => {
  test("is told of after some seconds, and has its time with --timeout", async () => {
    const loads = put(place, "loads.ts", "await new Promise(() => {}); export default (x: string) => x;");
    const inits = put(
      place,
      "inits.ts",
      "export const setup = () => new Promise(() => {}); export default (x: string) => x;",
    );
    const [load, init] = await Promise.all([
      map(place, ["-j1", "--timeout", "1s", loads, "a"]),
      map(place, ["-j1", "--timeout", "1s", "--init", "setup", inits, "a"]),
    ]);
    expect(load.stderr).toContain(`P1 still loads ${loads}`);
    expect(load.stderr).toContain("has not loaded it within 5 s");
    expect(init.stderr).toContain("P1 still waits for the end of --init");
    expect(init.stderr).toContain("--init in worker P1 has not ended within 5 s");
    expect([load.code, init.code]).toEqual([1, 1]);
  });
});

/** Whether a file system of our own can be mounted here, where nobody else sees it. */
const mounts =
  process.platform === "linux" && Bun.spawnSync(["unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).success;

test.skipIf(!mounts)(
  "a full disk: a map runs where there is room in memory, else it says so and does not crash",
  async () => {
    const module = put(place, "same.ts", "export default (x: string) => Number(x);");
    // The folder for temporary files is full; then the file system in memory is, too.
    const run = (full: string) =>
      `unshare -Urm sh -c 'mkdir full && for at in ${full}; do mount -t tmpfs -o size=64k none $at;
       dd if=/dev/zero of=$at/fill bs=1k count=100 2>/dev/null; done; TMPDIR=$PWD/full exec "$LANES" map -q "${module}" 1 2'; code=$?; rmdir full; exit $code`;
    expect(await place.shell(run("full"))).toMatchObject({ stdout: "1\n2\n", stderr: "", code: 0 });
    const none = await place.shell(run("full /dev/shm"));
    expect(none.stderr).toContain("lanes: ENOSPC");
    expect([none.stdout, none.code]).toEqual(["", 1]);
  },
);

describe("what an error carries", () => {
  test("its code and the like: in the text and in the record, which has the item and its attempts", async () => {
    const module = put(
      place,
      "reads.ts",
      `import { readFile } from "node:fs/promises";
class HttpError extends Error { override name = "HttpError"; constructor(readonly status: number) { super("refused"); } }
export default async (x: any) => { if (x === "file") await readFile("/nowhere"); throw new AggregateError([new HttpError(503)], "all", { cause: new HttpError(404) }); };`,
    );
    const text = await map(place, [module, "http"]);
    expect(text.stderr).toContain("AggregateError: all");
    expect(text.stderr).toContain("HttpError: refused (status 503)");
    expect(text.stderr).toContain("cause: HttpError: refused (status 404)");
    const { stdout } = await map(place, ["-q", "--retries", "1", "--on-error", "record", module, "file", "http"]);
    const [file, http] = records(stdout);
    expect(file).toMatchObject({
      ...{ index: 0, item: "file", attempts: 2 },
      error: { name: "Error", code: "ENOENT", errno: -2, syscall: "open", path: "/nowhere" },
    });
    expect(http).toMatchObject({
      ...{ index: 1, item: "http", attempts: 2 },
      error: { cause: { name: "HttpError", status: 404 }, errors: [{ name: "HttpError", status: 503 }] },
    });
    const json = await map(place, ["-q", "--input", "jsonl", "--on-error", "record", module], {
      input: '{"a": [1]}\nnonsense\n',
    });
    expect(records(json.stdout).map(({ index, item }) => [index, item])).toEqual([
      [0, { a: [1] }],
      [1, "nonsense"],
    ]);
  });
});

describe("--integers", () => {
  test("an integer that a number cannot hold fails its item, or comes as it was asked for", async () => {
    const module = put(place, "same.ts", "export default (x: unknown) => x;");
    const input = '{"id":1}\n{"id":9007199254740993}\n{"id":"9007199254740993"}\n';
    const fails = await map(place, ["--input", "jsonl", module], { input });
    expect(fails.stdout).toBe('{"id":1}\n{"id":"9007199254740993"}\n');
    expect(fails.stderr).toContain("9007199254740993 is more than a JavaScript number can hold");
    expect(fails.stderr).toContain("--integers string");
    expect(fails.code).toBe(1);
    const text = await map(place, ["-q", "--integers", "string", "--input", "jsonl", module], { input });
    expect([text.stdout, text.code]).toEqual(['{"id":1}\n{"id":"9007199254740993"}\n{"id":"9007199254740993"}\n', 0]);
    const number = await map(place, ["-q", "--integers=number", "--input", "jsonl", module, '{"id":9007199254740993}']);
    expect([number.stdout, number.code]).toEqual(['{"id":9007199254740992}\n', 0]);
  });
});
