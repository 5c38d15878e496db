/** The command each demo ends with, pasted as it stands into an empty folder. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { dirname } from "node:path";
import { loadDemos } from "../../../src/demos/catalog.ts";
import { lanes, Playground } from "../../support/lanes.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

/** What a run shows, for the commands whose output says more than that they ran. */
const printed: Readonly<Record<string, RegExp>> = {
  function: /^hello (Ada|Ken|Mary)$/m,
  subclass: /"item":"300"/,
  identity: /^b: I am \d+, my parent is \d+$/m,
  zombie: /^ *\d+ +\d+ Z\S* +sleep/m,
  forkbomb: /^generation 1\n[\s\S]*^generation 8\n[\s\S]*^refused\n$/m,
  isolation: /^1\n2\n3\n$/,
  speedup: /"item":"4"/,
  pool: /^\{"index":99999,.*\}\n$/,
  race: /^\d+\n$/,
  mutex: /^10\n$/,
  crash: /^mine now\n$/,
  fence: /^and goes on\n$/,
  semaphore: /^(\d at desk [12]\n){6}$/,
  queue: /^(took \d+\n){12}$/,
  barrier: /^(phase 1, part [a-d]\n){4}(phase 2, part [a-d]\n){4}$/,
  event: /^([123] goes on\n){3}$/,
  deadlock: /^(1 has both\n2 has both|2 has both\n1 has both)\n$/,
};

const demos = (await loadDemos()).map(({ name, command }) => [name, command] as const);

test.each(demos)("%s: %s", async (name, command) => {
  expect(command).not.toContain("\n");
  const { stdout, stderr, code } = await place.shell(
    `mkdir work && cd work && PATH="${dirname(lanes)}:$PATH"; ${command}`,
  );
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining("--help") });
  const lines = name === "isolation" ? `${stdout.trimEnd().split("\n").toSorted().join("\n")}\n` : stdout;
  expect(lines).toMatch(printed[name] ?? /^/);
});
