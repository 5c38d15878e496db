import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Template } from "../../../src/jobs/input/template.ts";
import { Joblog, type Logged } from "../../../src/jobs/joblog.ts";
import { Resume } from "../../../src/jobs/resume.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanes-joblog-"));
  path = join(folder, "log");
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (seq: number, command: string, exitValue = 0, signal = 0) => ({
  seq,
  command,
  exitValue,
  signal,
  startMs: 1_700_000_000_123,
  runtimeMs: 12.3,
  received: 4,
  host: ":",
});
const read = () => {
  const lines: Logged[] = [];
  new Joblog(path, { keep: true, onLine: (logged) => lines.push(logged) }).close();
  return lines;
};
const write = (...lines: ReturnType<typeof line>[]) => {
  const log = new Joblog(path, { keep: false });
  for (const each of lines) log.record(each);
  log.close();
};

describe("the joblog", () => {
  test("has GNU parallel's columns", () => {
    write(line(1, "echo a"));
    expect(readFileSync(path, "utf8")).toBe(
      "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n" +
        "1\t:\t1700000000.123\t     0.012\t0\t4\t0\t0\techo a\n",
    );
  });

  test("reads what it wrote, whatever the command", () => {
    const commands = ["echo 'a\tb'", "echo 'a\nb'", "echo é", "echo '\udcff'", ""];
    write(...commands.map((command, index) => line(index + 1, command, index, 9)));
    expect(read()).toEqual(
      commands.map((command, index) => ({ seq: index + 1, command, exitValue: index, signal: 9 })),
    );
  });

  test("cuts off a torn last line, wherever it was torn", () => {
    write(line(1, "echo a"), line(2, "echo b"));
    const whole = readFileSync(path);
    const second = whole.indexOf("\n2\t") + 1;
    for (let length = second; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      expect(read().map(({ seq }) => seq)).toEqual([1]);
      expect(readFileSync(path).length).toBe(second);
    }
  });

  test("a torn header is begun again", () => {
    for (const torn of ["", "S", "Seq\tHost"]) {
      writeFileSync(path, torn);
      expect(read()).toEqual([]);
      expect(readFileSync(path, "utf8")).toStartWith("Seq\tHost\tStarttime");
      expect(readFileSync(path, "utf8").split("\n").length).toBe(2);
    }
  });

  test("leaves a file alone that is no joblog", () => {
    writeFileSync(path, "my thesis\nchapter one\n");
    expect(read).toThrow("is not a joblog");
    expect(readFileSync(path, "utf8")).toBe("my thesis\nchapter one\n");
  });

  test("goes past damaged lines", () => {
    write(line(1, "echo a"), line(2, "echo b"));
    const text = readFileSync(path, "utf8").replace(/^1\t.*$/m, "garbage");
    writeFileSync(path, text);
    expect(read().map(({ seq }) => seq)).toEqual([2]);
  });

  test("begins anew unless told to keep", () => {
    write(line(1, "echo a"));
    write(line(9, "echo z"));
    expect(read().map(({ seq }) => seq)).toEqual([9]);
  });
});

describe("resume", () => {
  const echo = new Template(["echo"], { shell: null });
  const resumed = (mode: "all" | "failed", template: Template, ...lines: Logged[]) => {
    const resume = new Resume(mode, template);
    for (const each of lines) resume.add(each);
    return resume;
  };

  test("goes by what was run, not by the number", () => {
    const resume = resumed("all", echo, line(1, "echo a"), line(2, "echo b"));
    expect(["b", "c", "a"].map((value, index) => resume.skips(index + 1, [value]))).toEqual([true, false, true]);
  });

  test("counts equal commands", () => {
    const resume = resumed("all", echo, line(1, "echo a"), line(3, "echo a"));
    expect([1, 2, 3].map((seq) => resume.skips(seq, ["a"]))).toEqual([true, true, false]);
  });

  test("failed ones are left out, or not", () => {
    const log = [line(1, "echo a", 1), line(2, "echo b", 0, 9), line(3, "echo c")];
    const left = (mode: "all" | "failed") => {
      const resume = resumed(mode, echo, ...log);
      return ["a", "b", "c"].map((value, index) => resume.skips(index + 1, [value]));
    };
    expect(left("all")).toEqual([true, true, true]);
    expect(left("failed")).toEqual([false, false, true]);
  });

  test("a job that failed and then ended well is one job", () => {
    const resume = resumed("all", echo, line(1, "echo a", 1), line(1, "echo a"));
    expect([1, 2].map((seq) => resume.skips(seq, ["a"]))).toEqual([true, false]);
  });

  test("finds a command with the slot it ran in", () => {
    const template = new Template(["echo", "{%}", "{}"], { shell: null });
    const resume = resumed("all", template, line(1, "echo 7 a"));
    expect(resume.skips(1, ["a"])).toBe(true);
    expect(resume.skips(2, ["b"])).toBe(false);
  });
});
