/** Each stream is written for whoever is behind it: drawn on and coloured by itself, and not at all in CI or on a dumb terminal. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { Pty, type PtyOptions } from "../support/pty.ts";

setDefaultTimeout(60_000);
let open: Pty[] = [];
afterEach(async () => {
  const all = open;
  open = [];
  for (const pty of all) await pty.close();
});

/** A line of shell at a terminal, with lanes in $LANES and a module for map. */
function shell(line: string, options: PtyOptions = {}): Pty {
  const pty = new Pty(["-c", `printf 'export default (ms: string) => Bun.sleep(+ms)' > m.ts; ${line}`], {
    ...options,
    command: ["sh"],
  });
  open.push(pty);
  return pty;
}

const colour = /\x1b\[\d+(;\d+)*m/;
/** Moves the cursor, or clears: what drawing in place is made of. */
const drawing = /\x1b\[[\d;?]*[A-HJKSThl]|\r(?!\n)/;

const commands: readonly [string, string][] = [
  ["run", '"$LANES" run -j2 sleep ::: 0.6 0.6 0.6'],
  ["map", '"$LANES" map -j2 m.ts 600 600 600'],
  ["demo", '"$LANES" demo function --work 600'],
  ["exec --live", `echo 'await Bun.sleep(600)' > p.ts; "$LANES" exec --live p.ts`],
  ["trace --live", '"$LANES" trace --live sleep 0.8'],
];

test("the list of demos is a course to read at a terminal, and a line a demo in a pipe", async () => {
  const list = shell('"$LANES" demo; "$LANES" demo | wc -l');
  expect(await list.exitCode()).toBe(0);
  const lines = list.raw.replaceAll("\r", "").trimEnd().split("\n");
  expect(lines.slice(0, 2)).toEqual(["processes", "  function       A process from a function"]);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(Number(lines.at(-1))).toBeGreaterThan(10);
});

test.each(commands)("%s draws at a terminal, and not in CI or where TERM is dumb", async (_, line) => {
  const seen = shell(line);
  expect(await seen.exitCode()).toBe(0);
  expect(seen.raw).toMatch(drawing);
  for (const env of [{ CI: "1" }, { TERM: "dumb" }]) {
    const unseen = shell(line, { env });
    expect(await unseen.exitCode()).toBe(0);
    expect(unseen.raw).not.toMatch(drawing);
  }
});

test("colours are for the stream that is drawn on", async () => {
  const lanes = shell('"$LANES" demo function --work 600 > out.txt');
  expect(await lanes.exitCode()).toBe(0);
  expect(lanes.raw).toMatch(colour);
  expect(await Bun.file(join(lanes.place.tmp, "out.txt")).text()).not.toContain("\x1b");
  const result = shell('"$LANES" demo function --work 600 2> err.txt');
  expect(await result.exitCode()).toBe(0);
  expect(result.raw).toMatch(colour);
  expect(await Bun.file(join(result.place.tmp, "err.txt")).text()).not.toContain("\x1b");
  const none = shell('"$LANES" demo function --work 600 > out.txt', { env: { NO_COLOR: "1" } });
  expect(await none.exitCode()).toBe(0);
  expect(none.raw).not.toMatch(colour);
});
