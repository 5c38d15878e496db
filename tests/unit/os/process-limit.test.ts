import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processesLeft } from "../../../src/os/process/process-limit.ts";

test("the limit less what the user's processes have; none for root, without a limit, without /proc", () => {
  const proc = mkdtempSync(join(tmpdir(), "lanes-proc-"));
  const file = (name: string, text: string) => {
    mkdirSync(join(proc, name, ".."), { recursive: true });
    writeFileSync(join(proc, name), text);
  };
  const limits = (most: string) =>
    file("self/limits", `Limit  Soft Limit  Hard Limit  Units\nMax processes             ${most}  99  processes\n`);
  try {
    expect(processesLeft({ proc, uid: 7 })).toBeNull();
    file("10/status", "Name:\ta\nUid:\t7\t7\t7\t7\nThreads:\t12\n");
    file("11/status", "Name:\tb\nUid:\t0\t7\t7\t7\nThreads:\t100\n");
    file("12/status", "Name:\tUid: 7\nUid:\t7\t7\t7\t7\nThreads:\t3\n");
    mkdirSync(join(proc, "13"));
    limits("60");
    expect(processesLeft({ proc, uid: 7 })).toBe(45);
    limits("10");
    expect(processesLeft({ proc, uid: 7 })).toBe(0);
    limits("unlimited");
    expect(processesLeft({ proc, uid: 7 })).toBeNull();
    expect(processesLeft({ proc, uid: 0 })).toBeNull();
  } finally {
    rmSync(proc, { recursive: true });
  }
});
