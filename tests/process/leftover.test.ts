/** A lock that is released while the one who waits for it gives up: nothing stays. */
import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lock } from "../../src/lock/index.ts";
import { Talker } from "../support/processes/talker.ts";
import { until } from "../support/wait.ts";

/** One in seventy left its file behind. */
const ROUNDS = 400;

class GivesUp extends Talker<{ readonly type: "waits" | "over"; readonly got?: boolean }> {
  constructor(file: string) {
    super("give-up.ts", [file]);
  }

  /** Waits until so many lines of this type were said in all. */
  async times(type: "waits" | "over", count: number) {
    const said = () => this.heard.filter((line) => line.type === type);
    await until(`${count} × ${type}`, () => said().length === count);
    return said().at(-1);
  }
}

test("whoever gives up at the moment of the release takes the file with it", async () => {
  const dir = mkdtempSync(join(tmpdir(), "lanes-leftover-"));
  const file = join(dir, "lock");
  await using other = new GivesUp(file);
  const came = { got: 0, gave: 0 };
  /** It moves to where half of them get it: there both happen at one moment. */
  let patienceMs = 3;
  for (let round = 1; round <= ROUNDS; round++) {
    const mine = await lock(file);
    other.goOn(`${patienceMs + Math.random()}`);
    await other.times("waits", round);
    const releaseMs = performance.now() + 2;
    while (performance.now() < releaseMs);
    mine.release();
    const got = (await other.times("over", round))?.got === true;
    came[got ? "got" : "gave"] += 1;
    patienceMs = Math.max(0.1, patienceMs + (got ? -0.2 : 0.2));
    await until("the file is gone", () => !existsSync(file), 2_000);
  }
  expect(Math.min(came.got, came.gave)).toBeGreaterThan(ROUNDS / 10);
  rmSync(dir, { recursive: true });
});
