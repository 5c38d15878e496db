import { afterEach, expect, test } from "bun:test";
import { setLanguage } from "../../../src/i18n/index.ts";
import { progressOf } from "../../../src/progress/course.ts";
import type { Play } from "../../../src/recording/results/plays.ts";
import { progressText } from "../../../src/show/progress.ts";

afterEach(() => setLanguage("en"));
const plays: Play[] = [
  {
    demo: "race",
    at: Date.UTC(2026, 10, 22, 12),
    params: { procs: 4 },
    ok: true,
    predicted: "all",
    answer: "less",
    fact: { label: "demo.race.fact.lost", value: "37 (9 %)\x1b[31m\n" },
  },
  {
    demo: "mutex",
    at: Date.UTC(2026, 10, 22, 12),
    params: {},
    ok: true,
    answer: "more",
    fact: { label: "no.key", value: "1" },
  },
];
const demos = progressOf(["function", "race", "mutex"], plays).map((one) => ({
  ...one,
  group: one.plays > 0 ? "sharing" : "processes",
}));
const shown = { demos, next: "function", file: "/home/me/progress.jsonl" };
const style = { columns: 80, ascii: false, color: false };

test("says what was played, which predictions came true, what came of the last play, and what is next", () => {
  const lines = progressText(shown, style).split("\n");
  expect(lines[0]).toBe("2 of 3 demos played · 0 of 1 prediction right");
  expect(lines.find((line) => line.includes("race"))).toMatch(
    /^ {2}✓ race +2026-11-22 +1 +0\/1 +37 \(9 %\).* · updates lost$/,
  );
  expect(lines.find((line) => line.includes(" mutex"))).toMatch(/^ {2}✓ mutex +2026-11-22 +1 +\S/);
  expect(lines.find((line) => line.includes("Next:"))).toContain("lanes demo function");
  expect(lines).toContain("Kept in: /home/me/progress.jsonl");
});

test("nothing from the file reaches the terminal as an escape sequence or a line of its own", () => {
  expect(progressText(shown, style)).not.toMatch(/\x1b|\x07/);
  expect(
    progressText(shown, style)
      .split("\n")
      .some((line) => line.startsWith(" · updates")),
  ).toBe(false);
});

test("every width: the table never goes beyond it, whatever the language; --ascii is ASCII but for the language", async () => {
  for (const language of ["en", "zh"] as const) {
    setLanguage(language);
    for (let columns = 20; columns <= 120; columns++) {
      const table = progressText(shown, { ...style, columns })
        .split("\n")
        .slice(0, -3);
      for (const line of table) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
    }
    const ascii = progressText(shown, { ...style, ascii: true }).replace(/[\u3000-\uffef]/g, "");
    expect(ascii).not.toMatch(/[^\x00-\x7f]/);
  }
});

test("all played: no next", () => {
  expect(progressText({ ...shown, next: undefined, file: undefined }, style)).toContain("You have played them all");
});
