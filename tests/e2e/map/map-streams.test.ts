import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { numbers, put } from "../../support/map.ts";
import { StuckReader } from "../../support/processes/stuck-reader.ts";
import { Pty } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
let echo: string;
let slow: string;
beforeEach(() => {
  place = new Playground();
  echo = put(place, "echo.ts", "export default (x: string) => x;");
  slow = put(
    place,
    "slow.ts",
    `import { appendFileSync } from "node:fs";
export default async (x: string) => { await Bun.sleep(Number(x)); appendFileSync("done", x); return x; };`,
  );
});
afterEach(() => place.clean());

/** Starts `lanes map` with pipes at all ends. */
function start(args: readonly string[]) {
  const options = { env: place.env, cwd: place.tmp, stdin: "pipe", stdout: "pipe", stderr: "pipe" } as const;
  return Bun.spawn([lanes, "map", ...args], options);
}

/** Peak resident memory of a process so far, MB. */
function peakMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

test("a result is printed as soon as it is there, though the input goes on", async () => {
  const child = start(["-q", echo]);
  const reader = child.stdout.getReader();
  for (const word of ["one", "two", "three"]) {
    child.stdin.write(`${word}\n`);
    child.stdin.flush();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(`"${word}"\n`);
  }
  child.stdin.end();
  expect((await reader.read()).done).toBe(true);
  expect(await child.exited).toBe(0);
});

test("stdout closed early: quiet, as a program killed by SIGPIPE, and the endless input is left alone", async () => {
  const done = await place.shell(`yes 12 | $LANES map ${echo} | head -2; echo "\${PIPESTATUS[1]}"`);
  expect(done.stdout).toBe('"12"\n"12"\n141\n');
  expect(done.stderr.replace(/^lanes: .*$/m, "").trim()).toBe("");
});

/** The file that a process runs; empty if it is gone. */
function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return "";
  }
}

