/** Orphans: heard after their parent has gone, and gone as soon as nobody hears them. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import { ancestorsOf, kernelView } from "../../src/os/process/process-table.ts";
import { liveProcesses, Process } from "../../src/process/index.ts";
import { Recording } from "../../src/recording/recording.ts";
import { leaver } from "../fixtures/orphans.ts";
import { isRunning, parentOf } from "../support/processes/processes.ts";
import { root } from "../support/root.ts";
import { until } from "../support/wait.ts";

const program = join(root, "tests/fixtures/orphans.ts");

async function startLeaver() {
  const recording = new Recording();
  const parent = new Process({ target: leaver, name: "P1", orphan: true, timeline: recording }).start();
  const pid = Number(await parent.receive());
  const said = () => recording.of("say").filter((event) => event.pid === pid);
  await until("the orphan has spoken", () => said().length > 0);
  return { recording, parent, pid, said };
}

test.each(["leave", "throw"])("heard and alive after its parent has ended by %s, gone after stop()", async (word) => {
  const { recording, parent, pid, said } = await startLeaver();
  expect(Number(said()[0]?.text)).toBe(parent.pid ?? 0);
  parent.send(word);
  await parent.join();
  expect(parent.isAlive).toBe(false);
  expect(parent.exitCode).toBe(word === "leave" ? 0 : 1);
  expect(parent.result).toBe(word === "leave" ? "left" : undefined);
  expect(liveProcesses()).not.toContain(parent);
  await until("it says that it has another parent", () => said().length === 2);
  expect(isRunning(pid)).toBe(true);
  expect(Number(said()[1]?.text)).toBe(parentOf(pid));
  expect(said()[1]?.ppid).toBe(parentOf(pid));
  expect(recording.of("exit").map((event) => event.lane)).toEqual(["P1"]);
  await parent.stop();
  expect(isRunning(pid)).toBe(false);
});

test("stop() while the parent runs takes the orphan too", async () => {
  const { parent, pid } = await startLeaver();
  await parent.stop();
  expect(parent.signal).toBe("SIGTERM");
  expect([parent.pid ?? 0, pid].filter(isRunning)).toEqual([]);
});

test("a parent killed with its orphan alive is joined at once", async () => {
  const { parent, pid } = await startLeaver();
  parent.kill();
  expect(await parent.join({ timeout: 5_000 })).toBe(true);
  expect(parent.signal).toBe("SIGKILL");
  expect(isRunning(pid)).toBe(true);
  await parent.stop();
  expect(isRunning(pid)).toBe(false);
});

test.each(["stay", "leave"])(
  "kill -9 of the main process while the parent was told to %s: the orphan is gone within a second",
  async (word) => {
    const main = Bun.spawn([process.execPath, program, word], { stdio: ["ignore", "pipe", "inherit"] });
    const output = await main.stdout.getReader().read();
    const [parent, orphan] = JSON.parse(new TextDecoder().decode(output.value)) as [number, number];
    if (word === "leave") await until("the parent has left", () => !isRunning(parent));
    expect(isRunning(orphan)).toBe(true);
    main.kill("SIGKILL");
    await main.exited;
    await until("both are gone", () => !isRunning(orphan) && !isRunning(parent), 1_000);
  },
);

test("the kernel's view agrees with the tests' own", () => {
  const view = kernelView(process.pid);
  expect(view).toMatchObject({ pid: process.pid, ppid: process.ppid, zombie: false });
  expect(view?.ppid).toBe(parentOf(process.pid));
  expect(ancestorsOf(process.pid)[0]).toBe(process.ppid);
  expect(kernelView(2 ** 30)).toBeNull();
});

test("a program whose name has spaces and parentheses", async () => {
  const child = Bun.spawn(["sh", "-c", 'printf "a) R 1 (b" > /proc/$$/comm; echo ready; read line'], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await child.stdout.getReader().read();
  expect(kernelView(child.pid)).toEqual({
    pid: child.pid,
    ppid: process.pid,
    name: "a) R 1 (b",
    zombie: false,
    stopped: false,
    running: expect.any(Boolean) as boolean,
    ticks: expect.any(Number),
  });
  child.stdin.end();
  await child.exited;
});
