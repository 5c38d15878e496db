/**
 * Text from outside reaches a terminal or a message only with escapes for what steers. One table of the places that show such
 * text; each is tried in a pipe, in one language or the other, and in a real terminal.
 */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectEscaped, hostile } from "../support/hostile.ts";
import { lanes, Playground } from "../support/lanes.ts";
import { put } from "../support/map.ts";
import { Pty } from "../support/pty.ts";

setDefaultTimeout(60_000);

const H = JSON.stringify(hostile);
const own = { t: 1, lane: "P1", pid: 11, ppid: 1 };
const mainLane = { t: 0, lane: "main", pid: 1, ppid: 0 };
const header = (more: object) => ({ type: "recording", v: 1, ...mainLane, lanes: hostile, ...more });

/** Recordings every string of which is hostile, but for those that a reader checks. */
const recordings: Readonly<Record<string, readonly object[]>> = {
  demo: [
    header({ of: "demo", demo: hostile, params: { [hostile]: hostile }, shared: { label: hostile, expected: 3 } }),
    { type: "spawn", name: hostile, ...own },
    { type: "run", text: hostile, ...own },
    { type: "say", text: hostile, ...own },
    { type: "hold", on: hostile, ...own },
    { type: "wait", on: hostile, ...own, lane: "P2", pid: 12 },
    { type: "join", on: hostile, ...own, lane: "P3", pid: 13 },
    { type: "read", value: hostile, ...own },
    { type: "write", value: { [hostile]: hostile }, ...own },
    { type: "release", on: hostile, ...own },
    { type: "refused", by: "system", depth: 1, limit: 1, text: hostile, ...own },
    { type: "exit", code: null, signal: hostile, ...own },
    { type: "ready", ...own, lane: hostile.slice(0, 99), pid: 14 },
    { type: "result", t: 2, [hostile]: hostile },
  ],
  run: [
    header({ of: "run" }),
    { type: "spawn", seq: 1, command: hostile, attempt: 1, ...own },
    {
      type: "exit",
      seq: 1,
      command: hostile,
      code: null,
      signal: hostile,
      timedOut: false,
      attempt: 1,
      ms: 1,
      retry: false,
      stopped: false,
      ...own,
    },
    { type: "stop", reason: "signal", ...mainLane, t: 2 },
  ],
  map: [
    header({ of: "map" }),
    { type: "spawn", name: hostile, ...own },
    { type: "say", text: hostile, ...own },
    { type: "exit", code: null, signal: hostile, ...own },
  ],
};

const modules: Readonly<Record<string, string>> = {
  "throws.ts": `export default (item) => { throw new Error(item); }`,
  "names.ts": `export default () => { const e = new Error(${H}); e.name = ${H}; throw e; }`,
  "strings.ts": `export default () => { throw ${H}; }`,
  "loads.ts": `throw new Error(${H});`,
  "inits.ts": `export function setup() { throw new Error(${H}); }; export default (x) => x;`,
  "returns.ts": `export default () => ({ [${H}]: new Map() });`,
  "leaves.ts": `export default () => new Promise(() => setTimeout(() => { throw new Error(${H}); }));`,
  "leaves-main.ts": `setTimeout(() => { throw new Error(${H}); });`,
  "prints.ts": `export default () => { console.log(${H}); console.error(${H}); return 1; }`,
  "echoes.ts": "export default (x) => x;",
};

