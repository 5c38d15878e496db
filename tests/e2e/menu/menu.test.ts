import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { isRunning, parentOf } from "../../support/processes/processes.ts";
import { Keys, Pty, type PtyOptions } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";
import { choose, next } from "../../support/walk.ts";

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

/** The menu, with the demo picked and "How shall it run?" on the screen. */
async function picked(name: string, args: readonly string[] = [], options?: PtyOptions): Promise<Pty> {
  const pty = start(args, options);
  await pty.shows("type to filter");
  await pty.answer(name, `${name}█`);
  await pty.answer(Keys.enter, "How shall it run?");
  return pty;
}

/** Three lanes whose processes have begun, in whatever order they did. */
const allRun = /P1 .* runs[\s\S]*P2 .* runs[\s\S]*P3 .* runs/;

/** A demo that runs until something ends it, its lanes on the screen. */
async function running(options?: PtyOptions): Promise<Pty> {
  const pty = await picked("function", [], options);
  await pty.answer(Keys.down + Keys.down + Keys.enter, "work:");
  await pty.answer(`${Keys.ctrlU}10000${Keys.enter}`, "work 10000 ms");
  await pty.answer(Keys.enter, allRun);
  return pty;
}

test("opens with every demo under its heading, and leaves with Esc", async () => {
  const pty = start();
  await pty.shows("type to filter");
  expect(pty.screen()).toContain("Pick a demo");
  expect(pty.lines().findIndex((line) => line.includes("processes"))).toBeLessThan(
    pty.lines().findIndex((line) => /1 .*function/.test(line)),
  );
  await until("the cursor to be hidden", () => !pty.cursorVisible);
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("typing filters, Esc takes the filter back; what matches nothing cannot be taken", async () => {
  const pty = start();
  await pty.shows("type to filter");
  await pty.answer("zz", "nothing matches");
  await pty.answer(Keys.enter, "nothing matches");
  await pty.answer(Keys.backspace + Keys.backspace, "type to filter");
  await pty.answer("1", /● +1 .*function/);
  await pty.answer(`${Keys.ctrlU}race`, /● +\d+ .*race/);
  expect(pty.screen()).not.toContain("mutex");
  await pty.answer(Keys.escape, "type to filter"); // takes back what was typed
  expect(pty.screen()).toContain("mutex"); // the next one: the list is longer than the screen
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("plays a demo: a parameter changed, a prediction, the result beside it, once more, the code, back", async () => {
  const pty = await picked("race");
  await pty.answer(Keys.down + Keys.down + Keys.enter, "rounds: ");
  await pty.answer(`${Keys.ctrlU}0${Keys.enter}`, "not valid: expected a whole number from 1 to");
  await pty.answer(`${Keys.ctrlU}3${Keys.enter}`, /run it \(.*rounds 3 /);
  await pty.answer(Keys.enter, "nothing is lost");
  pty.type(Keys.down + Keys.enter);
  await next(pty);
  expect(pty.history()).toMatch(/You predicted: less.*\nIt was: /);
  expect(pty.history()).toContain("✓ every process exited with 0");
  expect(pty.history()).toMatch(/├ P1 +\d+ +\d+ +exited 0/);
  await pty.answer(Keys.enter, /◇ {2}What next\?/);
  await next(pty);
  expect(pty.history().split("What next?")).toHaveLength(3);
  await choose(pty, "show the code");
  // It is longer than the screen, together with the question below it.
  await until("the code in Python", () => /multiprocessing|json\.dump/.test(pty.history()));
  expect(pty.history()).toContain("const addOnes = defineTarget");
  await pty.answer("", "◆  What next?");
  await pty.answer(Keys.escape, /race +✓/);
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("parameters are kept until the program ends", async () => {
  const pty = await picked("function");
  await pty.answer(Keys.down + Keys.enter, "procs:");
  await pty.answer(Keys.escape, /■ {2}procs: [\s\S]*◆ {2}How shall it run/);
  await pty.answer(Keys.down + Keys.enter, /◆ {2}procs:/);
  await pty.answer(`${Keys.ctrlU}7${Keys.enter}`, "procs 7");
  await pty.answer(Keys.escape, "type to filter");
  await pty.answer("function", "function█");
  await pty.answer(Keys.enter, /● run it \(procs 7 /);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("a result that is taller than the screen is shown page by page, so that nothing of it scrolls away unseen", async () => {
  const pty = await picked("mutex");
  await pty.answer(Keys.down + Keys.down + Keys.enter, "rounds:");
  await pty.answer(`${Keys.ctrlU}5${Keys.enter}`, "rounds 5");
  await pty.answer(Keys.enter, "it takes");
  await pty.answer(Keys.enter, /Enter goes on$/);
  expect(pty.screen()).toContain("most holders at any moment");
  expect(pty.screen()).toMatch(/^without the lock [\s\S]*^with the lock [\s\S]*holds$/m);
  await pty.answer(Keys.enter, /times held[\s\S]*✓ at most one process[\s\S]*Enter goes on$/);
  // How many pages there are more depends on how much there is to say of these times.
  for (const asks = /◆ {2}What next\?/; !asks.test(pty.screen()); ) {
    const page = pty.screen();
    pty.type(Keys.enter);
    await until("the next page", () => pty.screen() !== page && /Enter goes on$|◆ {2}What next\?/.test(pty.screen()));
  }
  expect(pty.history()).toMatch(/You predicted:[\s\S]*Why:[\s\S]*Your own work:/);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("Ctrl-C and Ctrl-D between two pages of a result leave", async () => {
  for (const [key, code] of [
    [Keys.ctrlC, 130],
    [Keys.ctrlD, 0],
  ] as const) {
    const pty = await picked("function", [], { rows: 12 });
    await pty.answer(Keys.enter, "Enter goes on");
    pty.type(key);
    expect(await pty.exitCode()).toBe(code);
  }
});

test("plays the suggested change, then the next demo", async () => {
  const pty = await picked("function");
  pty.type(Keys.enter);
  await next(pty);
  await pty.answer(Keys.down + Keys.enter, /◇ {2}What next\?/);
  await next(pty);
  await pty.shows("suggested change: procs 12");
  expect(pty.history()).toMatch(/└ P6 +\d+ +\d+ +exited 0/);
  await pty.answer(Keys.up + Keys.up + Keys.enter, "A process from a class (subclass)");
  await pty.answer(Keys.escape, /function +✓/);
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("the pids on the screen are the kernel's", async () => {
  const pty = await running();
  const rows = pty.lines().flatMap((line) => [...line.matchAll(/P\d +(\d+) +(\d+) +runs/g)]);
  expect(rows).toHaveLength(3);
  for (const [, pid, ppid] of rows) {
    expect(isRunning(Number(pid))).toBe(true);
    expect(parentOf(Number(pid))).toBe(Number(ppid));
    expect(Number(ppid)).toBe(pty.child.pid);
  }
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
  for (const [, pid] of rows) expect(isRunning(Number(pid))).toBe(false);
});

test("Ctrl-C stops everything and leaves with 130: in the menu, at a question, in the middle of a demo", async () => {
  const inMenu = start();
  await inMenu.shows("type to filter");
  inMenu.type(Keys.ctrlC);
  expect(await inMenu.exitCode()).toBe(130);

  const atQuestion = await picked("function");
  await atQuestion.answer(Keys.down + Keys.enter, "procs:");
  atQuestion.type(Keys.ctrlC);
  expect(await atQuestion.exitCode()).toBe(130);

  const inDemo = await running();
  inDemo.type(Keys.ctrlC);
  expect(await inDemo.exitCode()).toBe(130);
});

test("Ctrl-D leaves cleanly: in the menu, at a choice, at a text", async () => {
  const inMenu = start();
  await inMenu.shows("type to filter");
  inMenu.type(Keys.ctrlD);
  expect(await inMenu.exitCode()).toBe(0);

  const atChoice = await picked("function");
  atChoice.type(Keys.ctrlD);
  expect(await atChoice.exitCode()).toBe(0);

  const atText = await picked("function");
  await atText.answer(Keys.down + Keys.enter, "procs:");
  atText.type(Keys.ctrlD);
  expect(await atText.exitCode()).toBe(0);
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGINT", 130],
] as const)("%s ends it with %d: at a question, in the middle of a demo", async (signal, code) => {
  const atQuestion = await picked("function");
  atQuestion.child.kill(signal);
  expect(await atQuestion.exitCode()).toBe(code);

  const inDemo = await running();
  inDemo.child.kill(signal);
  expect(await inDemo.exitCode()).toBe(code);
});

test("Ctrl-Z stops the demo with all its processes and gives the terminal back; fg goes on with it", async () => {
  const pty = start([], { command: ["bash", "--norc", "--noprofile", "-i"], env: { PS1: "shell> " } });
  await pty.shows("shell>");
  await pty.answer('"$LANES"\r', "type to filter");
  await pty.answer("function\r", "How shall it run?");
  await pty.answer(Keys.down + Keys.down + Keys.enter, "work:");
  await pty.answer(`${Keys.ctrlU}1500${Keys.enter}`, "work 1500 ms");
  await pty.answer(Keys.enter, allRun);
  const pids = pty
    .lines()
    .flatMap((line) => [...line.matchAll(/P\d +(\d+) +\d+ +runs/g)].map(([, pid]) => Number(pid)));
  expect(pids).toHaveLength(3);
  await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>$/);
  await until("the cursor to be shown", () => pty.cursorVisible);
  for (const pid of pids) expect(await Bun.file(`/proc/${pid}/stat`).text()).toMatch(/\) T /);
  pty.type("fg\r");
  await next(pty);
  expect(pty.history()).toContain("✓ every process exited with 0");
  await pty.answer(Keys.escape, "type to filter");
  await pty.answer(Keys.escape, /shell>$/);
  pty.type("exit\r");
  expect(await pty.exitCode()).toBe(0);
});

test("after Ctrl-Z and fg the live view still hears Ctrl-C", async () => {
  const pty = start([], { command: ["bash", "--norc", "--noprofile", "-i"], env: { PS1: "shell> " } });
  await pty.shows("shell>");
  await pty.answer('"$LANES" demo function --work 9000\r', /P3 .* runs/);
  await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>$/);
  await pty.answer("fg\r", /shell> fg[\s\S]*P3 .* runs/);
  await pty.answer(Keys.ctrlC, /shell>$/);
  await pty.answer("echo code $?\r", "code 130");
  pty.type("exit\r");
  expect(await pty.exitCode()).toBe(0);
});

test("Ctrl-Z at a question asks it again after fg", async () => {
  const pty = start([], { command: ["bash", "--norc", "--noprofile", "-i"], env: { PS1: "shell> " } });
  await pty.shows("shell>");
  await pty.answer('"$LANES"\r', "type to filter");
  await pty.answer("function\r", "How shall it run?");
  await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>$/);
  await pty.answer("fg\r", /shell> fg[\s\S]*◆ {2}How shall it run/);
  await pty.answer(Keys.escape, "type to filter");
  await pty.answer(Keys.escape, /shell>$/);
  pty.type("exit\r");
  expect(await pty.exitCode()).toBe(0);
});

test("the live view follows a resize, down to a width where it is plain words", async () => {
  const pty = await running();
  pty.resize(100, 30);
  await pty.shows(/^function {3}.{80,} s$/m);
  pty.resize(40, 12);
  await pty.shows(/^├ P1 +runs +┄*─+$/m);
  pty.resize(30, 10);
  await pty.shows(/^P1 +\d+ runs$/m);
  pty.resize(80, 24);
  await pty.shows(/^├ P1 +\d+ +\d+ +runs +┄*─+$/m);
  expect(pty.lines().filter((line) => line.includes("├ P1"))).toHaveLength(1);
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});

test("more lanes than rows: those that fit, and how many more there are", async () => {
  const pty = await picked("function", [], { rows: 14 });
  await pty.answer(Keys.down + Keys.enter, "procs:");
  await pty.answer(`${Keys.ctrlU}20${Keys.enter}`, "procs 20");
  await pty.answer(Keys.down + Keys.down + Keys.enter, "work:");
  await pty.answer(`${Keys.ctrlU}10000${Keys.enter}`, "work 10000 ms");
  await pty.answer(Keys.enter, /and 1\d more lanes/);
  await until("all lanes to be drawn or counted", () => {
    const shown = pty.lines().filter((line) => /P\d+ +\d+ /.test(line)).length;
    return shown + Number(/and (\d+) more/.exec(pty.screen())?.[1]) === 20;
  });
  expect(pty.screen()).toMatch(/^function {3}procs 20/m);
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});

test("in Chinese, every column stands under its title", async () => {
  const pty = start([], { env: { LANG: "zh_CN.UTF-8" } });
  await pty.shows("选择一个演示");
  await pty.answer("function\r", "怎样运行？");
  await pty.answer(Keys.down + Keys.down + Keys.enter, "work：");
  await pty.answer(`${Keys.ctrlU}10000${Keys.enter}`, "work 10000 ms");
  await pty.answer(Keys.enter, /P3 .* 运行/);
  const lines = pty.lines();
  const title = lines.find((line) => line.includes("状态")) ?? "";
  for (const line of lines.filter((candidate) => /P\d .*运行/.test(candidate))) {
    expect(pty.columnOf(line, "运行")).toBe(pty.columnOf(title, "状态"));
  }
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});

test("--ascii draws nothing but ASCII; --no-color and NO_COLOR use no colour", async () => {
  for (const [args, env] of [
    [["--ascii", "--no-color"], {}],
    [["--ascii"], { NO_COLOR: "1" }],
  ] as const) {
    const pty = start(args, { env });
    await pty.shows("type to filter");
    await pty.answer("race_", "nothing");
    await pty.answer(Keys.backspace, "> ");
    await pty.answer(Keys.enter, "How shall it run?");
    await pty.answer(Keys.down + Keys.down + Keys.enter, "rounds:");
    await pty.answer(`${Keys.ctrlU}x${Keys.enter}`, "not valid");
    await pty.answer(`${Keys.ctrlU}5${Keys.enter}`, "rounds 5");
    await pty.answer(Keys.enter, "nothing is lost");
    pty.type(Keys.enter);
    await next(pty);
    pty.type(Keys.escape);
    await pty.shows("type to filter");
    pty.type(Keys.escape);
    expect(await pty.exitCode()).toBe(0);
    expect(pty.raw).not.toMatch(/[^\x00-\x7f]/);
    expect(pty.raw).not.toMatch(/\x1b\[(3\d|9\d|4\d)[;m]/);
  }
});

test("works at 40 columns and 12 rows", async () => {
  const pty = await picked("function", [], { columns: 40, rows: 12 });
  expect(Math.max(...pty.lines().map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(40);
  pty.type(Keys.enter);
  await next(pty);
  expect(pty.history()).toMatch(/└ P3 +exited 0/);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("kill -9 in the middle of a demo leaves no process", async () => {
  const pty = await running();
  pty.child.kill("SIGKILL");
  await pty.exitCode();
  await until("its processes to end", () => pty.place.running().length === 0);
  open = open.filter((other) => other !== pty);
  await pty.close().catch(() => {}); // nobody could have put the terminal back, or removed the folder
});

test("builds a lock command from its parts, shows it, and runs it", async () => {
  const pty = start();
  await pty.shows("type to filter");
  await pty.answer("under a lock", /● .*lock/);
  await pty.answer(Keys.enter, "The lock file");
  await pty.answer(`${Keys.ctrlU}${Keys.enter}`, "cannot be empty");
  await pty.answer(`job.lock${Keys.enter}`, "as you would type it");
  await pty.answer(Keys.escape, /◆ {2}The lock file/);
  await pty.answer(Keys.enter, /◆ {2}The command to run/);
  await pty.answer(`test -e job.lock && echo it\\'s held${Keys.enter}`, "run it now");
  expect(pty.screen()).toContain("lanes lock job.lock --shell 'test -e job.lock");
  await pty.answer(Keys.enter, /it's held[\s\S]*◆ {2}exit code 0/);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("builds a run command and runs it", async () => {
  const pty = start();
  await pty.shows("type to filter");
  await pty.answer("every core", /Run commands/);
  await pty.answer(`${Keys.ctrlU}run commands${Keys.enter}`, "standing for the value");
  await pty.answer(Keys.enter, "as you would type them");
  await pty.answer(Keys.enter, "lanes run --shell 'echo {}' ::: a b c");
  await pty.answer(Keys.enter, /◆ {2}exit code 0/);
  expect(pty.history()).toMatch(/^[abc]\n[abc]\n[abc]\n/m);
  await pty.answer(Keys.escape, "type to filter");
  await Bun.write(`${pty.place.tmp}/two words.log`, "");
  await Bun.write(`${pty.place.tmp}/one.log`, "");
  await pty.answer(Keys.enter, "standing for the value");
  await pty.answer(Keys.enter, "as you would type them");
  await pty.answer(`${Keys.ctrlU}*.log 'and this'${Keys.enter}`, /::: \*\.log 'and this'/);
  await pty.answer(Keys.down + Keys.enter, /^echo one\.log\necho 'two words\.log'\necho 'and this'$/m);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("builds a map command and runs it", async () => {
  const pty = start();
  await Bun.write(`${pty.place.tmp}/double.ts`, "export default (item: string) => Number(item) * 2;\n");
  await pty.shows("type to filter");
  await pty.answer("your function", /● .*map/);
  await pty.answer(Keys.enter, "default export");
  await pty.answer(`${Keys.ctrlU}./double.ts${Keys.enter}`, "as you would type them");
  await pty.answer(`${Keys.ctrlU}20 21${Keys.enter}`, "lanes map ./double.ts 20 21");
  await pty.answer(Keys.enter, /40\n42\n[\s\S]*◆ {2}exit code 0/);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("the map command's module is written for who has none yet", async () => {
  const pty = start();
  await pty.shows("type to filter");
  await pty.answer("your function", /● .*map/);
  await pty.answer(Keys.enter, "default export");
  await pty.answer(`${Keys.ctrlU}mine.ts${Keys.enter}`, "There is no mine.ts yet");
  await pty.answer(Keys.escape, /◆ {2}The TypeScript/);
  await pty.answer(Keys.enter, /◆ {2}There is no mine/);
  await pty.answer(Keys.enter, "as you would type them");
  await pty.answer(Keys.enter, "lanes map mine.ts 1 2 3");
  await pty.answer(Keys.enter, /"item":"3"[\s\S]*◆ {2}exit code 0/);
  for (const file of ["mine.ts", "lanes-map.d.ts"]) await Bun.file(`${pty.place.tmp}/${file}`).delete();
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("lanes demo draws its lanes, and the result below them, in a terminal", async () => {
  const pty = start(["demo", "race", "--rounds", "5"], { rows: 60 });
  expect(await pty.exitCode()).toBe(0);
  expect(pty.screen()).toMatch(/^race {3}procs 4 {3}rounds 5.* m?s$/m);
  expect(pty.screen()).toMatch(/^└ P4 +\d+ +\d+ +exited 0/m);
  expect(pty.screen()).toContain("✓ every process exited with 0");
  const stopped = start(["demo", "function", "--work", "10000"]);
  await stopped.shows(/P3 .* runs/);
  stopped.type(Keys.ctrlC);
  expect(await stopped.exitCode()).toBe(130);
});

test("the terminal goes away: everything ends", async () => {
  const pty = await running();
  pty.hangUp();
  expect(await pty.exitCode()).toBe(129);
});
