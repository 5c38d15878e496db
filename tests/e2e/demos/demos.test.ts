import { afterEach, beforeEach, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { replayOfSaved } from "../../../src/commands/replay/viewed.ts";
import { loadDemos } from "../../../src/demos/catalog.ts";
import { isMessageKey } from "../../../src/i18n/index.ts";
import type { LaneEvent } from "../../../src/recording/event.ts";
import { readSaved } from "../../../src/recording/saved.ts";
import { Playground } from "../../support/lanes.ts";
import { expectSameExports, exported } from "../../support/recordings/exports.ts";
import { root } from "../../support/root.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** The names of `result`, by demo, as docs/json.md lists them: what stands in braces or brackets is further in. */
async function namesIn(page: string): Promise<Record<string, string[]>> {
  const text = await Bun.file(join(root, page)).text();
  const names = (cell = "") => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name);
  const flat = (cell = "") => cell.replace(/\[\{.*?\}\]|\{.*?\}|\[.*?\]/g, "");
  const section = text.slice(text.lastIndexOf("`result`", text.indexOf("`spawnMs`")));
  const rows = [...section.matchAll(/^\| (`.*?) *\| (`.*?) *\|$/gm)];
  return Object.fromEntries(rows.flatMap(([, demos, cell]) => names(demos).map((demo) => [demo, names(flat(cell))])));
}

const fields = await namesIn("docs/json.md");
const demos = await loadDemos();

test("docs/json.md lists, in both languages, every demo's result, with the same names", async () => {
  expect(Object.keys(fields).toSorted()).toEqual(demos.map(({ name }) => String(name)).toSorted());
  expect(await namesIn("docs/json.zh-CN.md")).toEqual(fields);
});

/** The document, as docs/json.md says. */
function expectDocument(document: Record<string, unknown>, name: string): void {
  expect(document).toMatchObject({ v: 1, demo: name, ok: true });
  const { params, result, elapsedMs, parent, lanes } = document as {
    params: object;
    result: object;
    elapsedMs: number;
    parent: { pid: number };
    lanes: { lane: string; pid: number; startMs: number; readyMs: number }[];
  };
  expect(Object.keys(params)).toEqual(demos.find((demo) => demo.name === name)!.params.map((param) => param.name));
  expect(Object.keys(result)).toEqual(expect.arrayContaining(fields[name] ?? ["a row in docs/json.md"]));
  expect(elapsedMs).toBeGreaterThan(0);
  expect(parent.pid).toBeGreaterThan(0);
  expect(lanes.length).toBeGreaterThan(0);
  for (const lane of lanes) {
    expect(Object.keys(lane)).toEqual([
      "lane",
      "pid",
      "ppid",
      "exitCode",
      "signal",
      "startMs",
      "readyMs",
      "endMs",
      "cpuMs",
      "maxRssKb",
    ]);
    expect(lane.lane).toMatch(/^P\d/);
    expect(lane.readyMs).toBeGreaterThanOrEqual(lane.startMs);
  }
  expect(new Set(lanes.map(({ pid }) => pid)).size).toBe(lanes.length);
}

test("lanes demo function --json: the document, and nothing else", async () => {
  const { stdout, stderr, code } = await place.run(["demo", "function", "--json"]);
  expect([stderr, code]).toEqual(["", 0]);
  expectDocument(JSON.parse(stdout), "function");
});

/** What takes long only because there is much of it. */
const smaller: Readonly<Record<string, readonly string[]>> = {
  forkbomb: ["--generations", "3"],
  exchange: ["--messages", "500", "--megabytes", "2"],
  speedup: ["--procs", "2", "--cpu", "50", "--samples", "1"],
  oversubscribe: ["--cpu", "50", "--samples", "1"],
  pool: ["--tasks", "6"],
  mutex: ["--rounds", "5"],
  semaphore: ["--procs", "4", "--rounds", "2"],
  queue: ["--items", "8"],
};

test.each(demos.map(({ name }) => name))("lanes demo %s --jsonl: events, and the document last", async (name) => {
  const { stdout, stderr, code } = await place.run([
    "demo",
    name,
    ...(smaller[name] ?? []),
    "--jsonl",
    ...exported("live"),
  ]);
  expect([stderr, code]).toEqual(["", 0]);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const last = lines.pop();
  expect(last).toMatchObject({ type: "result", t: last.elapsedMs });
  expectDocument(last, name);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines[0]).toMatchObject({ type: "recording", v: 1, of: "demo", demo: name, params: last.params });
  for (const event of lines as LaneEvent[]) {
    expect(typeof event.type).toBe("string");
    expect(typeof event.t).toBe("number");
    expect(event.lane).toMatch(/^(main|P\d)/);
    expect(event.pid).toBeGreaterThan(0);
    expect(event.ppid).toBeGreaterThan(0);
  }
  // Every process that was spawned said so itself, and ended.
  const pids = (type: string) =>
    lines
      .filter((event) => event.type === type)
      .map(({ pid }) => pid)
      .toSorted();
  expect(pids("ready")).toEqual(pids("spawn"));

  const file = join(place.tmp, `${name}.jsonl`);
  writeFileSync(file, stdout);
  await expectSameExports(place, file);
  const saved = await readSaved(file, isMessageKey);
  expect(saved.events).toHaveLength(lines.length - 2); // the header, and what was told of it
  expect(lines.at(-1)).toMatchObject({ type: "outcome", lane: "main" });
  expect(saved.skipped).toBe(0);
  // Where a demo says which line its children's reads, writes and locks come from, it says so of every one of them.
  const { steps, code: shown } = await replayOfSaved(saved);
  const marked = new Set(demos.find((demo) => demo.name === name)?.marks?.map(({ type }) => type));
  expect(shown !== undefined).toBe(marked.size > 0);
  for (const [step, { type, lane }] of saved.events.entries()) {
    if (!/^(read|write|hold|release)$/.test(type) || lane === "main" || !marked.has(type)) continue;
    expect([step, type, steps.lane(lane, step).line]).toEqual([step, type, expect.any(Number)]);
  }
});

// Some, in one language each: that the text of every demo can be read in both is looked at where demos are played from source (played.ts).
test.each([
  ["function", "en"],
  ["race", "zh"],
  ["exchange", "en"],
  ["deadlock", "zh"],
] as const)("lanes demo %s as text, in %s, without escapes in a pipe", async (name, language) => {
  const { stdout, code } = await place.run(["demo", name, ...(smaller[name] ?? []), "--lang", language]);
  expect(code).toBe(0);
  expect(stdout).not.toContain("\x1b");
  expect(stdout).not.toMatch(/undefined|NaN|\[object/);
  expect(/\p{Script=Han}/u.test(stdout)).toBe(language === "zh");
});
