/** `lanes trace` for somebody who looks: the lanes while it runs, and the menu's "See your own program". */
import { describe, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mayTrace } from "../../support/processes/ptrace.ts";
import { Keys, Pty } from "../../support/pty.ts";

describe.skipIf(!mayTrace)("lanes trace", () => {
  test("--live: the lanes while it runs, its output above them, whole; and the end", async () => {
    const pty = new Pty([
      "trace",
      "--live",
      "bash",
      "-c",
      "echo first; until [ -e go ]; do sleep 0.1; done; echo second; exit 4",
    ]);
    await pty.shows(/first\n.*waited most\n.*P1 /);
    writeFileSync(join(pty.place.tmp, "go"), "");
    expect(await pty.exitCode()).toBe(4);
    expect(pty.history()).toMatch(/^first\nsecond\n/);
    expect(pty.history()).toContain("why not faster");
    await pty.close();
  });

  test.skipIf(!existsSync("/usr/bin/python3"))(
    "in the menu: the tutorial's script is written, traced, and explained",
    async () => {
      const pty = new Pty([], { rows: 40 });
      await pty.shows("See your own program");
      await pty.answer("own program", /● .*See your own program/);
      await pty.answer(Keys.enter, "python3 tutorial.py");
      await pty.answer(Keys.enter, "write the tutorial's script");
      await pty.answer(Keys.enter, "run it now");
      await pty.answer(Keys.enter, /expected \{"count": 200\}[\s\S]*why not faster/);
      await pty.shows("exit code 0");
      pty.type(Keys.ctrlC);
      expect(await pty.exitCode()).toBe(130);
      await pty.close();
    },
  );
});
