/** The witness of the lock: what it says of a signal, whatever the machine lets this process do meanwhile. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { GroupWitness } from "../../src/commands/lock/group-witness.ts";
import { numberOf } from "../../src/os/signals.ts";
import { isRunning, parentOf, signalProcess, wordsOf } from "../support/processes/processes.ts";
import { until } from "../support/wait.ts";

const [TERM, HUP] = [numberOf("SIGTERM"), numberOf("SIGHUP")];
let witness: GroupWitness;
beforeEach(() => {
  witness = new GroupWitness();
  witness.start();
});
afterEach(() => witness.end());

/** The process that stands witness; there is one, or there will be. */
async function standing(butNot = 0): Promise<number> {
  const find = () =>
    readdirSync("/proc")
      .map(Number)
      .find((pid) => pid !== butNot && pid > 0 && isWitness(pid));
  await until("a witness", find);
  return find() ?? 0;
}

function isWitness(pid: number): boolean {
  try {
    return parentOf(pid) === process.pid && isRunning(pid) && wordsOf(pid).at(-1)?.endsWith("read -r _") === true;
  } catch {
    return false; // gone
  }
}

test("what came to this process alone, and what came to the witness too, before or after it was asked", async () => {
  const first = await standing();
  expect(await witness.saw(TERM)).toBe(false);
  signalProcess(first, "SIGTERM");
  expect(await witness.saw(TERM)).toBe(true);
  const second = await standing(first);
  await until("the first to be forgotten", async () => (await witness.saw(TERM)) === false);
  const answer = witness.saw(TERM);
  signalProcess(second, "SIGTERM");
  expect(await answer).toBe(true);
});

test("the last one's word counts also for who is given no core for long", async () => {
  const first = await standing();
  signalProcess(first, "SIGTERM");
  await standing(first);
  Bun.sleepSync(200);
  expect(await witness.saw(TERM)).toBe(true);
});

test("another signal that follows is told apart", async () => {
  const first = await standing();
  signalProcess(first, "SIGTERM");
  await standing(first);
  for (let i = 0; i < 4; i++) await Bun.sleep(5); // the event loop has turned: what had come with that one has been heard
  const [term, hup] = [witness.saw(TERM), witness.saw(HUP)];
  expect(await hup).toBe(false);
  expect(await term).toBe(true);
});

test("after its end nobody stands there", async () => {
  const first = await standing();
  await witness.end();
  expect(isRunning(first)).toBe(false);
  expect(readdirSync("/proc").map(Number).filter(isWitness)).toEqual([]);
});
