import { afterEach, expect, test } from "bun:test";
import { setLanguage } from "../../../src/i18n/index.ts";
import { eventLine } from "../../../src/views/events.ts";
import { demoText } from "../../../src/views/text.ts";
import { played } from "../../support/played.ts";

afterEach(() => setLanguage("en"));

test("the text of a demo keeps to its width, in both languages and alphabets", async () => {
  const shown = await played("race", { procs: 2, rounds: 3, gap: 0 });
  for (const language of ["en", "zh"] as const) {
    await setLanguage(language);
    for (const columns of [40, 80, 200]) {
      const text = demoText(shown, { columns, ascii: language === "en", color: false }, { predicted: "all" });
      for (const line of text.split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(Math.min(columns, 100));
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
