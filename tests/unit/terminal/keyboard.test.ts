import { expect, test } from "bun:test";
import { PassThrough } from "node:stream";
import { keysIn } from "../../../src/terminal/ansi.ts";
import { Keyboard } from "../../../src/terminal/keyboard.ts";
import { until } from "../../support/wait.ts";

test("what is typed comes apart into keys", () => {
  expect(keysIn("a\x1b[A\r\x03锁\x1b")).toEqual(["a", "\x1b[A", "\r", "\x03", "锁", "\x1b"]);
  expect(keysIn("\x1b\x1b[1;5C\x1bOP")).toEqual(["\x1b", "\x1b[1;5C", "\x1bOP"]);
});

test("keys typed before anybody reads, or between two readers, wait for the next one", async () => {
  const source = new PassThrough();
  const keyboard = new Keyboard(() => source);
  source.write("ab\rcd\r");
  const lines: string[] = [];
  for (let n = 0; n < 2; n++) {
    let line = "";
    const done = Promise.withResolvers<void>();
    const stop = keyboard.read((key) => {
      if (key === "\r") done.resolve();
      else line += key;
    });
    await done.promise;
    stop();
    lines.push(line);
  }
  expect(lines).toEqual(["ab", "cd"]);
});

test("a character that arrives in two pieces is one key", async () => {
  const source = new PassThrough();
  const keyboard = new Keyboard(() => source);
  const keys: string[] = [];
  keyboard.read((key) => keys.push(key));
  const bytes = Buffer.from("锁");
  source.write(bytes.subarray(0, 1));
  source.write(bytes.subarray(1));
  await until("the key", () => keys.length > 0);
  expect(keys).toEqual(["锁"]);
});

test("the end of the input is the key for it", async () => {
  const source = new PassThrough();
  const keyboard = new Keyboard(() => source);
  const keys: string[] = [];
  keyboard.read((key) => keys.push(key));
  source.end("x");
  await until("the end", () => keys.length > 1);
  expect(keys).toEqual(["x", "\x04"]);
});
