/** A program of the user's, seen as lanes: live, as a recording, as a page. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";
import { imports, program } from "../../support/program.ts";
import { Pty } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const mutex = `${imports}
async function work(n: number, lock: lanes.Lock) { using _ = await lock.hold(); console.log("work", n); await Bun.sleep(30); }
if (import.meta.main) {
  const lock = new lanes.Lock({ name: "ticket" });
  const all = [1, 2].map((n) => new Process({ target: work, args: [n, lock] }).start());
  for (const each of all) await each.join();
  process.exitCode = 3;
}
`;

test("--json, --jsonl, replay and exports tell the same; stdout and the exit code are the program's own", async () => {
  program(place, mutex);
  const { stdout, stderr, code } = await place.run([
    "exec",
    "--jsonl",
    "--html",
    "page.html",
    "--svg",
    "p.svg",
    "--trace",
    "p.json",
    "program.ts",
    "arg",
  ]);
  expect(code).toBe(3);
  expect(stdout.split("\n").sort()).toEqual(["", "work 1", "work 2"]);
  const events = stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events[0]).toMatchObject({
    type: "recording",
    of: "exec",
    lane: "main",
    argv: expect.arrayContaining(["program.ts", "arg"]),
  });
  const result = events.at(-1);
  expect(result).toMatchObject({
    type: "result",
    v: 1,
    exec: "program.ts",
    args: ["arg"],
    ok: false,
    exitCode: 3,
    signal: null,
  });
  expect(result.lanes.map(({ lane, exitCode }: { lane: string; exitCode: number }) => [lane, exitCode])).toEqual([
    ["main", 3],
    ["Process-1", 0],
    ["Process-2", 0],
  ]);
  const types = (lane: string) =>
    events
      .filter((event) => event.lane === lane)
      .sort((a, b) => a.t - b.t)
      .map(({ type }) => type)
      .filter((type) => type !== "wait");
  for (const lane of ["Process-1", "Process-2"])
    expect(types(lane)).toEqual(["spawn", "ready", "hold", "say", "release", "exit"]);
  expect(events.filter(({ on }) => on === "ticket").length).toBeGreaterThanOrEqual(4);
  expect(readFileSync(join(place.tmp, "page.html"), "utf8")).toContain("ticket");
  await Bun.write(join(place.tmp, "kept.jsonl"), stderr);
  const replay = await place.run(["replay", "kept.jsonl"]);
  expect(replay.code).toBe(0);
  expect(replay.stdout).toContain("holds ticket");
  expect((await place.run(["replay", "kept.jsonl", "--svg", "again.svg"])).code).toBe(0);
  const svg = (name: string) => readFileSync(join(place.tmp, name), "utf8").replace(/<title>.*|\d\d:\d\d.*/g, "");
  expect(svg("again.svg").length).toBeGreaterThan(500);
  expect(svg("p.svg")).toContain("Process-2");
  const json = await place.run(["exec", "--json", "program.ts"]);
  expect(JSON.parse(json.stderr)).toMatchObject({ v: 1, exec: "program.ts", exitCode: 3 });
});

test("what the program says on stderr does not spoil the recording; a file that does not load is exit code 2", async () => {
  program(place, 'console.error("to stderr"); process.stdout.write("out");\nexport {};');
  const { stdout, stderr, code } = await place.run(["exec", "--jsonl", "program.ts"]);
  expect([stdout, code]).toEqual(["out", 0]);
  await Bun.write(join(place.tmp, "kept.jsonl"), stderr);
  expect((await place.run(["replay", "kept.jsonl", "--json"])).code).toBe(0);
  program(place, "const x = ;", "broken.ts");
  expect((await place.run(["exec", "--json", "broken.ts"])).code).toBe(2);
  expect((await place.run(["exec", "--json", "--jsonl", "program.ts"])).code).toBe(2);
});

test.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
  "%s to lanes ends the watched program and all it started; what happened is told",
  async (signal) => {
    program(
      place,
      `${imports}function forever() { setInterval(() => {}, 1000); }\nif (import.meta.main) { new Process({ target: forever }).start(); console.log("up"); }`,
    );
    const child = place.spawn(["exec", "--json", "program.ts"]);
    await child.stdout.getReader().read();
    await until("all to be there", () => place.running().length === 3);
    child.kill(signal);
    const code = { SIGTERM: 143, SIGINT: 130, SIGKILL: 137 }[signal];
    expect(await child.exited).toBe(code);
    const said = await child.stderr.text();
    if (signal === "SIGKILL") await until("all to end", () => place.running().length === 0, 1_000);
    else expect(JSON.parse(said)).toMatchObject({ exitCode: code, lanes: [{ lane: "main" }, { lane: "Process-1" }] });
    expect(place.running()).toEqual([]);
  },
);

test("--live draws its processes at a terminal, what it says above them; without one their events are told", async () => {
  const file = program(place, mutex);
  const pty = new Pty(["exec", "--live", "--no-color", file]);
  expect(await pty.exitCode()).toBe(3);
  const shown = pty.history();
  expect(shown).toMatch(/^work [12]$/m);
  expect(shown).toMatch(/^[├└] Process-1 .*exited 0/m);
  expect(shown).toMatch(/main .*exited 3/);
  await pty.close();
  const log = await place.run(["exec", "--live", file]);
  expect(log.stderr).toMatch(/Process-1 \d+ +holds ticket/);
}, 30_000);
