/** What was exported while it happened, held against what a replay of its recording exports. */
import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Playground } from "../lanes.ts";

const endings = ["html", "svg", "json"] as const;

/** The options that export everything, to files of this name. */
export function exported(name: string): string[] {
  return ["--html", `${name}.html`, "--svg", `${name}.svg`, "--trace", `${name}.json`];
}

/** Replays a recording, and expects what that exports to be what {@link exported} `live` was, but for the time of making. */
export async function expectSameExports(place: Playground, file: string, ...more: string[]): Promise<void> {
  const { code, stderr } = await place.run(["replay", file, "-q", ...exported("replayed"), ...more]);
  expect([code, stderr]).toEqual([0, ""]);
  const read = (name: string) =>
    readFileSync(join(place.tmp, name), "utf8").replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "MADE");
  for (const ending of endings) {
    const [live, replayed] = [read(`live.${ending}`), read(`replayed.${ending}`)];
    expect(live).toContain(ending === "svg" ? "<svg" : "MADE");
    if (live === replayed) continue;
    const at = [...live].findIndex((char, i) => char !== replayed[i]);
    const around = (text: string) => text.slice(Math.max(0, at - 200), at + 200);
    expect(`${ending}: ${around(replayed)}`).toBe(`${ending}: ${around(live)}`);
  }
}
