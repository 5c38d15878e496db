import { expect, test } from "bun:test";
import fc from "fast-check";
import { choiceLines, textLines } from "../../../src/views/question.ts";

const style = { columns: 60, ascii: false, color: false };
const message =
  "4 processes each add 1, 50 times, pausing 2 ms between reading and writing. With a lock around each addition, it takes …";
const answers = ["about as long", "up to twice as long", "so long that one could as well have let them go one by one"];
const asked = { message, answers: answers.map((label) => ({ label })), cursor: 0, state: "open" } as const;

test("what is too wide goes on under where it began", () => {
  expect(choiceLines(asked, style, 23)).toEqual([
    "│",
    "◆  4 processes each add 1, 50 times, pausing 2 ms between",
    "│  reading and writing. With a lock around each addition, it",
    "│  takes …",
    "│  ● about as long",
    "│  ○ up to twice as long",
    "│  ○ so long that one could as well have let them go one by",
    "│    one",
    "└",
  ]);
});

test("keeps to any size, with what Enter takes in sight", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 100 }),
      fc.integer({ min: 14, max: 30 }),
      fc.nat(2),
      fc.boolean(),
      (columns, rows, cursor, ascii) => {
        const lines = choiceLines({ ...asked, cursor }, { columns, ascii, color: false }, rows);
        for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(lines.some((line) => line.startsWith(ascii ? "|  > " : "│  ● "))).toBe(true);
      },
    ),
  );
});

test("an answer is shown when it was taken, not when the question was left", () => {
  expect(choiceLines({ ...asked, message: "How?", state: "taken" }, style, 23)).toEqual([
    "│",
    "◇  How?",
    "│  about as long",
  ]);
  expect(choiceLines({ ...asked, message: "How?", state: "left" }, style, 23)).toEqual(["│", "■  How?", "│"]);
  const text = { message: "procs", typed: "12", problem: "" };
  expect(textLines({ ...text, state: "taken" }, style)).toEqual(["│", "◇  procs", "│  12"]);
  expect(textLines({ ...text, state: "left" }, style)).toEqual(["│", "■  procs", "│"]);
});

test("what is wrong with a text stands below it; a long text takes several lines", () => {
  const lines = textLines({ message: "f", typed: `${"x".repeat(70)}█`, problem: "too long", state: "open" }, style);
  expect(lines).toEqual(["│", "◆  f", `│  ${"x".repeat(57)}`, `│  ${"x".repeat(13)}█`, "└  too long"]);
});

test("in ASCII an ellipsis is three dots, and lines still fit", () => {
  const lines = choiceLines(asked, { ...style, ascii: true }, 23);
  expect(lines).toContain("|  takes ...");
});
