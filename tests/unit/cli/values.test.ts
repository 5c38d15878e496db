import { expect, test } from "bun:test";
import fc from "fast-check";
import { unknown } from "../../../src/cli/suggest.ts";
import { wholeNumber } from "../../../src/cli/values.ts";
import { ExitCode, LanesError } from "../../../src/errors.ts";

test("a number option takes whole numbers in its range", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 70 }), (n) => {
      expect(wholeNumber("procs", 3, 70)(String(n))).toBe(n);
    }),
  );
});

test("and nothing else: one line with the option, the value and the range, exit code 2", () => {
  const isNumber = (text: string) => /^\d{1,15}$/.test(text) && Number(text) >= 3 && Number(text) <= 70;
  const nasty = fc.oneof(
    fc.string(),
    fc.constantFrom("0", "2", "71", "-1", "1e1", "abc", "", " 5", "5 ", "0x10", "5.0", "+5", "५", "9".repeat(40)),
  );
  fc.assert(
    fc.property(
      nasty.filter((text) => !isNumber(text)),
      (text) => {
        try {
          wholeNumber("procs", 3, 70)(text);
          expect.unreachable();
        } catch (error) {
          expect(error).toBeInstanceOf(LanesError);
          const { message, exitCode } = error as LanesError;
          expect(exitCode).toBe(ExitCode.usage);
          for (const part of ["--procs", `'${text}'`, "3", "70"]) expect(message).toContain(part);
        }
      },
    ),
  );
});

test("the nearest word is suggested, and nothing far-fetched", () => {
  const suggestion = (word: string) =>
    unknown("cli.unknownDemo", word, ["race", "mutex", "concurrency"], "lanes demo").message;
  expect(suggestion("rcae")).toContain("'race'");
  expect(suggestion("Mutx")).toContain("'mutex'");
  expect(suggestion("conc")).toContain("'concurrency'");
  expect(suggestion("xyz")).toContain("lanes demo");
});
