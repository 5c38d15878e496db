/** What `lanes demo NAME --python` and `--typescript` print runs as it stands, with the parameters chosen, and tells what the demo shows. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { demoNames, loadDemos } from "../../../src/demos/catalog.ts";
import { usableCores } from "../../../src/os/cores.ts";
import { paramsIn, programWith } from "../../../src/recording/results/program.ts";
import { Playground } from "../../support/lanes.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const python = Bun.which("python3");
/** How many run at once. */
const LANES = 3;

interface Told {
  readonly args: string;
  /** Lines of both. */
  readonly both?: readonly RegExp[];
  readonly python?: readonly RegExp[];
  readonly typescript?: readonly RegExp[];
}

const told: Readonly<Record<(typeof demoNames)[number], Told>> = {
  function: {
    args: "--procs 2 --work 0",
    both: [/^hello P1, I am process \d+$/m, /^hello P2, /m, /^main: I am process \d+$/m],
  },
  subclass: {
    args: "--procs 2 --rounds 10 --work 0",
    both: [/my count is 100$/m, /my count is 210$/m, /are \[?100, 200/],
  },
  identity: {
    args: "--procs 1 --work 1",
    both: [
      /^main: I am (\d+), my parent is \d+\nchild: I am (\d+), my parent is \1\ngrandchild: I am \d+, my parent is \2$/m,
    ],
    python: [/^grandchild: I am still (\d+), my parent is \d+$/m],
    typescript: [/^grandchild \d+ is gone/m],
  },
  zombie: { args: "--work 1", both: [/^after its exit: Z/m, /^after kill -9: Z/m, /^after join: gone\nexit code 7$/m] },
  forkbomb: {
    args: "--children 3",
    both: [
      /^process (\d+) runs the file[\s\S]*^process (?!\1)\d+ runs the file/m,
      /^(?!hello)(process .*\n){7}$/,
      /its child ended with exit code 1$/m,
    ],
  },
  isolation: {
    args: "--procs 2 --rounds 10 --work 0",
    both: [/^P1: counter is 10$/m, /^P2: counter is 20$/m, /^main: counter is 0$/m],
  },
  exchange: {
    args: "--messages 50 --size 10 --megabytes 1",
    both: [/^shared memory: 500 bytes, \d+ messages/m, /^shared memory: 1048576 bytes/m],
    python: [/^pipe: 500 bytes, /m, /^queue: 500 bytes/m],
    typescript: [/^argument: 500 bytes, /m, /^file: 500 bytes/m, /^SQLite: 1048576 bytes/m],
  },
  concurrency: { args: "--procs 2 --wait 20", both: [/^one.*: \d+\.\d+ s\ntogether: \d+\.\d+ s$/m] },
  speedup: {
    args: "--procs 2 --cpu 20 --samples 1",
    both: [/^1 processes: \d+ ms, pi is about 3\.\d+\n2 processes: /],
  },
  oversubscribe: {
    args: `--procs ${usableCores() + 1} --cpu 50 --samples 1`,
    both: [/^1 processes: \d+ ms, \d+ involuntary/m, new RegExp(`^${usableCores() + 1} processes: `, "m")],
  },
  pool: {
    args: "--procs 2 --tasks 2",
    both: [/^a process each: \d+ us a task\none by one: \d+ us a task\nin chunks: \d+ us/],
    typescript: [/^PoolWorker-\d \(pid \d+\) ended with SIGKILL in the middle of dies\.\n\[ 1, 4, 9 \]$/m],
  },
  race: {
    args: "--procs 2 --rounds 3 --gap 1 --mode staged",
    both: [/^expected {"count": ?6}, found {"count": ?3}$/m],
  },
  mutex: {
    args: "--procs 2 --rounds 5 --gap 1 --samples 1",
    both: [/^without the lock: \d+ ms/m, /^with the lock: \d+ ms, expected {"count": ?10}, found {"count": ?10}$/m],
  },
  crash: {
    args: "--procs 2 --work 1",
    both: [/^process (\d+) has the lock -?\d+(\.\d)? ms after the kill/m],
    python: [/^process \d+ ended with exit code -9$/m],
    typescript: [/from a dead holder: true$/m, /^process \d+ ended with SIGKILL$/m],
  },
  deadlock: {
    args: "--procs 3 --patience 200 --work 0",
    both: [/ gave up /, /^in a circle: [012] of 3 had both locks/m, /^in one order: 3 of 3 had both locks/m],
  },
  fence: {
    args: "--lease 100 --work 1",
    both: [
      /^process (\d+), number 2: wrote 1\nprocess (?!\1)\d+, number 1: wrote 1\na lease alone: 2 additions, the count is 1$/m,
      /^process (\d+), number 1: was refused 1\nprocess \1, number 3: wrote 2\nwith its number: 2 additions, the count is 2$/m,
    ],
  },
  semaphore: {
    args: "--procs 3 --slots 2 --rounds 1 --work 10",
    both: [/(^process \d+ was in 1 times\n){3}/m, /^at most [12] at once, /m],
  },
  queue: {
    args: "--producers 2 --consumers 2 --capacity 1 --items 3 --make 0 --work 0",
    both: [/^process \d+ took \d+$/m, /^6 items, 6 different ones$/m],
  },
  barrier: {
    args: "--procs 2 --rounds 2 --work 5",
    both: [/^without a barrier: \d+ ms\nwith a barrier: \d+ ms$/m],
  },
  event: {
    args: "--procs 3 --rounds 1 --delay 5 --work 0",
    both: [/^the signal, /m, /^process \d+ went on \d+ ms/m, /^process \d+ came late, and did not wait \d+ ms/m],
  },
};

/** What it says itself on stderr; nothing where it is not named here. */
const complains: Readonly<Record<string, RegExp>> = {
  "python forkbomb": /RuntimeError: \s+An attempt has been made to start a new process/,
  "typescript forkbomb": /GuardMissing/,
};

/** What is wrong with what a demo prints in a language, in sentences. */
async function wrongOf(name: (typeof demoNames)[number], language: "python" | "typescript"): Promise<string[]> {
  const { args, both = [], ...own } = told[name];
  const file = `its-${name}.${language === "python" ? "py" : "ts"}`;
  const start = language === "python" ? "python3" : "$LANES exec";
  const { code, stdout, stderr } = await place.shell(
    `$LANES demo ${name} --${language} ${args} > ${file} || exit 99; exec ${start} ${file}`,
  );
  const said = `${language} ${name} ${JSON.stringify({ code, stdout, stderr })}`;
  const lines = [...both, ...(own[language] ?? [])].filter((line) => !line.test(stdout));
  const fits = code === 0 && (complains[`${language} ${name}`] ?? /^$/).test(stderr);
  return lines.length === 0 && fits ? [] : [`${said} lacks: ${lines.join("  ")}`];
}

async function wrong(language: "python" | "typescript"): Promise<string[]> {
  const names = [...demoNames];
  const found: string[] = [];
  const lane = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift())
      found.push(...(await wrongOf(name, language)));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return found;
}

