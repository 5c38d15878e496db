/**
 * What lanes asks of macOS, asked here of a stand-in for libSystem (tests/support/mac/libsystem.c): it is the same that Linux's
 * /proc says. (Whether a Mac says it so is tested in unit/os/mac.test.ts, on a Mac.)
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canBeAsOnMac, standIn } from "../support/mac/as-on-mac.ts";
import { isRunning, parentOf, signalProcess } from "../support/processes/processes.ts";
import { root } from "../support/root.ts";
import { until } from "../support/wait.ts";

const fixture = join(root, "tests/fixtures", "as-on-mac.ts");

/** A group of one zombie: its first process has ended, the zombie's parent has left the group and asks nobody. */
const zombieGroup = `
import os, sys, time
def say(name, value):
    open(name + "~", "w").write(str(value)); os.rename(name + "~", name)
say("group", os.getpid())
if os.fork() == 0:
    zombie = os.fork()
    if zombie == 0: os._exit(7)
    os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
    os.setsid()
    say("parent", os.getpid()); say("zombie", zombie)
    time.sleep(600)
    os._exit(0)
while not os.path.exists("zombie"): time.sleep(0.005)
`;

describe.if(canBeAsOnMac)("as on a Mac", () => {
  let folder: string;
  let libSystem: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lanes-mac-"));
    libSystem = standIn(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const numberIn = async (name: string) => Number(await Bun.file(join(folder, name)).text());

  /** What the fixture says of a process and a group: on Linux, or as on a Mac. */
  async function told(asMac: boolean, pid: number, group: number, prefix = "") {
    const define = asMac ? `--define 'LANES_LIBSYSTEM:${JSON.stringify(libSystem)}'` : "";
    const line = `${prefix} exec "${process.execPath}" ${define} "${fixture}" ${pid} ${group}`;
    const child = Bun.spawn(["bash", "-c", line], { cwd: folder, stdout: "pipe", stdin: "ignore" });
    return JSON.parse(await new Response(child.stdout).text());
  }

  test("processes, who and how they are, are as /proc has them", async () => {
    await using child = Bun.spawn(["sleep", "600"], { detached: true, stdio: ["ignore", "ignore", "ignore"] });
    const prefix = "trap '' INT; exec 7>log;";
    const [mac, linux] = await Promise.all([
      told(true, child.pid, child.pid, prefix),
      told(false, child.pid, child.pid, prefix),
    ]);
    expect([mac.isLinux, linux.isLinux]).toEqual([false, true]);
    expect(mac.view).toEqual({ ...linux.view, ticks: mac.view.ticks });
    expect(mac.view).toMatchObject({ ppid: process.pid, name: "sleep", zombie: false });
    expect(mac.vitals).toEqual({ ...linux.vitals, rssKb: mac.vitals.rssKb });
    expect(mac.vitals.rssKb).toBeGreaterThan(100);
    expect(mac.rssKb).toBeGreaterThan(10_000);
    expect(mac.listed).toMatchObject([{ pid: child.pid, group: child.pid, zombie: false }]);
    expect(mac.group).toEqual({ exists: true, running: true });
    expect(mac.ended).toEqual([false, true, false]);
    expect(mac.nobody).toEqual([null, null, null, 0]);
    expect(mac.identity).toMatchObject({ host: linux.identity.host, boot: linux.identity.boot, ns: "" });
    expect(Math.abs(mac.started / 1e3 - Date.now())).toBeLessThan(120_000);
    expect(mac.given).toEqual(linux.given);
    expect(mac.given).toContain(7);
    expect([mac.ignored, linux.ignored]).toEqual([[2], [2]]);
    expect(Math.abs(mac.availableMemory / linux.availableMemory - 1)).toBeLessThan(0.2);
  });

  test("a group of zombies alone is there, and does not run: nobody waits for it", async () => {
    const leader = Bun.spawn(["python3", "-c", zombieGroup], { cwd: folder, detached: true, stderr: "ignore" });
    await leader.exited;
    await until("the zombie is told of", () => existsSync(join(folder, "zombie")));
    const [group, zombie, parent] = await Promise.all(["group", "zombie", "parent"].map(numberIn));
    try {
      expect([isRunning(zombie ?? 0), parentOf(zombie ?? 0)]).toEqual([false, parent ?? 0]);
      const mac = await told(true, zombie ?? 0, group ?? 0);
      expect(mac.listed).toMatchObject([{ pid: zombie, group, zombie: true }]);
      expect(mac.group).toEqual({ exists: true, running: false });
      expect(mac.view).toMatchObject({ ppid: parent, zombie: true, running: false });
      expect(mac.vitals).toEqual({ ppid: parent, state: "Z", rssKb: 0, exitCode: 7 });
      expect(mac.started).toBeNull(); // for a lock it has ended
    } finally {
      signalProcess(parent ?? 0, "SIGKILL");
    }
  });
});
