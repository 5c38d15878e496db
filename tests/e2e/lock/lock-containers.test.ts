/**
 * `lanes lock` between containers (pid namespaces), after a reboot and under another host name: the kernel's flock is one and
 * the same there, so what a container that was killed has left behind keeps nobody out.
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { lanes, Playground } from "../../support/lanes.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
let file: string;
beforeEach(() => {
  place = new Playground();
  file = `${place.tmp}/a.lock`;
});
afterEach(() => place.clean());

const container = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc"];
const hasContainers = Bun.spawnSync([...container, "true"]).exitCode === 0;
/** Only the first pid namespace is shown all locks by the kernel. */
const seesAll = existsSync("/proc/self/ns/pid") && readlinkSync("/proc/self/ns/pid") === "pid:[4026531836]";

/** A container of its own, which ends with its first process. */
function inContainer(command: readonly string[]) {
  return Bun.spawn([...container, ...command], { env: place.env, cwd: place.tmp, stdio: ["ignore", "pipe", "pipe"] });
}

/** A container in which the lock is held until its first process is killed. */
async function holding(command: readonly string[] = ["sleep", "60"]) {
  const holder = inContainer([lanes, "lock", "a.lock", "--", ...command]);
  await until("it is held", () => existsSync(file) && readFileSync(file, "utf8").includes('"child":'));
  await until("its command runs", () => !readFileSync(file, "utf8").includes('"child":null'));
  return holder;
}

async function killed(holder: Bun.Subprocess): Promise<void> {
  holder.kill("SIGKILL"); // --kill-child: what it started with it
  await holder.exited;
  await until("all in it are gone", () => place.running().length === 0);
}

const state = async () => {
  const { code, stdout } = await place.run(["lock", "status", "--json", "a.lock"]);
  return { code, ...JSON.parse(stdout) };
};

test.skipIf(!hasContainers)("held by another container: kept out, and not to be broken", async () => {
  const holder = await holding();
  const other = inContainer([lanes, "lock", "-n", "a.lock", "--", "true"]);
  expect(await other.exited).toBe(75);
  expect((await place.run(["lock", "-n", "a.lock", "--", "true"])).code).toBe(75);
  expect((await place.run(["lock", "break", "a.lock"])).code).toBe(1);
  if (seesAll) expect(await state()).toMatchObject({ code: 0, state: "held", verified: true });
  // From a container beside it that cannot be seen.
  const beside = inContainer([lanes, "lock", "status", "--json", "a.lock"]);
  expect(await beside.exited).toBe(2);
  expect(JSON.parse(await new Response(beside.stdout).text())).toMatchObject({ state: "held", verified: false });
  expect(await new Response(beside.stderr).text()).toMatch(/^lanes: .*cannot be told.*\n$/);
  await killed(holder);
});

test.skipIf(!hasContainers)(
  "a container that is killed frees its lock for the next one, and for the host",
  async () => {
    for (const next of [inContainer, (command: readonly string[]) => place.spawn(command.slice(1))]) {
      const holder = await holding();
      const waiter = next([lanes, "lock", "--verbose", "a.lock", "--", "echo", "waited"]);
      const reader = waiter.stderr.getReader();
      await reader.read();
      // A container that has the killed one's number would be taken for it.
      const between = inContainer(["sleep", "60"]);
      holder.kill("SIGKILL");
      await holder.exited;
      expect(await waiter.exited).toBe(0);
      between.kill("SIGKILL");
      await between.exited;
    }
  },
);

test.skipIf(!hasContainers)("killed with nobody waiting: stale, taken by whoever comes, or broken", async () => {
  for (const args of [
    ["-n", "a.lock", "--", "true"],
    ["break", "a.lock"],
  ]) {
    await killed(await holding());
    const between = inContainer(["sleep", "60"]);
    // What the kernel has begun to end may not have closed its files yet.
    if (seesAll) await until("its lock to be free", async () => (await state()).state !== "held");
    if (seesAll) expect(await state()).toMatchObject({ code: 1, state: "stale", verified: true });
    const done = inContainer([lanes, "lock", ...args]);
    expect(await done.exited).toBe(0);
    expect(existsSync(file)).toBe(false);
    between.kill("SIGKILL");
    await between.exited;
  }
});

test("a record from before a reboot, under another host name, or from a system without either", async () => {
  const holder = await place.run(["lock", "--keep", "a.lock", "--", "cat", "a.lock"]);
  const record = JSON.parse(holder.stdout);
  for (const change of [
    { boot: "00000000-0000-0000-0000-000000000000", host: "oldname" },
    { boot: "00000000-0000-0000-0000-000000000000", host: "oldname", ns: "pid:[1]" },
    { ns: "pid:[1]" },
    { host: "oldname" },
    { boot: "" },
    // Forged, or by chance: a process that lives is not one that holds.
    { pid: 1, started: null },
    { pid: process.pid },
    { pid: 2 ** 53 - 1, child: 2 ** 53 - 1, inherit: true },
    { inherit: true, child: 1, childStarted: null },
  ]) {
    writeFileSync(file, `${JSON.stringify({ ...record, child: null, childStarted: null, ...change })}\n`);
    if (seesAll) expect(await state()).toMatchObject({ code: 1, state: "stale" });
    const done = await place.run(["lock", "-n", "--verbose", "a.lock", "--", "echo", "in"]);
    expect([change, done.code, done.stdout]).toEqual([change, 0, "in\n"]);
    expect(done.stderr).toContain("adopted");
  }
});

test("a command that closes what it inherits keeps the lock all the same while it lives, if lanes is killed", async () => {
  const script = `import os,time; os.closerange(3, 256); open("inside", "w").write(str(os.getpid())); time.sleep(60)`;
  const holder = place.spawn(["lock", "a.lock", "--", "python3", "-c", script]);
  await until("it is inside", () => existsSync(`${place.tmp}/inside`) && readFileSync(`${place.tmp}/inside`, "utf8"));
  await until("the record names it", () => !readFileSync(file, "utf8").includes('"child":null'));
  holder.kill("SIGKILL");
  await holder.exited;
  expect(await state()).toMatchObject({ code: 0, state: "held" });
  expect((await place.run(["lock", "-n", "a.lock", "--", "true"])).code).toBe(75);
  expect((await place.run(["lock", "break", "a.lock"])).code).toBe(1);
  process.kill(Number(readFileSync(`${place.tmp}/inside`, "utf8")), "SIGKILL");
  expect((await place.run(["lock", "-w", "20", "a.lock", "--", "echo", "in"])).stdout).toBe("in\n");
});
