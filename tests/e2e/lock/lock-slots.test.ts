/** `lanes lock --slots N` on the compiled executable: who gets in, what the other options mean with it, who has which slot. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { lanes, Playground } from "../../support/lanes.ts";
import { isRunning, signalProcess } from "../../support/processes/processes.ts";
import { until } from "../../support/wait.ts";

let place: Playground;
let file: string;
beforeEach(() => {
  place = new Playground();
  file = `${place.tmp}/db.lock`;
});
afterEach(() => place.clean());

let started = 0;
/** A lock command that runs until its stdin ends; resolves when its command runs, in which slot. */
async function holding(options: readonly string[] = [], work = "cat > /dev/null") {
  const name = `in-${++started}`;
  const script = `echo $LANES_SLOT > ${name}; ${work}`;
  const child = Bun.spawn([lanes, "lock", "--slots", "2", ...options, file, "--", "sh", "-c", script], {
    env: place.env,
    cwd: place.tmp,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const slot = () => (existsSync(`${place.tmp}/${name}`) ? readFileSync(`${place.tmp}/${name}`, "utf8").trim() : "");
  await until("the command runs", () => slot() !== "");
  return { child, slot: Number(slot()) };
}
const end = async ({ child }: Awaited<ReturnType<typeof holding>>) => {
  child.stdin.end();
  return child.exited;
};
const status = async () => JSON.parse((await place.run(["lock", "status", "--slots", "2", "--json", file])).stdout);
const locks = () => readdirSync(place.tmp).filter((name) => name.startsWith("db.lock"));

test("two at once, each in its slot; a third one waits for either, or not, as it is told", async () => {
  const first = await holding();
  const second = await holding();
  expect([first.slot, second.slot]).toEqual([1, 2]);
  for (const [args, code] of [
    [["-n"], 75],
    [["-w", "0.05"], 75],
    [["-n", "-E", "9"], 9],
  ] as const) {
    const done = await place.run(["lock", "--slots", "2", ...args, file, "touch", "entered"]);
    expect(done.code).toBe(code);
    expect(done.stderr).toContain(`no free slot of 2 (pid ${first.child.pid}, ${second.child.pid})`);
  }
  expect(existsSync(`${place.tmp}/entered`)).toBe(false);
  expect((await place.run(["lock", "-q", "--slots=2", "-n", file, "true"])).stderr).toBe("");
  // With more slots there is room; the file itself and its plain lock are another matter.
  expect((await place.run(["lock", "-n", "--slots", "3", file, "-c", "echo $LANES_SLOT"])).stdout).toBe("3\n");
  expect((await place.run(["lock", "-n", file, "echo", "alone"])).stdout).toBe("alone\n");

  const waiter = place.spawn(["lock", "--verbose", "--slots", "2", file, "-c", "echo $LANES_SLOT; exit 7"]);
  await until("it is next", async () => (await status()).next?.pid === waiter.pid);
  await end(second);
  expect(await waiter.exited).toBe(7);
  expect(await waiter.stdout.text()).toBe("2\n");
  const said = await waiter.stderr.text();
  expect(said).toContain(`waiting for ${file}: no free slot of 2 (pid ${first.child.pid}, ${second.child.pid})`);
  expect(said).toContain(`acquired ${file}.2 after `);
  await end(first);
  expect(locks()).toEqual([]);
});

test("never more in than slots, and all get through", async () => {
  const script = `: > in.$$; set -- in.*; echo $#; sleep 0.05; rm in.$$`;
  const line = Array(7).fill(`$LANES lock --slots 2 ${file} -c '${script}' &`).join(" ");
  const { stdout, stderr } = await place.shell(`${line} wait`);
  expect(stderr).toBe("");
  const inside = stdout.trim().split("\n").map(Number);
  expect(inside).toHaveLength(7);
  expect(Math.max(...inside)).toBeLessThanOrEqual(2);
  expect(locks()).toEqual([]);
});

test("status shows each slot and who is next; its exit code says whether one can be had", async () => {
  expect(await status()).toMatchObject({ v: 1, file, state: "free", next: null });
  const first = await holding();
  const done = await place.run(["lock", "status", "--slots", "2", file]);
  expect(done.code).toBe(1);
  expect(done.stdout).toContain(`${file}: 1 of 2 slots free\n${file}.1: held\n`);
  expect(done.stdout).toContain(`${file}.2: free\n`);
  const second = await holding();
  const found = await status();
  expect(found).toMatchObject({
    state: "held",
    slots: [
      { slot: 1, file: `${file}.1`, state: "held", owner: { pid: first.child.pid } },
      { slot: 2, file: `${file}.2`, state: "held", owner: { pid: second.child.pid } },
    ],
  });
  expect((await place.run(["lock", "status", "--slots", "2", file])).code).toBe(0);
  expect((await place.run(["lock", "status", `${file}.2`])).code).toBe(0); // a slot is a lock file like any other
  await end(first);
  await end(second);
});

test("lanes killed: its command keeps the slot, and with -o it does not", async () => {
  const first = await holding([], "exec sleep 1000");
  const second = await holding(["-o"], "exec sleep 1000");
  const { slots } = await status();
  const commands = slots.map(({ owner }: { owner: { child: number } }) => owner.child);
  for (const { child } of [first, second]) child.kill("SIGKILL");
  await until(
    "the slot without a command's hand on it is free",
    async () => (await status()).slots[1].state === "stale",
  );
  expect((await status()).slots[0].state).toBe("held");
  expect(commands.map(isRunning)).toEqual([true, true]);
  expect((await place.run(["lock", "-n", "--slots", "2", file, "-c", "echo $LANES_SLOT"])).stdout).toBe("2\n");
  for (const command of commands) signalProcess(command, "SIGKILL");
  await until("the commands have ended", () => !commands.some(isRunning));
  expect((await place.run(["lock", "-n", "--slots", "2", file, "-c", "echo $LANES_SLOT"])).stdout).toBe("1\n");
});

test("break removes what nobody will release, and what is held only with --force", async () => {
  const held = await holding();
  writeFileSync(`${file}.2`, "somebody else's\n");
  const done = await place.run(["lock", "break", "--slots", "2", file]);
  expect(done.code).toBe(1);
  expect(done.stderr).toContain(`removed ${file}.2: it was not made by lanes`);
  expect(done.stderr).toContain(`${file}.1 is held by pid ${held.child.pid}`);
  expect(locks()).toEqual(["db.lock.1"]);
  expect((await place.run(["lock", "break", "--force", "--slots", "2", file])).code).toBe(0);
  expect(locks()).toEqual([]);
  await end(held);
});

test("a nested use is refused, --keep leaves the slot's file, a signal ends the wait", async () => {
  const nested = await place.run(["lock", "--slots", "2", file, lanes, "lock", "--slots", "2", file, "true"]);
  expect(nested.code).toBe(2);
  expect(nested.stderr).toContain(`${file}.1 is held already by this very command`);
  expect((await place.run(["lock", "--slots", "2", "--keep", file, "true"])).code).toBe(0);
  expect(locks()).toEqual(["db.lock.1"]);
  const [first, second] = [await holding(), await holding()];
  const waiter = place.spawn(["lock", "--slots", "2", file, "true"]);
  await until("it is next", async () => (await status()).next?.pid === waiter.pid);
  signalProcess(waiter.pid, "SIGTERM");
  expect(await waiter.exited).toBe(143);
  expect((await status()).next).toBeNull();
  await end(first);
  await end(second);
});

test.each(["0", "-1", "65", "abc", "", "1.5", "1e1"])("--slots %p is refused", async (value) => {
  const done = await place.run(["lock", "--slots", value, file, "touch", "entered"]);
  expect(done.code).toBe(2);
  expect(done.stderr).toMatch(/--slots: .* is not valid, expected a whole number from 1 to 64/);
  expect(done.stderr.trim().split("\n")).toHaveLength(1);
  expect(existsSync(`${place.tmp}/entered`)).toBe(false);
});
