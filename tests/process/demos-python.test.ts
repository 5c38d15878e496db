/** The Python beside a demo's own code runs, and prints what the demo shows. */
import { expect, test } from "bun:test";
import { join } from "node:path";

const folder = join(import.meta.dir, "../../src/demos");
const python = Bun.which("python3");

const printed: Readonly<Record<string, readonly RegExp[]>> = {
  function: [/^hello Ada, I am process \d+$/m, /^hello Mary, /m, /^main: I am process \d+$/m],
  subclass: [/my count is 100$/m, /my count is 1300$/m, /^main: their counts are \[100, 200, 300\]$/m],
  identity: [/^main: I am \d+, my parent is \d+$/m, /^grandchild: I am still (\d+), my parent is \d+$/m],
  exchange: [/^pipe: 500000 bytes, \d+ messages/m, /^queue: 500000 bytes/m, /^shared memory: 500000 bytes/m],
  isolation: [/^P1: counter is 1000$/m, /^P3: counter is 3000$/m, /^main: counter is 0$/m],
  concurrency: [/^one_after_another: \d+\.\d+ s$/m, /^together: \d+\.\d+ s$/m],
  zombie: [/^after its exit: Z/m, /^after kill -9: Z/m, /^after join: gone$/m, /^exit code 7$/m],
  forkbomb: [
    /^process (\d+) runs the file[\s\S]*^process (?!\1)\d+ runs the file/m,
    /its child ended with exit code 1$/m,
  ],
  oversubscribe: [/^1 processes: \d+ ms, \d+ involuntary switches$/m, /^2 processes: /m],
  speedup: [/^1 processes: \d+ ms, pi is about 3\.1\d+$/m, /^2 processes: /m],
  pool: [/^a process each: \d+ us a task$/m, /^one by one: \d+ us/m, /^in chunks: \d+ us/m],
  race: [/^expected {"count": 400}, found /m],
  mutex: [/^expected {"count": 200}, found {"count": 200}$/m],
  crash: [/^process \d+ has the lock \d+\.\d ms after the kill$/m, /^process \d+ ended with exit code -9$/m],
  semaphore: [/^at most 2 at once, \d\.\d s$/m],
  "bounded-queue": [/^process \d+ took \d+$/m, /^60 items, 60 different ones$/m],
  barrier: [/^without a barrier: \d+ ms$/m, /^with a barrier: \d+ ms$/m],
  event: [/^process \d+ went on \d+\.\d ms after the signal$/m, /^process \d+ came late and did not wait: True$/m],
  deadlock: [/^opposite order: [01] of 2 had both locks, after \d+\.\d s$/m, /^one order: 2 of 2 had both locks, /m],
};

/** What Python itself has to say; nothing where it is not named here. */
const complains: Readonly<Record<string, RegExp>> = {
  forkbomb: /RuntimeError: \s+An attempt has been made to start a new process/,
};

test("each demo's Python is tried here", () => {
  const files = [...new Bun.Glob("*/*.py").scanSync(folder)].map((file) => file.replace(/.*\/(.*)\.py$/, "$1"));
  expect(Object.keys(printed).toSorted()).toEqual(files.toSorted());
});

test.if(python !== null).each(Object.entries(printed))("%s.py", async (name, lines) => {
  // Unbuffered, Python writes a line's end by itself, and processes mix their lines.
  const env = { ...process.env, PYTHONUNBUFFERED: undefined };
  const [script] = new Bun.Glob(`*/${name}.py`).scanSync({ cwd: folder, absolute: true });
  const child = Bun.spawn([python ?? "", script ?? ""], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect(stderr).toMatch(complains[name] ?? /^$/);
  expect(await child.exited).toBe(0);
  for (const line of lines) expect(stdout).toMatch(line);
});