test.if(python !== null)("each demo's Python", async () => expect(await wrong("python")).toEqual([]), 300_000);

test("each demo's TypeScript, its types too", async () => {
  expect(await wrong("typescript")).toEqual([]);
  const { code, stdout } = await place.shell("$LANES check its-*.ts");
  expect([code, stdout]).toEqual([0, ""]);
}, 300_000);

test("a program has its demo's parameters, each once, as they are chosen; what it has not is refused", async () => {
  const demos = await loadDemos();
  const lacking = demos.flatMap(({ name, params, code }) => {
    const names = params.map((param) => param.name);
    return (["python", "typescript"] as const).flatMap((language) => {
      const source = language === "python" ? code.python : code.program;
      // Set once and for all: as often as it has parameters, and with the defaults it is what lies in the file.
      const at = programWith(source, language, Object.fromEntries(names.map((param) => [param, "HERE"])));
      const has = paramsIn(source, language, names);
      const twice = at.split('"HERE"').length - 1 === has.length ? [] : [`${name} ${language}: twice`];
      return [
        ...twice,
        ...names.filter((param) => !has.includes(param)).map((param) => `${name} ${language}: ${param}`),
      ];
    });
  });
  // What a forkbomb would do without its guard is for the demo alone.
  const guarded = ["python", "typescript"].flatMap((language) => [
    `forkbomb ${language}: generations`,
    `forkbomb ${language}: work`,
  ]);
  expect(lacking).toEqual(guarded);
  const refused = await place.run(["demo", "forkbomb", "--python", "--work", "3"]);
  expect([refused.code, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toContain("no parameter 'work'. It has: children.");
  for (const other of ["--json", "--typescript", "--runs=2", "--html=x.html", "--dir=x"])
    expect((await place.run(["demo", "race", "--python", other])).code).toBe(2);
});
