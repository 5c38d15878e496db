import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { lanes, Playground } from "../support/lanes.ts";
import { StuckReader } from "../support/processes/stuck-reader.ts";
import { Keys, Pty, type PtyOptions } from "../support/pty.ts";
import { until } from "../support/wait.ts";
import { choose, next } from "../support/walk.ts";

setDefaultTimeout(60_000);
let open: Pty[] = [];
let places: Playground[] = [];
afterEach(async () => {
  const all = [...open, ...places];
  open = [];
  places = [];
  for (const each of all) await (each instanceof Pty ? each.close() : each.clean());
});

function playground(): Playground {
  const place = new Playground();
  places.push(place);
  return place;
}

/** Two processes that lose an update in every round, recorded. */
async function recorded(...more: string[]): Promise<{ place: Playground; file: string }> {
  const place = playground();
  const race = ["demo", "race", "--mode", "staged", "--procs", "2", "--rounds", "3", "--gap", "0"];
  const { stdout, code } = await place.run([...race, "--jsonl", ...more]);
  expect(code).toBe(0);
  const file = join(place.tmp, "race.jsonl");
  writeFileSync(file, stdout);
  return { place, file };
}

function start(args: readonly string[], options?: PtyOptions): Pty {
  const pty = new Pty(args, options);
  open.push(pty);
  return pty;
}

const right = "\x1b[C";
const left = "\x1b[D";
const home = "\x1b[H";
const end = "\x1b[F";

const words = {
  en: { reads: "reads 0", writes: "writes 1", lost: "lost update:", stuck: "no further one", leave: "Esc" },
  zh: { reads: "读到 0", writes: "写入 1", lost: "丢失更新：", stuck: "这个方向上没有了", leave: "Esc" },
} as const;

for (const [columns, rows] of [
  [80, 24],
  [40, 12],
] as const) {
  for (const language of ["en", "zh"] as const) {
    test(`steps to the lost update, and back, at ${columns}x${rows} in ${language}`, async () => {
      const { file } = await recorded();
      const say = words[language];
      const pty = start(["replay", file, "--lang", language], { columns, rows });
      await pty.shows(/ 1\/\d+ .* ms/);
      expect(pty.screen()).not.toContain(say.lost); // what is to come is not given away
      await pty.answer("n", say.lost);
      // Both reads, the write that was lost, and the one over it: in this order, each in its process's column.
      const lines = pty.lines();
      const rowOf = (text: string, from = 0) => lines.findIndex((line, i) => i >= from && line.includes(text));
      const reads = [rowOf(say.reads), rowOf(say.reads, rowOf(say.reads) + 1)];
      const lost = lines.findIndex((line) => line.startsWith("✗") && line.includes(say.writes));
      const over = lines.findIndex((line) => line.startsWith("►") && line.includes(say.writes));
      expect(reads[0]).toBeGreaterThan(0);
      expect(reads[1]).toBeGreaterThan(reads[0] ?? 0);
      expect(lost).toBeGreaterThan(reads[1] ?? 0);
      expect(over).toBeGreaterThan(lost);
      const column = (row: number | undefined, text: string) => pty.columnOf(lines[row ?? 0] ?? "", text);
      expect(column(lost, say.writes)).not.toBe(column(over, say.writes));
      expect([column(lost, say.writes), column(over, say.writes)].toSorted()).toEqual(
        reads.map((row) => column(row, say.reads)).toSorted(),
      );
      for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines.filter((line) => line.includes(say.leave))).toHaveLength(1);

      const step = Number(/(\d+)\/\d+/.exec(lines[0] ?? "")?.[1]);
      await pty.answer(left, ` ${step - 1}/`);
      expect(pty.screen()).not.toContain(say.lost);
      await pty.answer(right, say.lost);
      await pty.answer("nn", / (\d+)\/\d+/);
      await pty.answer("n", say.stuck);
      await pty.answer(home, / 1\/\d+ /);
      await pty.answer(end, / (\d+)\/\1 /);
      pty.type(Keys.escape);
      expect(await pty.exitCode()).toBe(0);
      expect(pty.screen()).not.toContain("data.json");
    });
  }
}

test("the line each process is at is marked in the code that ran", async () => {
  const { file } = await recorded();
  const pty = start(["replay", file]);
  await pty.answer("n", "lost update:");
  expect(pty.screen()).toMatch(/^►(P1|P2) +│ +shared\.write\(count \+ 1, round\)/m);
  await pty.answer("", /^ (P1|P2) +[│⋮] +if \(way\.staged\) await myTurn\(\); \/\/ +until all have written/m);
  pty.type("q");
  expect(await pty.exitCode()).toBe(0);
});