test("endless input and a reader that does not read: memory stays where it is", async () => {
  const line = "x".repeat(99);
  const args = ["bash", "-c", `yes ${line} | exec "$0" map -q "$1"`, lanes, echo];
  const child = Bun.spawn(args, { env: place.env, cwd: place.tmp, stdout: "pipe", stderr: "inherit" });
  const reader = child.stdout.getReader();
  let read = 0;
  const upTo = async (bytes: number) => {
    while (read < bytes) read += (await reader.read()).value?.length ?? 0;
  };
  await upTo(2e7);
  const pids = () => place.running().filter((pid) => programOf(pid) === realpathSync(lanes));
  expect(pids().length).toBeGreaterThan(1);
  const before = pids().map(peakMb);
  // Nobody reads: everything comes to a stand, which shows in no process using the processor any more.
  const cpu = () => pids().map((pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ").slice(13, 15).join(" "));
  let last = "";
  await until("the map to stand still", async () => {
    const now = cpu().join();
    const still = now === last;
    last = now;
    await Bun.sleep(100);
    return still;
  });
  await upTo(12e7);
  const after = pids().map(peakMb);
  for (const [i, mb] of after.entries()) expect(mb).toBeLessThan((before[i] ?? 0) + 64);
  await reader.cancel();
  await child.exited;
});

test("a line of 50 MiB, there and back, and the lines around it", async () => {
  const big = "y".repeat(50 * 1024 * 1024);
  const input = `a\n${big}\nb`;
  const child = Bun.spawn([lanes, "map", "-q", "-j1", echo], {
    env: place.env,
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await new Response(child.stdout).text();
  expect(text.length).toBe(big.length + 2 + 8 + 1);
  expect(text === `"a"\n"${big}"\n"b"\n`).toBe(true);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s: what is done is printed, the rest is named",
  async (signal) => {
    const child = start(["-j3", slow]);
    child.stdin.write("1\n2\n60000\n3\n4\n60001\n5\n6\n");
    child.stdin.flush();
    const done = join(place.tmp, "done");
    await until("the short items to be done", () => existsSync(done) && readFileSync(done, "utf8").length === 6);
    child.kill(signal);
    const [text, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    expect(text).toBe('"1"\n"2"\n"3"\n"4"\n"5"\n"6"\n');
    expect(stderr).toContain("not done: 3, 6, everything from 9 on");
    expect(await child.exited).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
  },
);

test("kill -9 of lanes: no worker is alive a second later", async () => {
  const spin = put(place, "spin.ts", "export default () => { for (;;); };");
  const child = start(["-j2", spin]);
  child.stdin.write(numbers(10));
  child.stdin.flush();
  await until("lanes, its guard and both workers to run", () => place.running().length === 4);
  child.kill("SIGKILL");
  await child.exited;
  await until("the workers to be gone", () => place.running().length === 0, 1000);
});

test("a second signal ends at once what does not end by itself", async () => {
  const deaf = put(
    place,
    "deaf.ts",
    "process.on('SIGTERM', () => {}); export default () => { console.log('begun'); for (;;); };",
  );
  const child = start(["-q", deaf, "1"]);
  const reader = child.stderr.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain("begun");
  // Two sent at once may arrive as one, and two different ones in either order: Ctrl-C until it has ended.
  const impatient = setInterval(() => child.kill("SIGINT"), 20);
  expect(await child.exited).toBe(130);
  clearInterval(impatient);
});

test("a full disk is an error, not a silence", async () => {
  const { stderr, code } = await place.shell(`seq 100000 | $LANES map -q ${echo} > /dev/full; echo "$?" >&2`);
  expect(stderr).toContain("ENOSPC");
  expect(stderr.trimEnd().split("\n").at(-1)).toBe("1");
  expect(code).toBe(0);
});

test.each(["map -q ECHO 1 2", "run -q echo ::: 1 2", "--help"])(
  "stdout that was closed (>&-) is an error, as a full disk is: lanes %s",
  async (line) => {
    const command = `$LANES ${line.replace("ECHO", echo)}`;
    const { stderr, code } = await place.shell(`${command} >&-`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("EBADF")]);
    expect(await place.shell(`${command} > /dev/null`)).toMatchObject({ code: 0, stderr: "" });
  },
);

test("a folder or nothing on stdin", async () => {
  const folder = await place.shell(`$LANES map ${echo} < /`);
  expect(folder.code).toBe(2);
  const closed = await place.shell(`$LANES map -q ${echo} <&-`);
  expect(closed.stdout).toBe("");
});

test("TERM ends it even if whoever should read the results stands still", async () => {
  const stuck = new StuckReader(place);
  expect((await place.shell("seq 300000 > numbers")).code).toBe(0);
  const child = Bun.spawn([lanes, "map", echo], {
    env: place.env,
    cwd: place.tmp,
    stdio: [Bun.file(join(place.tmp, "numbers")), stuck.writer, "pipe"],
  });
  await stuck.full();
  child.kill("SIGTERM");
  expect(await child.exited).toBe(143);
  stuck.close();
});

test("in a terminal: a progress line, cleared in the end; Ctrl-C goes to the workers too and still ends in good order", async () => {
  let screen = "";
  const child = Bun.spawn([lanes, "map", "-j2", slow, "1", "60000", "2"], {
    env: { ...place.env, TERM: "xterm" },
    cwd: place.tmp,
    terminal: {
      cols: 80,
      rows: 24,
      data: (_terminal, bytes) => {
        screen += new TextDecoder().decode(bytes);
      },
    },
  });
  await until("progress to be shown", () => screen.includes("2/") || screen.includes("1/"));
  await until("the short items to be done", () => existsSync(join(place.tmp, "done")) && screen.includes("%"));
  child.terminal?.write("\x03");
  expect(await child.exited).toBe(130);
  await until("the end to be shown", () => screen.includes("not done: 2"));
  expect(screen).toContain('"1"');
  child.terminal?.close();
});

test("in a terminal the progress line gives way to results, and comes back below them", async () => {
  const module =
    "export default async (x: string) => { while (!(await Bun.file(`go${x}`).exists())) await Bun.sleep(5); return x; };";
  const gate = put(place, "gate.ts", module);
  const pty = new Pty(["map", "-j1", gate, "1", "2"]);
  try {
    for (const item of ["1", "2"]) {
      await pty.shows(/1\/1 +[\d.]+ m?s\b/);
      await Bun.write(join(pty.place.tmp, `go${item}`), "");
      await pty.shows(new RegExp(`^"${item}"$`, "m"));
    }
    expect(await pty.exitCode()).toBe(0);
    expect(pty.history()).toMatch(/^"1"\n"2"\nlanes: 2 items/);
  } finally {
    await pty.close();
  }
});
