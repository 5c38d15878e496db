/** `lanes demo forkbomb` when lanes itself is ended while it grows: whatever was started is gone, by the kernel's word. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../support/lanes.ts";
import { until } from "../support/wait.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** Starts it; resolves when the JSONL stream names so many spawned processes. */
async function growing(spawned: number) {
  const lanes = place.spawn(["demo", "forkbomb", "--jsonl", "--generations", "5", "--work", "100"]);
  let text = "";
  const reader = lanes.stdout.getReader();
  while (text.split('"type":"spawn"').length <= spawned) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`ended early: ${text}`);
    text += new TextDecoder().decode(value);
  }
  const rest = async () => {
    while (!(await reader.read()).done);
  };
  void rest(); // nobody likes a reader that goes
  return lanes;
}

/** On a machine with nothing else to do it is a second (docs); here other tests start processes at the same time. */
const SOON_MS = 5_000;

// Its temporary folder cannot be removed by one that is killed.
const removeFolders = () =>
  place.leftovers().map((name) => rmSync(join(place.tmp, name), { recursive: true, force: true }));

test.each([1, 3, 7, 15])("kill -9 of lanes after %i spawns: nothing is alive soon after", async (spawned) => {
  const lanes = await growing(spawned);
  lanes.kill("SIGKILL");
  await lanes.exited;
  await until("nothing runs", () => place.running().length === 0, SOON_MS);
  removeFolders();
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s while it grows: stopped, all gone, exit code %i", async (signal, code) => {
  const lanes = await growing(3);
  lanes.kill(signal);
  await lanes.exited;
  expect(lanes.exitCode).toBe(code);
  await until("nothing runs", () => place.running().length === 0, SOON_MS);
  expect(place.leftovers()).toEqual([]);
});

test("inside a job of lanes, where fewer generations are left, the guard refuses sooner", async () => {
  const { stdout, code } = await place.run(["demo", "forkbomb", "--json", "--work", "0"], { LANES_DEPTH: "5" });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).result).toMatchObject({ sizes: [1, 2, 4], refused: { by: "depth", depth: 8, limit: 8 } });
});
