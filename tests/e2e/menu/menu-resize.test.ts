/** The size of the terminal changes, and others use it meanwhile: what is drawn afterwards is drawn for what there is now. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { cooked, Keys, Pty, type PtyOptions, raw } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";
import { next } from "../../support/walk.ts";

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

/** The menu, with "How shall it run?" on the screen. */
async function picked(name: string, options?: PtyOptions): Promise<Pty> {
  const pty = start([], options);
  await pty.shows("type to filter");
  await pty.answer(name, `${name}█`);
  await pty.answer(Keys.enter, "How shall it run?");
  return pty;
}

/** The widest line from the last one that begins so. */
const widest = (pty: Pty, from: RegExp) => {
  const lines = pty.lines();
  return Math.max(...lines.slice(lines.findLastIndex((line) => from.test(line))).map((line) => Bun.stringWidth(line)));
};

test("at 'Enter goes on' the page is drawn anew, lanes included, and so is all that follows", async () => {
  const pty = await picked("function");
  await pty.answer(Keys.enter, "Enter goes on");
  pty.resize(60, 24);
  await pty.shows(/^function {3}.{40,49} s$[\s\S]*Enter goes on|^function {3}.* ms$[\s\S]*Enter goes on/m);
  await until(
    "the page to be as wide as the screen",
    () => pty.screen().includes("P3") && widest(pty, /^function/) <= 60,
  );
  await next(pty);
  await pty.answer(Keys.enter, /◇ {2}What next\?/);
  await next(pty);
  expect(pty.lines().every((line) => !/^├ P1.{58,}/.test(line))).toBe(true);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("wider and narrower: 120, 60, 100 columns at one pause, and the live view after it", async () => {
  const pty = await picked("function", { rows: 24 });
  await pty.answer(Keys.enter, "Enter goes on");
  for (const columns of [120, 60, 100]) {
    pty.resize(columns, 24);
    const heading = new RegExp(`^function .{${columns - 15},${columns - 9}}$`, "m");
    await until(
      `a heading of ${columns} columns`,
      () => heading.test(pty.screen()) && /Enter goes on$/.test(pty.screen()),
    );
  }
  await next(pty);
  await pty.answer(Keys.enter, /◇ {2}What next\?/);
  await next(pty);
  expect(pty.history()).toMatch(/^function .{85,91}\n(?![\s\S]*^function .{85,91}\n[\s\S]*^function)/m);
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});

test("before the menu's first frame, and between two questions", async () => {
  const pty = start();
  pty.resize(50, 20); // whenever that comes
  await pty.shows("type to filter");
  await pty.answer("function", "function█");
  expect(widest(pty, /./)).toBeLessThanOrEqual(50);
  pty.type(Keys.enter);
  pty.resize(44, 20);
  await pty.shows("How shall it run?");
  await until("the question to be as wide as the screen", () => widest(pty, /How shall it run/) <= 44);
  pty.type(Keys.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});

const dash: PtyOptions = { command: ["dash", "-i"], env: { PS1: "shell> " } };

/** Stops the foreground process of the shell from outside; returns its pid. */
async function stopped(pty: Pty, signal: NodeJS.Signals): Promise<number> {
  const pid = pty.place.running().find((candidate) => candidate !== pty.child.pid) ?? 0;
  process.kill(pid, signal);
  await pty.shows(/Stopped .*LANES[\s\S]*shell>/);
  return pid;
}

test.each([
  ["the menu", [] as string[], "type to filter"],
  ["a live view", ["demo", "mutex", "--rounds", "1000", "--gap", "100"], /└ P4 +\d/],
] as const)("%s is stopped from outside by SIGTSTP or SIGSTOP, and goes on with fg", async (_, args, seen) => {
  for (const signal of ["SIGTSTP", "SIGSTOP"] as const) {
    const pty = start([], dash);
    await pty.shows("shell>");
    await pty.answer(`"$LANES" ${args.join(" ")}\r`, seen);
    expect(pty.mode).toEqual(raw);
    await stopped(pty, signal);
    if (signal === "SIGTSTP") expect(pty.mode).toEqual(cooked);
    await until("the cursor", () => pty.cursorVisible || signal === "SIGSTOP");
    pty.type("stty sane; clear\n"); // after SIGSTOP there is no Enter: nobody could put the mode back
    await until("the usual mode", () => pty.mode.lines && !pty.screen().includes("Stopped"));
    pty.type("fg\r");
    await until("the keys", () => !pty.mode.lines && !pty.cursorVisible);
    await pty.shows(seen);
    await pty.answer(Keys.ctrlC, /shell>( \$)?$/);
    await pty.answer("echo code $?\r", "code 130");
    expect(pty.mode).toEqual(cooked);
    pty.type("exit\r");
    expect(await pty.exitCode()).toBe(0);
  }
});

test("in the background it draws nothing, and can be ended", async () => {
  const pty = start([], { command: ["bash", "--norc", "--noprofile", "-i"], env: { PS1: "shell> " } });
  await pty.shows("shell>");
  await pty.answer('"$LANES" demo mutex --rounds 1000 --gap 100\r', /└ P4 +\d/);
  await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>$/);
  await pty.answer("bg\r", /shell> bg[\s\S]*shell>$/);
  const before = pty.raw.length;
  await Bun.sleep(400); // several frames
  expect(pty.raw.slice(before)).toBe("");
  await pty.answer("fg\r", /shell> fg[\s\S]*└ P4 +\d/);
  await pty.answer(Keys.ctrlZ, /Stopped[\s\S]*shell>$/);
  await pty.answer("kill %1; wait; echo ended\r", /^ended$/m);
  await until("everything to end", () => pty.place.running().length <= 1);
  pty.type("exit\r");
  await pty.exitCode();
});

test("ended while the shell has the terminal, it leaves the terminal's mode alone, and so do its workers", async () => {
  const pty = start([], dash);
  await pty.shows("shell>");
  await pty.answer('"$LANES" demo function --work 10000\r', /P3 .* runs/);
  await pty.answer(Keys.ctrlZ, /Stopped .*LANES[\s\S]*shell>/);
  expect(pty.mode).toEqual(cooked);
  await pty.answer(
    "stty -echo; kill %1; kill -CONT %1; until ! kill -0 %1; do :; done 2> /dev/null; echo gone\r",
    /^gone$/m,
  );
  await until("everything to end", () => pty.place.running().length <= 1);
  expect(pty.mode).toEqual({ ...cooked, echo: false });
  pty.type("stty echo; exit\r");
  await pty.exitCode();
});
