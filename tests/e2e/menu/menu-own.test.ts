/** Commands for one's own work, run from the menu: the terminal is theirs, and then the menu's again. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { isRunning, signalProcess } from "../../support/processes/processes.ts";
import { cooked, Keys, Pty, type PtyOptions, raw } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";

setDefaultTimeout(60_000);
let open: Pty[] = [];
const start = (args: readonly string[] = [], options?: PtyOptions) => {
  const pty = new Pty(args, options);
  open.push(pty);
  return pty;
};
afterEach(async () => {
  const all = open;
  open = [];
  for (const pty of all) await pty.close();
});
const bash: PtyOptions = { command: ["bash", "--norc", "--noprofile", "-i"], env: { PS1: "shell> " } };
const dash: PtyOptions = { command: ["dash", "-i"], env: { PS1: "shell> " } };

/** Builds `lanes run` of one command for the value 600 in the menu that is on the screen, and runs it. */
async function runs(pty: Pty, command: string): Promise<void> {
  await pty.shows("type to filter");
  await pty.answer("run commands", /● .*run/);
  await pty.answer(Keys.enter, /◆ {2}The command/);
  await pty.answer(`${Keys.ctrlU}${command}${Keys.enter}`, "as you would type them");
  await pty.answer(`${Keys.ctrlU}600${Keys.enter}`, "run it now");
  pty.type(Keys.enter);
}

/** The same with a command under a lock, which has the terminal to itself. */
async function locks(pty: Pty, command: string): Promise<void> {
  await pty.shows("type to filter");
  await pty.answer("under a lock", /● .*lock/);
  // What is typed takes the place of what stands in the line, which says so.
  await pty.answer(Keys.enter, /The lock file[\s\S]*typing replaces it[\s\S]*\/tmp\/my\.lock█/);
  await pty.answer("my.lock", /│ {2}my\.lock█/);
  await pty.answer(Keys.enter, /◆ {2}The command to run/);
  await pty.answer(`${command}${Keys.enter}`, "run it now");
  pty.type(Keys.enter);
}

/** Leaves the question after a command, and the menu. */
async function leaves(pty: Pty): Promise<void> {
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
}

test.each([
  ["Ctrl-C", Keys.ctrlC, 130],
  ["Ctrl-\\", Keys.ctrlBackslash, 131],
])("while a command runs the terminal is its own: %s stops it, and the menu is there again", async (_, key, code) => {
  const pty = start();
  await runs(pty, "echo begun; sleep {}");
  await until("the job to run", async () => (await jobs(pty)).length > 0);
  const [job = 0] = await jobs(pty);
  await pty.answer(key, new RegExp(`◆ {2}exit code ${code}`));
  expect(pty.mode).toEqual(raw);
  await until("the job to end", () => !isRunning(job));
  await leaves(pty);
  expect(await pty.exitCode()).toBe(0);
});

/** The pids of `sleep 600` that were started here. */
async function jobs(pty: Pty): Promise<number[]> {
  const all = pty.place.running();
  const names = await Promise.all(
    all.map((pid) =>
      Bun.file(`/proc/${pid}/cmdline`)
        .text()
        .catch(() => ""),
    ),
  );
  return all.filter((_, i) => names[i] === "sleep\x00600\x00");
}

test.each([
  ["bash", bash],
  ["dash, which leaves a terminal's mode as it finds it", dash],
])("Ctrl-Z stops a command with the menu, fg goes on with both: under %s", async (_, shell) => {
  const pty = start([], shell);
  await pty.shows("shell>");
  await pty.answer('"$LANES"\r', "type to filter");
  await locks(pty, "touch begun; until test -e end; do sleep 0.1; done; echo done");
  await until("the command to run", () => existsSync(`${pty.place.tmp}/begun`));
  expect(pty.mode).toEqual(cooked);
  await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>( \$)?$/);
  await pty.answer("stty -a; echo modes\r", /^modes$/m);
  if (shell === dash) expect(pty.history()).toMatch(/(?<!-)isig icanon[\s\S]*(?<!-)echo echoe/);
  await pty.answer("touch end; fg\r", /◆ {2}exit code 0/);
  await pty.answer(Keys.escape, "type to filter");
  await pty.answer(Keys.escape, /shell>$/);
  pty.type("exit\r");
  expect(await pty.exitCode()).toBe(0);
});

test("a command that leaves the terminal raw: the menu, the next command and the shell have it as it was found", async () => {
  const pty = start();
  await locks(pty, "stty raw -echo; printf left-raw");
  await pty.shows(/◆ {2}exit code 0/);
  await pty.answer(Keys.escape, "type to filter");
  await locks(pty, "touch begun; until test -e end; do sleep 0.1; done");
  await until("the command to run", () => existsSync(`${pty.place.tmp}/begun`));
  expect(pty.mode).toEqual(cooked);
  await Bun.write(`${pty.place.tmp}/end`, "");
  await pty.shows(/◆ {2}exit code 0/);
  await leaves(pty);
  expect(await pty.exitCode()).toBe(0);
});

test("a command killed while the terminal is raw, and the menu ended by SIGTERM: as it was found", async () => {
  const pty = start();
  await locks(pty, "stty raw -echo; exec sleep 600");
  await until("the command to run", async () => (await jobs(pty)).length > 0);
  expect(pty.mode).toEqual(raw);
  const [job = 0] = await jobs(pty);
  signalProcess(job, "SIGKILL");
  await pty.shows(/◆ {2}exit code 137/);
  await pty.answer(Keys.escape, "type to filter");
  await locks(pty, "stty raw -echo; exec sleep 600");
  await until("the command to run", async () => (await jobs(pty)).length > 0);
  expect(pty.mode).toEqual(raw);
  pty.child.kill("SIGTERM");
  expect(await pty.exitCode()).toBe(143);
  expect(await jobs(pty)).toEqual([]);
});

test("what is typed while a command runs is the command's", async () => {
  const pty = start();
  await locks(pty, "touch begun; read a; read b; echo got $a and $b");
  await until("the command to run", () => existsSync(`${pty.place.tmp}/begun`));
  for (const char of "first\rsecond\r") {
    pty.type(char);
    await Bun.sleep(1); // as a person: not all of it in one read
  }
  await pty.shows(/got first and second[\s\S]*◆ {2}exit code 0/);
  await leaves(pty);
  expect(await pty.exitCode()).toBe(0);
});

test("the menu goes: so does the command, by a signal, with the window, by kill -9", async () => {
  for (const [go, code] of [
    [(pty: Pty) => pty.child.kill("SIGTERM"), 143],
    [(pty: Pty) => pty.child.kill("SIGHUP"), 129],
    [(pty: Pty) => pty.hangUp(), 129],
    [(pty: Pty) => pty.child.kill("SIGKILL"), null],
  ] as const) {
    const pty = start();
    await runs(pty, "sleep {}");
    await until("the job to run", async () => (await jobs(pty)).length > 0);
    go(pty);
    expect(await pty.exitCode()).toBe(code);
    await until("everything to end", () => pty.place.running().length === 0);
  }
});

test("Ctrl-Z where nobody could continue it stops nothing", async () => {
  const pty = start();
  await runs(pty, "sleep {}");
  await until("the job to run", async () => (await jobs(pty)).length > 0);
  pty.type(Keys.ctrlZ);
  await Bun.sleep(500);
  await pty.answer(Keys.ctrlC, /◆ {2}exit code 130/);
  await leaves(pty);
  expect(await pty.exitCode()).toBe(0);
});
