/** What is written to a terminal that stands still: a pipe whose reader does not read. */
import { afterEach, expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerminalOutput } from "../../../src/terminal/output.ts";

const path = join(tmpdir(), `lanes-output-${process.pid}`);
const open: number[] = [];
afterEach(() => {
  for (const fd of open.splice(0)) closeSync(fd);
  rmSync(path, { force: true });
});

function pipe() {
  expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, "w");
  open.push(reader, writer);
  const buffer = Buffer.alloc(1 << 20);
  const read = () => {
    try {
      return buffer.toString("latin1", 0, readSync(reader, buffer));
    } catch {
      return ""; // there is nothing in it
    }
  };
  return { output: new TerminalOutput(writer, false), read };
}

test("what is offered is never waited for, and comes whole and in its order once it is read", () => {
  const { output, read } = pipe();
  const frames = Array.from({ length: 40 }, (_, i) => String.fromCharCode(65 + i).repeat(10_000));
  for (const frame of frames) output.offer(frame);
  expect(output.isOut).toBe(false);
  let all = "";
  while (!output.isOut) all += read();
  expect(all + read()).toBe(frames.join(""));
});

test("text comes after what was offered before it", () => {
  const { output, read } = pipe();
  output.offer("frame ");
  output.write("text");
  expect(read()).toBe("frame text");
});

test("what is withdrawn is not written any more", () => {
  const { output, read } = pipe();
  output.offer("a".repeat(1 << 20));
  output.withdraw();
  expect(output.isOut).toBe(true);
  const first = read();
  expect(first.length).toBeGreaterThan(0);
  output.write("text");
  expect(read()).toBe("text");
});

test("a terminal that is gone is nobody's trouble", () => {
  const { output } = pipe();
  closeSync(open.shift() ?? -1);
  output.offer("frame");
  output.write("text");
  expect(output.isOut).toBe(true);
});
