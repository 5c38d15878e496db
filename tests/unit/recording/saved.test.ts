import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { LanesError } from "../../../src/errors.ts";
import { isMessageKey } from "../../../src/i18n/index.ts";
import { headerLine } from "../../../src/recording/header.ts";
import { Histories } from "../../../src/recording/history.ts";
import { inSteps } from "../../../src/recording/in-steps.ts";
import { outcomeEvent, type Told } from "../../../src/recording/results/outcome.ts";
import { limits, readSaved } from "../../../src/recording/saved.ts";
import { anyEvents, anyMapEvents, anyRunEvents } from "../../support/recordings/recordings.ts";

const folder = mkdtempSync(join(tmpdir(), "saved-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** A file with this content. */
function file(content: string | Uint8Array): string {
  const path = join(folder, `recording-${++files}`);
  writeFileSync(path, content);
  return path;
}

const header = headerLine({ of: "demo", demo: "race", params: { procs: 2 } });
const event = (more: object) => `${JSON.stringify({ type: "ready", t: 1, lane: "P1", pid: 5, ppid: 1, ...more })}\n`;

/** What is said of a file that cannot be read. */
async function refusal(path: string): Promise<string> {
  const error = await readSaved(path, isMessageKey).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LanesError);
  expect((error as LanesError).exitCode).toBe(2);
  expect((error as LanesError).message.startsWith(`${path}: `)).toBe(true);
  return (error as LanesError).message.slice(path.length + 2);
}

test("what was written is read: the same events, whatever the order of their lines, and the result", async () => {
  await fc.assert(
    fc.asyncProperty(anyEvents, fc.boolean(), fc.boolean(), async (events, complete, crlf) => {
      const lines = events.map((each) => JSON.stringify(each));
      const moved = lines.map((line, i) => ({ line, t: events[i]?.t ?? 0, i }));
      moved.sort((a, b) => b.t - a.t || a.i - b.i); // backwards in time; those of one moment in their order
      const result = complete ? [JSON.stringify({ type: "result", t: 9, v: 1 })] : [];
      const content = [header.trim(), ...moved.map(({ line }) => line), ...result].join(crlf ? "\r\n" : "\n");
      const saved = await readSaved(file(content), isMessageKey);
      expect(saved.events).toEqual(events);
      expect(saved.result !== undefined).toBe(complete);
      expect(saved.header).toMatchObject({ v: 1, of: "demo", demo: "race", params: { procs: 2 } });
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["run", anyRunEvents],
  ["map", anyMapEvents],
] as const)("what a %s wrote is read, every field of it", async (of, any) => {
  await fc.assert(
    fc.asyncProperty(any, async (events) => {
      const lines = events.map((each) => `${JSON.stringify(each)}\n`);
      const saved = await readSaved(file(headerLine({ of }) + lines.join("")), isMessageKey);
      expect(saved.events).toEqual(events);
      expect(saved.skipped).toBe(0);
      expect(saved.header.argv?.[0]).toBe("lanes");
    }),
    { numRuns: 60 },
  );
});

test("what was told of a demo comes back; in the words of a later lanes it is skipped, damaged it is refused", async () => {
  const told = {
    facts: [
      { label: "demo.race.fact.count", value: [{ key: "demo.zombie.adopter", params: { name: "x", pid: 1 } }, "!"] },
    ],
    checks: [{ label: "demo.check.exit", ok: true }],
    pictures: [
      { kind: "timelines", parts: [{ title: { key: "demo.queue.part" }, fromMs: 1, toMs: Number.POSITIVE_INFINITY }] },
      { kind: "bars", unit: "", rows: [{ label: "a", value: Number.NaN }] },
      {
        kind: "curve",
        xLabel: "x",
        yLabel: "y",
        points: [
          { x: 1, y: 2 },
          { x: 2, y: 3, ideal: 4 },
        ],
      },
      { kind: "table", columns: ["", "b"], rows: [["1", { key: "demo.race.bar.actual" }]] },
    ],
    answer: "less",
    suggestion: { procs: 4 },
  } as const satisfies Told;
  const line = (what: object) => event({ lane: "main", ...what });
  const saved = await readSaved(file(header + line(outcomeEvent(told))), isMessageKey);
  expect(saved.told).toEqual(told);
  expect([saved.events.length, saved.skipped]).toEqual([0, 0]);
  const later = await readSaved(
    file(header + line(outcomeEvent({ ...told, why: "demo.race.why.new" as never }))),
    isMessageKey,
  );
  expect([later.told, later.skipped]).toEqual([undefined, 1]);
  const bad = line({ ...outcomeEvent(told), checks: [{ label: "demo.check.exit", ok: "yes" }] });
  expect(await refusal(file(header + bad))).toStartWith("line 2: damaged: outcome.checks[0].ok cannot be");
});

test("types it does not know are skipped, and fields too; blank lines and a byte order mark do no harm", async () => {
  const content = `\ufeff${header}\n${event({ type: "teleport", to: "P2" })}${event({ mood: "good" })}`;
  const { events, skipped } = await readSaved(file(content), isMessageKey);
  expect(events).toEqual([{ type: "ready", t: 1, lane: "P1", pid: 5, ppid: 1 }]);
  expect(skipped).toBe(1);
});

test.each([
  ["not JSON", "not json\n", "line 2: not an event"],
  ["no object", "[1]\n", "line 2: not an event"],
  ["cut off", event({}).slice(0, -5), "line 2: cut off"],
  ["t is no number", event({ t: "1" }), "line 2: damaged: t cannot be"],
  ["t before the beginning", event({ t: -1 }), "line 2: damaged: t cannot be -1"],
  ["t beyond all years", event({ t: 1e300 }), "line 2: damaged: t cannot be 1e+300"],
  ["t infinite", event({}).replace('"t":1', '"t":1e999'), "line 2: damaged: t cannot be"],
  ["t null", event({ t: Number.NaN }), "line 2: damaged: t cannot be null"],
  ["no lane", event({ lane: undefined }), "line 2: damaged: lane cannot be missing"],
  ["a pid that is none", event({ pid: 1.5 }), "line 2: damaged: pid cannot be 1.5"],
  ["a field of its type", event({ type: "hold", on: 3 }), "line 2: damaged: on cannot be 3"],
  [
    "a value as deep as no value is",
    event({ type: "read" }).replace("}", `,"value":${"[".repeat(9e5)}${"]".repeat(9e5)}}`),
    "line 2: damaged: nested",
  ],
  [
    "a name as deep",
    event({ type: "hold" }).replace("}", `,"on":${"[".repeat(9e5)}${"]".repeat(9e5)}}`),
    "line 2: damaged: nested",
  ],
  ["a type that is no text", event({ type: 7 }), "line 2: damaged: type cannot be 7"],
  ["two recordings", header, "line 2: another recording begins here"],
])("a damaged line is named: %s", async (_, line, wanted) => {
  expect(await refusal(file(header + line))).toStartWith(wanted);
});

test("what is no recording, or of another version, is refused", async () => {
  expect(await refusal(file(""))).toContain("empty");
  expect(await refusal(file("\n\n"))).toContain("empty");
  expect(await refusal(file(event({})))).toContain("not a recording");
  expect(await refusal(file(new Uint8Array(5000)))).toStartWith("line 1: ");
  expect(await refusal(file(header.replace('"v":1', '"v":2')))).toContain("version 2");
  expect(await refusal(file(header.replace('"of":"demo"', '"of":"dream"')))).toContain("of cannot be");
  expect(await refusal(folder)).toContain("folder");
  expect(await refusal(join(folder, "nowhere"))).toContain("no such file");
});

test("too large a file is refused before it is read; an endless line and endless lanes are, while it is read", async () => {
  const large = file(header);
  truncateSync(large, 2 ** 30);
  expect(await refusal(large)).toContain(`${limits.bytes / 2 ** 20} MiB`);
  expect(await refusal("/dev/zero")).toContain("line 1: longer than");
  const lanes = Array.from({ length: limits.lanes + 1 }, (_, i) => event({ lane: `P${i}` })).join("");
  expect(await refusal(file(header + lanes))).toStartWith(`line ${limits.lanes + 2}: more than ${limits.lanes} lanes`);
});

test("jobs of a run are processes on their slot's lane, whatever they wrote between the events", async () => {
  const job = { t: 1, lane: "P1", pid: 7, ppid: 1, seq: 3, attempt: 1, command: "true" };
  const lines = [
    headerLine({ of: "run" }),
    event({ type: "spawn", ...job }),
    'oops\n{"level":"warn"}\n',
    event({ type: "exit", ...job, t: 2, code: 1, signal: null, ms: 1, retry: false, stopped: false, timedOut: false }),
  ];
  const { events } = await readSaved(file(lines.join("")), isMessageKey);
  expect(events.map(({ type, t, lane, pid }) => [type, t, lane, pid])).toEqual([
    ["spawn", 1, "P1", 7],
    ["exit", 2, "P1", 7],
  ]);
  expect(await refusal(file(lines.join("") + event({ type: "spawn", ...job, seq: "x" })))).toStartWith("line 6: ");
});

test("a recording of a run that went through another JSON writer has the same events", async () => {
  const job = { t: 1, lane: "P1", pid: 7, ppid: 1, seq: 3, attempt: 1, command: "true" };
  const spaced = (line: string) => line.replace(/([{:,])"/g, '$1 "');
  const { events } = await readSaved(
    file([headerLine({ of: "run" }), event({ type: "spawn", ...job })].map(spaced).join("")),
    isMessageKey,
  );
  expect(events.map(({ type }) => type)).toEqual(["spawn"]);
});

test("a chunk of a map is a stretch that ends when it was answered, and overlaps no other", async () => {
  const chunk = (first: number, t: number, ms: number) => event({ type: "chunk", first, count: 4, t, ms });
  const content = headerLine({ of: "map" }) + event({ t: 1 }) + chunk(0, 10, 5) + chunk(4, 14, 9);
  const steps = inSteps((await readSaved(file(content), isMessageKey)).events);
  expect(steps.map(({ type, t }) => [type, t])).toEqual([
    ["ready", 1],
    ["idle", 1],
    ["begin", 5],
    ["chunk", 10],
    ["begin", 10],
    ["chunk", 14],
  ]);
  const [lane] = Histories.of(steps, false).lanes;
  expect([...lane!.stretches(0, 20, 20)].map(({ state, fromMs, toMs }) => [state, fromMs, toMs])).toEqual([
    ["runs", 1, 1],
    ["waits", 1, 5],
    ["runs", 5, 10],
    ["waits", 10, 10],
    ["runs", 10, 14],
    ["waits", 14, 20],
  ]);
});
