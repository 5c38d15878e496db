/** `npm run new -- demo NAME` in a copy of the sources: what it makes has its types, is whole, and plays. */

import { afterAll, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../support/root.ts";

const copy = mkdtempSync(join(tmpdir(), "lanes-new-"));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs something there. @returns what it printed, both streams. @throws if it failed. */
function done(...command: string[]): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd: copy });
  const printed = `${stdout}${stderr}`;
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: exit code ${exitCode}\n${printed}`);
  return printed;
}

test("a new demo passes the test of the catalog as it is", () => {
  const tests = ["tests/unit/demos/catalog.test.ts", "tests/e2e/demos/demo-programs.test.ts"];
  for (const part of ["src", "docs", "scripts/new", "tests/support", "tests/unit/house.test.ts", ...tests])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  for (const file of [
    "package.json",
    "tsconfig.json",
    "biome.json",
    ".gitignore",
    "README.md",
    "README.zh-CN.md",
    "THIRD-PARTY-NOTICES",
  ])
    cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const bun = process.execPath;
  expect(() => done(bun, "scripts/new/new.ts", "demo", "sample", "nogroup")).toThrow("is no group of demos");
  done(bun, "scripts/new/new.ts", "demo", "sample", "memory");
  expect(readFileSync(join(copy, "README.md"), "utf8")).toContain("`exchange` `sample` ·");
  // What it has changed is as the checks want it.
  done(
    join(root, "node_modules/.bin/biome"),
    "check",
    "--vcs-enabled=false",
    "src/demos",
    "docs",
    "README.md",
    ...tests,
  );
  expect(() => done(bun, "scripts/new/new.ts", "demo", "sample")).toThrow("exit code 2");
  // The types of what was made, and of all it stands on.
  writeFileSync(
    join(copy, "tsconfig.made.json"),
    JSON.stringify({ extends: "./tsconfig.json", include: ["src/demos/sample", "src/**/*.d.ts", tests[1]] }),
  );
  done(bun, join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.made.json");
  expect(done(bun, "test", "./tests/unit/demos/catalog.test.ts")).toContain("0 fail");
  // But for what is to be said.
  expect(() => done(bun, "test", "./tests/unit/house.test.ts")).toThrow(
    'src/demos/sample/words.en.ts:2: "demo.sample.title": "TODO',
  );
  expect(JSON.parse(done(bun, "src/main.ts", "demo", "sample", "--json", "--no-state"))).toMatchObject({
    demo: "sample",
    ok: true,
    lanes: [{ exitCode: 0 }, { exitCode: 0 }, { exitCode: 0 }],
  });
}, 240_000);