test("where there is little room the code stands in place of the steps", async () => {
  const { file } = await recorded();
  const pty = start(["replay", file, "--no-color"], { columns: 40, rows: 12 });
  await pty.answer("n", "lost update:");
  expect(pty.screen()).not.toContain("shared.");
  await pty.answer("c", "shared.");
  await pty.answer("c", /► .* writes 1/);
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
  expect(pty.raw).not.toMatch(/\x1b\[[\d;]*m/);
});

test("plays to the end by itself, slower and faster, and stops when asked", async () => {
  const { file } = await recorded();
  const pty = start(["replay", file]);
  await pty.shows(/ 1\/\d+ /);
  await pty.answer("-", /speed 1\/\d+/);
  await pty.answer("+".repeat(12), "speed 10 ");
  await pty.answer(" ", / (\d+)\/\1 /);
  await pty.answer("-".repeat(20), "speed 1/1000 ");
  await pty.answer(` ${" "}`, / 1\/\d+ /); // from the beginning, and stopped before the first step was due
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("only ASCII where nothing else may be drawn", async () => {
  const { file } = await recorded();
  const pty = start(["replay", "--ascii", file]);
  await pty.answer("n", "lost update:");
  expect(pty.screen()).toMatch(/^> +[\d.]+ .* writes 1/m);
  expect(pty.screen()).toMatch(/^[\x20-\x7e\n]*$/);
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("Ctrl-C, Ctrl-D, a signal, a resize", async () => {
  const { file } = await recorded();
  for (const [key, code] of [
    [Keys.ctrlC, 130],
    [Keys.ctrlD, 0],
  ] as const) {
    const pty = start(["replay", file]);
    await pty.answer("n", "lost update:");
    pty.resize(40, 12);
    await pty.shows(/never saw[\s\S]*tha[t…]/);
    await until(
      "the frame to fit",
      () => pty.lines().every((line) => Bun.stringWidth(line) <= 40) && pty.lines()[0]?.startsWith("race"),
    );
    pty.type(key);
    expect(await pty.exitCode()).toBe(code);
  }
  const pty = start(["replay", file]);
  await pty.shows(/ 1\/\d+ /);
  pty.child.kill("SIGTERM");
  expect(await pty.exitCode()).toBe(143);
});

test("Ctrl-Z stops it with the cursor to be seen; fg goes on where it was", async () => {
  const { file } = await recorded();
  const pty = start([], { command: ["bash", "--norc", "--noprofile", "-i"], env: { PS1: "shell> " } });
  await pty.shows("shell>");
  await pty.answer(`"$LANES" replay ${file}\r`, / 1\/\d+ /);
  await pty.answer("n", "lost update:");
  await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>$/);
  await until("the cursor to be shown", () => pty.cursorVisible);
  const before = pty.raw.length;
  pty.type("fg\r");
  await until("the frame to be drawn again", () => pty.raw.slice(before).includes("Esc back"));
  await pty.shows(/^► .*writes 1[\s\S]*lost update:[\s\S]*Esc back$/m);
  await pty.answer(Keys.escape, /shell>$/);
  pty.type("exit\r");
  expect(await pty.exitCode()).toBe(0);
});

test("from the menu: what was just played, at its lost update; Esc goes back, Ctrl-C ends", async () => {
  const pty = start([]);
  await pty.shows("type to filter");
  await pty.answer("race\r", "How shall it run?");
  await pty.answer(Keys.down.repeat(4) + Keys.enter, "natural");
  await pty.answer(Keys.down + Keys.enter, "mode staged");
  await pty.answer(Keys.enter, "nothing is lost");
  pty.type(Keys.enter);
  await next(pty);
  await choose(pty, "step through the recording");
  await pty.shows(/► .*writes[\s\S]*lost update:/);
  await pty.answer(left, /n p moments/);
  await pty.answer(Keys.escape, /◆ {2}What next\?[\s\S]*● step through the recording/);
  await pty.answer(Keys.enter, "lost update:");
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});

test("without a terminal: a line an event, in order, with what is shared; and a summary for scripts", async () => {
  const { place, file } = await recorded();
  const text = await place.run(["replay", file]);
  expect(text.code).toBe(0);
  expect(text.stderr).toBe("");
  expect(text.stdout).not.toContain("\x1b");
  const rows = text.stdout.split("\n").filter((line) => /^ *\d+\.\d{3} /.test(line));
  const times = rows.map((line) => Number.parseFloat(line));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(rows.some((line) => /P\d +\d+ +1 +writes 1$/.test(line))).toBe(true);
  expect(text.stdout.match(/lost update: /g)).toHaveLength(3);
  const { stdout } = await place.run(["replay", file, "--json"]);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({ v: 1, of: "demo", demo: "race", complete: true, events: rows.length, skipped: 0 });
  expect(summary.moments.map(({ kind, updates }: { kind: string; updates: number }) => [kind, updates])).toEqual(
    Array(3).fill(["lost", 1]),
  );
  const zh = await place.run(["replay", "--lang", "zh", file]);
  expect(zh.stdout).toContain("丢失更新：");
});

test("stopped by a signal while it waits for a recording, with and without an export", async () => {
  const place = playground();
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    for (const more of [[], ["--html", "a.html"]]) {
      const pipe = join(place.tmp, `pipe-${signal}-${more.length}`);
      expect(Bun.spawnSync(["mkfifo", pipe]).exitCode).toBe(0);
      const child = place.spawn(["replay", pipe, ...more]);
      const writer = await openFile(pipe, "w"); // returns when lanes reads
      child.kill(signal);
      await child.exited;
      await writer.close();
      expect(child.exitCode).toBe(code);
    }
  }
});

test("what run and map recorded is replayed as well", async () => {
  const place = playground();
  const run = await place.shell(
    `"$LANES" run --jsonl -j2 --shell 'echo noise >&2; exit {}' ::: 0 3 2> run.jsonl; "$LANES" replay run.jsonl; "$LANES" replay run.jsonl --json`,
  );
  expect(run.stdout).toContain("P2 failed: exit code 3");
  expect(JSON.parse(run.stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ of: "run", complete: true });
  const map = await place.shell(
    `echo 'export default (x) => x' > m.js; seq 5 | "$LANES" map --jsonl -j1 m.js 2> map.jsonl >/dev/null; "$LANES" replay map.jsonl`,
  );
  expect(map.stdout).toMatch(/item 1 finished|items 1-\d+ finished/);
});

test("a damaged recording is refused with its line; one that was cut off is shown as far as it goes", async () => {
  const { place, file } = await recorded();
  const lines = (await Bun.file(file).text()).trimEnd().split("\n");
  const refused = async (content: string | string[], wanted: RegExp, ...more: string[]) => {
    writeFileSync(join(place.tmp, "x.jsonl"), Array.isArray(content) ? content.join("\n") : content);
    const { code, stdout, stderr } = await place.run(["replay", "x.jsonl", ...more]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(wanted);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  };
  await refused(lines.toSpliced(4, 1, "garbage"), /^lanes: x\.jsonl: line 5: /);
  await refused(lines.toSpliced(4, 1, "garbage"), /^lanes: x\.jsonl：第 5 行：/, "--lang", "zh");
  await refused(lines.slice(0, 7).join("\n").slice(0, -3), /line 7: cut off/);
  await refused(lines.toSpliced(3, 1, lines[3]!.replace(/"t":[\d.]+/, '"t":1e300')), /line 4: damaged: t cannot be/);
  await refused("", /empty/);
  const cut = await place.shell(`head -9 race.jsonl > cut.jsonl; "$LANES" replay cut.jsonl`);
  expect([cut.code, cut.stdout.trimEnd().split("\n").length]).toEqual([0, 9]);
  expect(cut.stderr).toContain("cut off: it has no result");
  const none = await place.run(["replay", "nowhere.jsonl"]);
  expect([none.code, none.stderr.split("\n").length]).toEqual([2, 2]);
  expect((await place.shell('"$LANES" replay race.jsonl > /dev/full')).code).toBe(1);
  expect((await place.shell('"$LANES" replay race.jsonl | head -1; exit ${PIPESTATUS[0]}')).stderr).toBe("");
});

test("TERM ends it, and the demo it comes from, even if whoever should read stands still", async () => {
  const place = playground();
  const race = ["race", "--procs", "8", "--rounds", "200", "--gap", "0"];
  const { stdout } = await place.run(["demo", ...race, "--jsonl"]);
  const file = join(place.tmp, "long.jsonl");
  writeFileSync(file, stdout);
  for (const args of [
    ["replay", file],
    ["demo", ...race, "--jsonl"],
  ]) {
    const stuck = new StuckReader(place);
    const child = Bun.spawn([lanes, ...args], {
      env: place.env,
      cwd: place.tmp,
      stdio: ["ignore", stuck.writer, "ignore"],
    });
    await stuck.full();
    child.kill("SIGTERM");
    expect(await child.exited).toBe(143);
    stuck.close();
  }
});
