/** Signals and the terminal under `lanes trace`: the command gets what it would get alone, once, and outlives lanes. */

import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { signalProcess, wordsOf } from "../../support/processes/processes.ts";
import { mayTrace } from "../../support/processes/ptrace.ts";
import { Keys, Pty } from "../../support/pty.ts";
import { root } from "../../support/root.ts";
import { until } from "../../support/wait.ts";

const play = new Playground();
afterAll(() => play.clean());

/** Tells of every signal it gets. */
const counter = join(root, "tests/fixtures", "signal-counter.ts");
/** A command that says its pid, counts TERM, and ends when the file `stop` is there. */
const command = (name: string) => [
  "bash",
  "-c",
  `trap 'echo TERM >> ${name}.got' TERM; echo $$ > ${name}.pid; ` +
    `until [ -e ${name}.stop ]; do sleep 0.05; done; echo ended > ${name}.end; exit 3`,
];
const text = (name: string) => (existsSync(join(play.tmp, name)) ? readFileSync(join(play.tmp, name), "utf8") : "");
const status = (pid: number, name: string) =>
  new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];

async function begun(name: string) {
  const child = play.spawn(["trace", ...command(name)]);
  await until("the command", () => text(`${name}.pid`) !== "");
  return { child, pid: Number(text(`${name}.pid`)) };
}

describe.skipIf(!mayTrace)("lanes trace", () => {
  test("TERM to lanes alone reaches the command, once; its end is ours", async () => {
    const { child, pid } = await begun("term");
    expect(Number(status(pid, "TracerPid"))).toBeGreaterThan(0);
    expect(Number(status(pid, "PPid"))).toBe(child.pid);
    await Bun.sleep(100); // longer than a witness takes to be there
    signalProcess(child.pid, "SIGTERM");
    await until("the signal", () => text("term.got") !== "");
    await Bun.write(join(play.tmp, "term.stop"), "");
    expect(await child.exited).toBe(3);
    expect(text("term.got")).toBe("TERM\n");
  });

  /** Who is given no core for a while when it comes. */
  test.each(["nobody", "lanes", "tracer"])(
    "TERM to the whole group reaches the command once, too; late: %s",
    async (late) => {
      const file = join(play.tmp, `late-${late}`);
      const got = () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(1, -1) : []);
      const child = Bun.spawn([lanes, "trace", process.execPath, counter, file], {
        env: play.env,
        cwd: play.tmp,
        stdio: ["ignore", "ignore", "ignore"],
        detached: true,
      });
      await until("the command", () => existsSync(file));
      const pid = play.running().find((each) => wordsOf(each)[0] === process.execPath) ?? 0;
      const paused = late === "lanes" ? child.pid : late === "tracer" ? Number(status(pid, "TracerPid")) : undefined;
      if (paused !== undefined) signalProcess(paused, "SIGSTOP");
      process.kill(-child.pid, "SIGTERM");
      if (late !== "tracer") await until("the signal", () => got().length > 0);
      await Bun.sleep(300); // a second one would come within that time
      if (paused !== undefined) {
        signalProcess(paused, "SIGCONT");
        await until("the signal", () => got().length > 0);
        await Bun.sleep(300);
      }
      expect(got()).toEqual(["SIGTERM"]);
      await Bun.write(`${file}.end`, "");
      expect(await child.exited).toBe(7);
    },
  );

  test("kill -9 of lanes: the command goes on, untraced, and the tracer is gone", async () => {
    const { child, pid } = await begun("killed");
    const tracer = Number(status(pid, "TracerPid"));
    signalProcess(child.pid, "SIGKILL");
    await child.exited;
    await until("the command to be untraced", () => status(pid, "TracerPid") === "0");
    await until("the tracer to end", () => !existsSync(`/proc/${tracer}`) || status(tracer, "State") === "Z");
    await Bun.write(join(play.tmp, "killed.stop"), "");
    await until("the command to end well", () => text("killed.end") !== "");
  });

  test("kill -9 of the tracer: the command goes on, and lanes knows its exit code", async () => {
    const { child, pid } = await begun("tracer");
    signalProcess(Number(status(pid, "TracerPid")), "SIGKILL");
    await until("the command to be untraced", () => status(pid, "TracerPid") === "0");
    await Bun.write(join(play.tmp, "tracer.stop"), "");
    expect(await child.exited).toBe(3);
    expect(await new Response(child.stderr).text()).toContain("the tracer was killed");
  });

  test("a tracee that is killed is seen to be", async () => {
    const { child, pid } = await begun("tracee");
    signalProcess(pid, "SIGKILL");
    expect(await child.exited).toBe(137);
    expect(await new Response(child.stderr).text()).toContain("KILL");
  });

  test("Ctrl-Z stops the command and lanes, fg lets both go on; Ctrl-C ends the command", async () => {
    const shell = new Pty(["-i"], { command: ["bash", "--norc", "--noprofile"], env: { PS1: "$ " } });
    shell.type('"$LANES" trace -q bash -c \'echo be""gun; cat; echo ca""t:$?\'\r');
    await shell.shows("begun");
    shell.type(Keys.ctrlZ);
    await shell.shows("Stopped");
    shell.type("echo be''tween; fg\r");
    await shell.shows("between");
    shell.type("typed\r");
    await until("cat to answer", () => shell.raw.split("typed").length > 2);
    shell.type(Keys.ctrlC);
    await shell.shows(/\^C\$$/m); // what is typed before is thrown away by the terminal
    shell.type("echo co''de:$?\r");
    await shell.shows("code:130");
    shell.type("exit\r");
    await shell.exitCode();
    await shell.close();
  });
});

const isThere = existsSync("/usr/bin/vim");
describe.skipIf(!mayTrace || !isThere)("an editor under lanes trace", () => {
  test("is suspended, comes back, and writes its file", async () => {
    const shell = new Pty(["-i"], { command: ["bash", "--norc", "--noprofile"], env: { PS1: "$ " } });
    shell.type('"$LANES" trace -q vim -u NONE -N note.txt\r');
    await shell.shows("[New]");
    shell.type("ihello\x1b");
    await shell.shows("hello");
    shell.type(Keys.ctrlZ);
    await shell.shows("Stopped");
    shell.type("fg\r");
    await until("vim to draw again", () => shell.screen().includes("hello") && !shell.screen().includes("Stopped"));
    shell.type(":wq\r");
    const files = () => readdirSync(shell.place.tmp);
    await until("the file", () => files().includes("note.txt"));
    await shell.shows(/\$$/);
    shell.type("exit\r");
    await shell.exitCode();
    await shell.close();
  });
});
