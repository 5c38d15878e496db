/** Errors carry keys and values; words are put in where they are shown. */
import { afterEach, expect, test } from "bun:test";
import { inspect } from "node:util";
import { LanesError, libcReason, usageError } from "../../src/errors.ts";
import { said, setLanguage, speakErrors } from "../../src/i18n/index.ts";
import { LibcError } from "../../src/os/libc.ts";

afterEach(() => {
  setLanguage("en");
  speakErrors("asked");
});

const missing = () => usageError("replay.error.missing", { file: "a.jsonl" });

test("an error says what it says in the language of the moment in which it is asked", () => {
  const error = missing();
  const english = error.message;
  expect(english).toContain("a.jsonl");
  setLanguage("zh");
  expect(error.message).not.toBe(english);
  expect(error.message).toBe(said(error));
  expect(`${error}`).toBe(`LanesError: ${error.message}`);
  setLanguage("en");
  expect(Bun.inspect(error)).toContain(`LanesError: ${english}`);
  expect(Object.getOwnPropertyNames(error)).not.toContain("message");
});

test("a message within a message is said in the same language, and escaped once", () => {
  const reason = new LanesError("replay.flaw.json", { beginning: "a\u001b[1m" });
  const error = usageError("replay.error.line", { file: "f", line: 3, reason });
  for (const language of ["en", "zh"] as const) {
    setLanguage(language);
    expect(error.message).toContain(reason.message);
    expect(error.message).not.toContain("\u001b");
    expect(error.message.split("\\").length).toBe(reason.message.split("\\").length);
  }
  const libc = libcReason(new LibcError("function", "flock", undefined));
  expect(usageError("lock.cannotCall", { reason: libc }).message).toContain(said(libc));
});

test("what it carries can be sent, and is the same error again", () => {
  const { key, params, exitCode } = new LanesError(
    "error.clone",
    { name: "P1", path: "args[0]", reason: "x" },
    { exitCode: 7 },
  );
  const sent = structuredClone({ key, params, exitCode });
  const again = new LanesError(sent.key, sent.params, { exitCode: sent.exitCode ?? 1 });
  expect([again.exitCode, again.message]).toEqual([7, said({ key, params })]);
});

test("somebody may give it other words", () => {
  const error = missing();
  error.message = `while reading: ${error.message}`;
  expect(error.message).toStartWith("while reading: ");
  expect(Object.keys(error)).toEqual(["name"]);
});

test("in a user's program it has its words from the start: in its stack, for util.inspect, for another thread", () => {
  speakErrors("made");
  setLanguage("zh");
  const error = missing();
  const { message } = error;
  setLanguage("en");
  expect(error.message).toBe(message);
  expect(error.stack).toStartWith(`LanesError: ${message}\n`);
  expect(inspect(error)).toStartWith(`LanesError: ${message}\n`);
  expect(structuredClone(error).message).toBe(message);
  expect(Object.keys(error)).toEqual(["name"]);
});
