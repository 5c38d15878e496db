/**
 * Every live view at a real terminal: another size, Ctrl-Z and fg, the background. What others have written on the terminal stays
 * there, and is drawn below.
 */
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { mayTrace } from "../support/processes/ptrace.ts";
import { Keys, Pty } from "../support/pty.ts";
import { until } from "../support/wait.ts";

setDefaultTimeout(60_000);
let open: Pty[] = [];
afterEach(async () => {
  const all = open;
  open = [];
  for (const pty of all) await pty.close();
});

/** Things that go on until they are ended, and have said `before` as they began. */
const written = {
  "gate.ts": "export default async (x: string) => { if (x !== 'before') await Bun.sleep(60_000); return x; };",
  "slow.ts":
    "import { appendFileSync } from 'node:fs'; export default async (x: string) => { await Bun.sleep(100); appendFileSync('done', x + '\\n'); return x; };",
  "endless.ts": "console.log('before'); setInterval(() => {}, 1_000);",
};

interface View {
  readonly line: string;
  /** In every frame, once. */
  readonly seen: RegExp;
  /** What it has written above the frame, that is not its own. */
  readonly above?: RegExp;
  readonly needsTracing?: boolean;
}

const views: Readonly<Record<string, View>> = {
  run: { line: "run -j1 sh -c {} ::: 'echo before' 'sleep 60'", seen: /1\/2 done/, above: /^before$/m },
  "run with values from a pipe": {
    line: "run -j1 sh -c {} < values.txt",
    seen: /1\/2 done/,
    above: /^before$/m,
  },
  map: { line: "map -j1 gate.ts before after", seen: /1\/1 +[\d.]+ m?s\b/, above: /^"before"$/m },
  "exec --live": { line: "exec --live endless.ts", seen: /^endless\.ts .* m?s$/m, above: /^before$/m },
  "trace --live": {
    line: "trace --live sh -c 'echo before; sleep 60; :'",
    seen: /waited most/,
    above: /^before$/m,
    needsTracing: true,
  },
  explore: {
    line: "explore --runs 100000 sh -c 'for i in 1 2; do echo $i >> f & done; wait'",
    seen: /^run \d+.*$/m,
    needsTracing: true,
  },
  demo: { line: "demo function --work 10000", seen: /^function {3}.* m?s$/m },
  "demo --runs": { line: "demo function --work 9000 --runs 3", seen: /^function .* run 1 of 3$/m },
};

/** A shell at a terminal with what the views need, and the prompt `shell> `. */
async function shell(): Promise<Pty> {
  const pty = new Pty([], { command: ["bash", "--norc", "--noprofile", "-i"], env: { PS1: "shell> ", CI: "" } });
  open.push(pty);
  for (const [name, text] of Object.entries(written)) await Bun.write(`${pty.place.tmp}/${name}`, text);
  await Bun.write(`${pty.place.tmp}/values.txt`, "echo before\nsleep 60\n");
  await pty.shows("shell>");
  return pty;
}

const times = (text: string, what: RegExp) => [...text.matchAll(new RegExp(what, "gm"))].length;

describe.each(Object.entries(views))("%s", (_, { line, seen, above, needsTracing }) => {
  test.skipIf(needsTracing === true && !mayTrace)("it is drawn for another size, below what others wrote", async () => {
    const pty = await shell();
    await pty.answer(`"$LANES" ${line}\r`, seen);
    if (above !== undefined) await pty.shows(above);
    pty.resize(120, 30);
    await until("a frame for the new size", () => times(pty.screen(), seen) === 1);
    if (above !== undefined) expect(times(pty.history(), above)).toBe(1);
    pty.resize(50, 20);
    await until("a narrow frame", () => seen.test(pty.screen()) || /^\d+\/|^run /m.test(pty.screen()));
    expect(pty.lines().every((each) => Bun.stringWidth(each) <= 50)).toBe(true);
    if (above !== undefined) expect(times(pty.history(), above)).toBe(1);
    await pty.answer(Keys.ctrlC, /shell> $|shell>$/);
    pty.type("exit\r");
    await pty.exitCode();
  });

  test.skipIf(needsTracing === true && !mayTrace)(
    "Ctrl-Z, bg, fg: not a line of the shell's is drawn over",
    async () => {
      const pty = await shell();
      await pty.answer(`"$LANES" ${line}\r`, seen);
      await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>$/);
      await pty.answer("echo bet''ween\r", /^between\nshell>$/m);
      await pty.answer("fg\r", /^between\nshell> fg\n.*\n[\s\S]*/m);
      await until("it to be drawn below", () => seen.test(pty.screen().split("between")[1] ?? ""));
      expect(pty.history()).toMatch(/Stopped[\s\S]*^between\nshell> fg$/m);
      await pty.answer(Keys.ctrlZ, /between[\s\S]*Stopped[\s\S]*shell>$/);
      await pty.answer("bg\r", /shell> bg[\s\S]*shell>$/);
      const before = pty.raw.length;
      await Bun.sleep(400); // several frames
      expect(pty.raw.slice(before)).toBe("");
      pty.type("fg\r");
      await until("it to be drawn again", () => seen.test(pty.screen().split("shell> bg")[1] ?? ""));
      expect(pty.history()).toMatch(/^shell> bg$[\s\S]*^shell> fg$/m);
      await pty.answer(Keys.ctrlC, /shell>$/);
      pty.type("exit\r");
      await pty.exitCode();
    },
  );
});

test("what a job or a traced command writes without an end of line is not drawn over", async () => {
  const lines = ["run -j1 sh -c {} ::: 'sleep 0.6; printf one' 'sleep 0.6; printf two' 'sleep 0.6; printf three'"];
  if (mayTrace) lines.push("trace --live sh -c 'printf one; sleep 0.8; printf two; sleep 0.3; echo three'");
  for (const line of lines) {
    const pty = await shell();
    pty.type(`"$LANES" ${line}; echo co''de $?\r`);
    await pty.shows("code 0");
    expect(pty.history()).toMatch(/^one\n+two\n?three/m);
    pty.type("exit\r");
    await pty.exitCode();
  }
});

test.each([
  ["run", `run -j1 sh -c 'sleep 0.1; echo {} >> done' ::: $(seq 15) > out.txt`, /\d+\/15 done/],
  ["map", "map -j1 slow.ts $(seq 15) > out.txt", /1\/1 +[\d.]+ m?s\b/],
])("%s does not wait for a terminal that stands still (Ctrl-S)", async (_, line, seen) => {
  const pty = await shell();
  await pty.answer(`"$LANES" ${line}; echo co''de $?\r`, seen);
  pty.type("\x13");
  const done = `${pty.place.tmp}/done`;
  await until("all to be done", () => existsSync(done) && readFileSync(done, "utf8").endsWith("15\n"));
  expect(pty.screen()).not.toContain("code");
  pty.type("\x11");
  await pty.shows("code 0");
  pty.type("exit\r");
  await pty.exitCode();
});

test("a run that was started in the background draws once it is in the foreground", async () => {
  const pty = await shell();
  await pty.answer(`"$LANES" run -j1 sh -c {} ::: 'true' 'sleep 60' &\r`, /\[1\] \d+\nshell>$/);
  const before = pty.raw.length;
  await Bun.sleep(700); // more than the patience of a view
  expect(pty.raw.slice(before)).toBe("");
  await pty.answer("fg\r", /fg[\s\S]*1\/2 done.*q: start no more/);
  await pty.answer(Keys.ctrlC, /shell>$/);
  pty.type("exit\r");
  await pty.exitCode();
});
