/**
 * What os/bun.ts relies on of Bun's inside: each is still as it says there, and still needed. A test that fails because Bun has
 * learnt something means: use that, and take the entry out.
 */

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import {
  addressOf,
  BE_BUN_VARIABLE,
  becomeMain,
  connectDescriptor,
  isPlaceholder,
  LARGE_HEAP_VARIABLE,
  NO_ORPHANS_VARIABLE,
  rawKill,
  ttyBinding,
} from "../../../src/os/bun.ts";
import { root } from "../../support/root.ts";
import { until } from "../../support/wait.ts";

const types = join(root, "node_modules/bun-types");
const bun = process.execPath;
const environment = { PATH: process.env.PATH ?? "", HOME: "/nonexistent" };

test("the terminal's binding is there, and Bun itself has no other answer", () => {
  expect(ttyBinding().isTTY(0)).toBeBoolean();
  expect(ttyBinding().TTY).toBeFunction();
  expect(Object.keys(Bun).filter((name) => /^is.?tty|^windowSize/i.test(name))).toEqual([]);
});

test("kill(2) answers with a number, and process.kill still throws instead", () => {
  expect(Math.abs(rawKill(process.pid, 0))).toBe(0);
  expect(Math.abs(rawKill(-999_999_999, 0))).toBe(constants.errno.ESRCH);
  expect(() => process.kill(-999_999_999, 0)).toThrow("ESRCH");
});

test("a foreign function has an address, which the types do not know", async () => {
  const { dlopen, FFIType } = await import("bun:ffi");
  const libc = process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6";
  let found: ReturnType<typeof dlopen>;
  try {
    found = dlopen(libc, { getpid: { args: [], returns: FFIType.i32 } });
  } catch {
    return; // musl: another name, the same Bun
  }
  expect(Number(addressOf(found.symbols.getpid))).toBeGreaterThan(0);
  expect(readFileSync(join(types, "ffi.d.ts"), "utf8")).not.toMatch(/interface \w*Symbol\w* \{[^}]*\bptr\b/);
});

test("Bun.connect takes a descriptor, and no overload says so", () => {
  expect(connectDescriptor).toBeFunction();
  const declared = readFileSync(join(types, "bun.d.ts"), "utf8");
  expect(declared).toContain("interface FdSocketOptions");
  expect(declared).not.toMatch(/function connect<[^(]*\([^)]*FdSocketOptions/);
});

test.skipIf(process.platform !== "linux")(
  "a closed stdout is replaced by /dev/null, and it can be told from a given one",
  () => {
    const asked = (line: string) =>
      Bun.spawnSync(
        [
          "sh",
          "-c",
          `exec "$0" -e 'process.stderr.write(require("fs").readFileSync("/proc/self/fdinfo/1", "utf8"))' ${line}`,
          bun,
        ],
        {
          env: environment,
        },
      ).stderr.toString();
    expect(isPlaceholder(asked(">&-"))).toBe(true);
    for (const line of ["", ">/dev/null", "1<>/dev/null", "| cat"]) expect(isPlaceholder(asked(line))).toBe(false);
  },
);

test("a program that waits for nothing but a promise ends, or burns, without a timer", async () => {
  const waits = Bun.spawn([bun, "-e", "await new Promise(() => {})"], {
    env: environment,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const ended = waits.exited.then(() => "ended");
  const burns = until(
    "it ends or has used 200 ms of a core",
    () => waits.exitCode !== null || cpuMs(waits.pid) > 200,
  ).then(() => "burns");
  expect(["ended", "burns"]).toContain(await Promise.race([ended, burns]));
  waits.kill(9);
  await waits.exited;
});

test("the variable for dying with the parent works, and Bun.spawn has no option for it", async () => {
  const child = `setInterval(() => {}, 1000); console.log(process.pid)`;
  const parent = Bun.spawn(
    [
      bun,
      "-e",
      `Bun.spawn([process.execPath, "-e", ${JSON.stringify(child)}], { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ${NO_ORPHANS_VARIABLE}: "1" } }); setInterval(() => {}, 1000)`,
    ],
    { env: environment, stdio: ["ignore", "pipe", "inherit"] },
  );
  const { value } = await parent.stdout.getReader().read();
  const pid = Number(new TextDecoder().decode(value));
  parent.kill(9);
  await until(
    "the child has ended with its parent",
    () => Math.abs(rawKill(pid, 0)) === constants.errno.ESRCH || zombie(pid),
  );
  expect(readFileSync(join(types, "bun.d.ts"), "utf8")).not.toMatch(
    /\b(noOrphans|killOnParentExit|dieWithParent)\??:/i,
  );
});

test("how much garbage a heap collects is set by a variable of the engine's, and by nothing in Bun's types", () => {
  const { exitCode, stderr } = Bun.spawnSync([bun, "-e", "0"], {
    env: { ...environment, [LARGE_HEAP_VARIABLE]: "4194304" },
  });
  expect([exitCode, stderr.toString()]).toEqual([0, ""]);
  // A name the engine does not know is told of: so this one is known.
  const wrong = Bun.spawnSync([bun, "-e", "0"], { env: { ...environment, BUN_JSC_noSuchOption: "1" } });
  expect(wrong.exitCode !== 0 || wrong.stderr.length > 0).toBe(true);
  expect(readFileSync(join(types, "bun.d.ts"), "utf8")).not.toContain("largeHeapSize");
});

function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
const zombie = (pid: number) => statOf(pid)[0] === "Z";
/** utime + stime of proc_pid_stat(5), in ticks of 10 ms. */
const cpuMs = (pid: number) => (Number(statOf(pid)[11] ?? 0) + Number(statOf(pid)[12] ?? 0)) * 10;

test("the program's own file can be set, and the types still say it cannot", () => {
  const main = Bun.main;
  becomeMain("/nowhere/program.ts");
  expect(Bun.main).toBe("/nowhere/program.ts");
  becomeMain(main);
  expect(readFileSync(join(types, "bun.d.ts"), "utf8")).toContain("const main: string;");
});

test("Bun has a type checker, and its variable is not documented", async () => {
  const child = Bun.spawn([bun, "check", "--help"], {
    env: { ...environment, [BE_BUN_VARIABLE]: "1" },
    stdout: "pipe",
  });
  expect(await child.stdout.text()).toContain("Type check");
});
