import { afterEach, expect, test } from "bun:test";
import { setLanguage } from "../../../src/i18n/index.ts";
import { eventLine } from "../../../src/show/events.ts";
import { codeLines, demoText, introLines } from "../../../src/show/text.ts";
import { played } from "../../support/recordings/played.ts";

afterEach(() => setLanguage("en"));

test("the text of a demo keeps to its width, in both languages and alphabets", async () => {
  const shown = await played("race", { procs: 2, rounds: 3, gap: 0 });
  for (const language of ["en", "zh"] as const) {
    setLanguage(language);
    for (const columns of [40, 80, 200]) {
      const text = demoText(shown, { columns, ascii: language === "en", color: false }, { predicted: "all" });
      const commands = [shown.demo.command, "lanes demo race "]; // to copy: never broken
      const lines = text.split("\n").filter((line) => !commands.some((command) => line.startsWith(command)));
      for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(Math.min(columns, 100));
      expect(text).not.toContain("\x1b");
      expect(text).not.toContain("undefined");
      if (language === "en") expect(text).not.toMatch(/[^\x00-\x7f]/);
    }
  }
});

test("says what was predicted beside what came, what to try next, and shows the code when asked", async () => {
  const shown = await played("race", { procs: 2, rounds: 3, gap: 1, mode: "staged" });
  const style = { columns: 100, ascii: false, color: false };
  const text = demoText(shown, style, { predicted: "less", code: true });
  expect(text).toMatch(/You predicted: (.+)\nIt was: \1 ✓/);
  expect(text).toContain("Try next: lanes demo race --procs 2 --rounds 3 --gap 1");
  expect(text).toContain('const addOnes = defineTarget("race#addOnes"');
  expect(text).toContain(shown.demo.code.python.split("\n")[0]!);
  expect(demoText(shown, style, { resultOnly: true })).not.toContain("Watch:");
});

test("every event is a line that says when, who and what", async () => {
  const shown = await played("function", { procs: 1, work: 0 });
  const lines = shown.recording.events().map((event) => eventLine(event, { columns: 100, ascii: true, color: false }));
  expect(lines.some((line) => /^ +[\d.]+ ms {2}P1 +\d+ +created by \d+$/.test(line))).toBe(true);
  expect(lines.some((line) => /main +\d+ +waits for P1 to end \(join\)$/.test(line))).toBe(true);
  expect(lines.at(-1)).toMatch(/main/);
  expect(lines.some((line) => line.endsWith("exited with 0"))).toBe(true);
});

test("a command to copy stands in one line, whatever the width", async () => {
  const shown = await played("identity", { procs: 1, work: 0 });
  for (const columns of [20, 40, 80, 200]) {
    const lines = demoText(shown, { columns, ascii: false, color: false }).split("\n");
    expect(lines.filter((line) => line.endsWith(shown.demo.command))).toHaveLength(1);
    expect(lines.filter((line) => /lanes demo identity.*--work 0/.test(line))).toHaveLength(1);
  }
});

test("brief: what was measured and what was checked, nothing else", async () => {
  const shown = await played("function", { procs: 1, work: 0 });
  const style = { columns: 80, ascii: false, color: false };
  const lines = demoText(shown, style, { brief: true }).trimEnd().split("\n");
  expect(lines).toHaveLength(shown.outcome.facts.length + shown.outcome.checks.length);
  expect(lines.at(-1)).toMatch(/^✓ /);
  expect(demoText(shown, style, { brief: true, titled: true })).toStartWith("function\n");
});

test("a line of code that is too wide is broken between words and goes on further in", () => {
  const typescript =
    "async function f(file: string, rounds: number, gap: number) {\n  await go(file, rounds, gap, now);\n}";
  const lines = codeLines(
    { name: "race", code: { typescript, python: "x", program: "y" } },
    {},
    { columns: 32, ascii: false, color: false },
  );
  expect(lines.slice(1, 6)).toEqual([
    "  async function f(file: string,",
    "      rounds: number, gap:",
    "      number) {",
    "    await go(file, rounds, gap,",
    "        now);",
  ]);
});

test("in ASCII, an ellipsis in a text is three dots, and the mark beside a prediction is none of its words", async () => {
  const shown = await played("crash", { work: 10 });
  const text = demoText(shown, { columns: 80, ascii: true, color: false }, { predicted: shown.outcome.answer });
  expect(text).toMatch(/It was: .* \(ok\)$/m);
  expect(introLines("speedup", { columns: 80, ascii: true, color: false }).join(" ")).toContain("1, 2, ... processes");
});