const place = new Playground();
for (const [name, text] of Object.entries(modules)) put(place, name, text);
for (const [name, events] of Object.entries(recordings)) {
  put(place, `${name}.jsonl`, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}
put(place, "noevent.jsonl", `${hostile}\n`);
put(place, "wrong.jsonl", `${JSON.stringify(header({ of: hostile }))}\n`);
const state = join(place.tmp, "state", "lanes");
mkdirSync(state, { recursive: true });
const fact = { label: "compare.measure.lost", value: hostile };
const play = {
  v: 1,
  at: "2026-01-01T00:00:00Z",
  demo: "race",
  params: { mode: hostile },
  ok: true,
  answer: hostile,
  fact,
};
writeFileSync(join(state, "progress.jsonl"), `${JSON.stringify(play)}\n`);
const env = { H: hostile, LANES: lanes };
afterAll(() => place.clean());

/** Held by a command whose words are hostile, for as long as the line takes. */
const held = (line: string) => `
  rm -f held ready.fifo; mkfifo ready.fifo
  "$LANES" lock held -- sh -c 'echo > ready.fifo; exec sleep 60' "$H" & owner=$!
  read _ < ready.fifo
  ${line}
  child=$(sed 's/.*"child":\\([0-9]*\\).*/\\1/' held); kill $child; wait $owner`;

/** A record somebody wrote by hand into a file that is locked. */
const record = JSON.stringify({
  lanes: 1,
  pid: process.pid,
  ppid: 1,
  child: null,
  childStarted: null,
  host: hostile,
  boot: hostile,
  ns: hostile,
  started: 5,
  since: 1,
  inherit: false,
  command: [hostile],
  token: hostile,
});
put(place, "record", `${record}\n`);
const forged = (line: string) => `cp record forged; flock forged -c '${line}'`;

/** By what is shown, the line of shell that shows it. */
const cases: Readonly<Record<string, string>> = {
  "run: a job that failed": `"$LANES" run false ::: "$H"`,
  "run: a job that failed, quietly": `"$LANES" run -q false ::: "$H"`,
  "run: a job that failed, by a shell": `"$LANES" run --shell 'exit 3; : {}' ::: "$H"`,
  "run: a line of shell that failed": `printf 'false "%s"\\0' "$H" | "$LANES" run -0`,
  "run: a command that is not there": `"$LANES" run "./none$H" ::: a`,
  "run: a command that is a folder": `mkdir -p "d$H"; "$LANES" run "./d$H" ::: a`,
  "run: events": `"$LANES" run --jsonl false ::: "$H"`,
  "run: a summary as JSON": `"$LANES" run --json false ::: "$H"`,
  "run: a file of values": `"$LANES" run true :::: "none$H"`,
  "run: a joblog": `"$LANES" run --joblog "none$H/x" true ::: a`,
  "run: no joblog": `echo mine > "j$H"; "$LANES" run --resume --joblog "j$H" true ::: a`,
  "run: a folder for results": `"$LANES" run --results "/dev/null/$H" true ::: a`,
  "run: an amount": `"$LANES" run --jobs "$H" true ::: a`,
  "run: a halt": `"$LANES" run --halt "$H" true ::: a`,
  "run: a time": `"$LANES" run --timeout "$H" true ::: a`,
  "run: an unknown option": `"$LANES" run "--x$H" true ::: a`,
  "run: a page that cannot be written": `"$LANES" run --html "none$H/x.html" true ::: a`,
  "run: a page that was written": `"$LANES" run --summary --force --html "$H.html" true ::: a`,
  "run: a temporary folder": `TMPDIR="/none$H" "$LANES" run echo ::: a`,
  "map: an item": `"$LANES" map throws.ts "$H"`,
  "map: an item on stdin": `printf '%s' "$H" | tr '\\n' ' ' | "$LANES" map throws.ts`,
  "map: an error's name": `"$LANES" map names.ts a`,
  "map: a string that was thrown": `"$LANES" map strings.ts a`,
  "map: a module that does not load": `"$LANES" map loads.ts a`,
  "map: --init": `"$LANES" map --init setup inits.ts a`,
  "map: a result that is none": `"$LANES" map returns.ts a`,
  "map: an error that nobody caught": `"$LANES" map --retries 0 leaves.ts a`,
  "map: what a worker prints": `"$LANES" map prints.ts a`,
  "map: events": `"$LANES" map --jsonl prints.ts a`,
  "map: an error as a record": `"$LANES" map --on-error record throws.ts "$H"`,
  "map: a module that is not there": `"$LANES" map "none$H.ts" a`,
  "map: an export that is not there": `"$LANES" map "echoes.ts#$H" a`,
  "map: an option's value": `"$LANES" map --chunk "$H" echoes.ts a`,
  "map: a starter": `"$LANES" map --new "none$H/x.ts"`,
  "lock: -n": held(`"$LANES" lock -n held true`),
  "lock: -w": held(`"$LANES" lock -w .1 held true`),
  "lock: --verbose": held(`"$LANES" lock --verbose -w .1 held true`),
  "lock: status": held(`"$LANES" lock status held`),
  "lock: status as JSON": held(`"$LANES" lock status --json held`),
  "lock: break": held(`"$LANES" lock break held`),
  "lock: status of a record made by hand": forged(`"$LANES" lock status forged`),
  "lock: -n of a record made by hand": forged(`"$LANES" lock -n forged true`),
  "lock: a file": `"$LANES" lock "none$H/x" true`,
  "lock: a folder": `mkdir -p "d$H"; "$LANES" lock "d$H" true`,
  "lock: status of a file": `"$LANES" lock status "none$H"`,
  "lock: status of slots": `"$LANES" lock status --slots 2 "none$H"`,
  "lock: break of a file": `"$LANES" lock break "none$H"`,
  "lock: a command that is not there": `"$LANES" lock x.lock "./none$H"`,
  "lock: a time": `"$LANES" lock -w "$H" x.lock true`,
  "lock: an unknown option": `"$LANES" lock x.lock "--x$H" true`,
  "replay: a file that is not there": `"$LANES" replay "none$H"`,
  "replay: no event": `"$LANES" replay noevent.jsonl`,
  "replay: a wrong field": `"$LANES" replay wrong.jsonl`,
  "replay: a demo's events": `"$LANES" replay demo.jsonl < /dev/null`,
  "replay: a run's events": `"$LANES" replay run.jsonl < /dev/null`,
  "replay: a map's events": `"$LANES" replay map.jsonl < /dev/null`,
  "replay: as JSON": `"$LANES" replay --json demo.jsonl`,
  "replay: as a page": `"$LANES" replay --force --html r.html demo.jsonl && cat r.html | tr -d '\\r\\t'`,
  "replay: as a picture": `"$LANES" replay --force --svg r.svg demo.jsonl && cat r.svg`,
  "replay: as a trace": `"$LANES" replay --force --trace r.json demo.jsonl && cat r.json`,
  "progress: the result of a play": `XDG_STATE_HOME="$PWD/state" COLUMNS=200 "$LANES" progress`,
  "progress: where it is kept": `mkdir -p "s$H/lanes"; cp state/lanes/* "s$H/lanes"; XDG_STATE_HOME="$PWD/s$H" "$LANES" progress`,
  "progress: as JSON": `XDG_STATE_HOME="$PWD/s$H" "$LANES" progress --json`,
  "trace: a command that is not there": `"$LANES" trace "./none$H"`,
  "trace: commands": `"$LANES" trace sh -c 'sh -c "exit 3" "$1"; :' "$H" "$H"`,
  "trace: events": `"$LANES" trace --jsonl sh -c 'false' "$H"`,
  "exec: a program that is not there": `"$LANES" exec "none$H.ts"`,
  "exec: an error nobody caught": `"$LANES" exec leaves-main.ts`,
  "check: a file that is not there": `"$LANES" check "none$H.ts"`,
  "an unknown command": `"$LANES" "$H"`,
  "an unknown demo": `"$LANES" demo "$H"`,
  "help for an unknown command": `"$LANES" help "$H"`,
  "a demo's parameter": `"$LANES" demo race --procs "$H"`,
  "a demo's choice": `"$LANES" demo race --mode "$H"`,
  "a demo's change": `"$LANES" demo race --vs "$H"`,
  "a demo's folder": `"$LANES" demo race --dir "/dev/null/$H"`,
  "a number of runs": `"$LANES" demo race --runs "$H"`,
  "a shell": `"$LANES" completions "$H"`,
  "a language": `"$LANES" demo --lang "$H"`,
};

/** Errors of the person's own program, which are shown on as many lines as they have. */
const severalLines: ReadonlySet<string> = new Set([
  "map: an item",
  "map: an error's name",
  "map: a string that was thrown",
  "map: a module that does not load",
  "map: --init",
  "map: an error that nobody caught",
  "exec: an error nobody caught",
  "map: what a worker prints",
]);

const terminalOnly: Readonly<Record<string, string>> = {
  "run: the commands of a rehearsal": `"$LANES" run --dry-run echo ::: "$H"`,
  "run: the lines of a rehearsal": `"$LANES" run --dry-run --shell echo ::: "$H"`,
  "run: tags": `"$LANES" run --tag --shell 'echo out; echo err >&2; : {}' ::: "$H"`,
  "run: tags of lines as they come": `"$LANES" run --line-buffer --tag --shell 'echo out; echo err >&2; : {}' ::: "$H"`,
  "map: a result": `"$LANES" map echoes.ts "$H"`,
  "run: what is running": `"$LANES" run --shell 'sleep 1; : {}' ::: "$H"`,
};

describe("in a pipe", () => {
  // Which language is spoken decides no escape: each place in one of the two.
  const spoken = Object.entries(cases).map(([name, line], i) => [name, i % 2 === 0 ? "en" : "zh", line] as const);
  test.each(spoken)("%s, in %s", async (name, language, line) => {
    const { stdout, stderr } = await place.shell(line, { ...env, LANG: language === "zh" ? "zh_CN.UTF-8" : "C.UTF-8" });
    expectEscaped(stdout + stderr, { lines: severalLines.has(name) });
  });
});

describe("on a terminal", () => {
  test.each(Object.entries({ ...cases, ...terminalOnly }))("%s", async (name, line) => {
    const pty = new Pty([], {
      command: ["bash", "-c", `cd "$WHERE"; ${line}`],
      env: { ...env, WHERE: place.tmp },
      columns: 500,
    });
    try {
      await pty.exitCode();
      expectEscaped(pty.raw, { terminal: true, lines: severalLines.has(name) });
    } finally {
      await pty.close();
    }
  });

  test.each(["demo", "run", "map"])("replay: stepping through what a %s recorded", async (of) => {
    const pty = new Pty(["replay", join(place.tmp, `${of}.jsonl`)], { columns: 160 });
    try {
      await pty.shows("Esc");
      const [, last = ""] = /\d+\/(\d+)/.exec(pty.screen()) ?? [];
      await pty.answer("\x1b[H", `1/${last}`);
      for (let step = 2; step <= Number(last); step++) await pty.answer("\x1b[C", `${step}/${last}`);
      pty.type("\x1b");
      expect(await pty.exitCode()).toBe(0);
      expectEscaped(pty.raw, { terminal: true });
    } finally {
      await pty.close();
    }
  });
});

describe("a rehearsal", () => {
  test("into a pipe is what would be run, byte by byte", async () => {
    const { stdout } = await place.shell(`"$LANES" run --dry-run printf %s ::: "$H" | sh`, env);
    expect(stdout).toBe(hostile);
  });

  test("on a terminal can be pasted", async () => {
    const command = ["bash", "-c", '"$LANES" run --dry-run printf %s ::: "$H"'];
    const pty = new Pty([], { command, env, columns: 2000 });
    try {
      await pty.exitCode();
      const pasted = Bun.spawnSync(["bash", "-c", pty.raw.replaceAll("\r\n", "\n")]);
      expect(pasted.stdout.toString()).toBe(hostile);
    } finally {
      await pty.close();
    }
  });
});

test("an error of several lines stays readable: each line by itself, and once", async () => {
  const module = put(
    place,
    "lines.ts",
    String.raw`export default () => { throw new Error("first\nsec\x1b[2Jond\nthird"); };`,
  );
  const { stderr } = await place.run(["map", module, "a"]);
  expect(stderr).toMatch(/^lanes: item 1 failed \("a"\): Error: first\nsec\\x1b\[2Jond\nthird\n +at /);
  expect(stderr.match(/third/g)).toHaveLength(1);
});
