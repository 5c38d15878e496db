import { afterEach, expect, test } from "bun:test";
import { setLanguage } from "../../../src/i18n/index.ts";
import type { Happening } from "../../../src/recording/event.ts";
import { Histories } from "../../../src/recording/history.ts";
import { eventLine, isWorthALine } from "../../../src/show/events.ts";

afterEach(() => setLanguage("en"));

const stamp = { t: 1, lane: "P1.1", pid: 7, ppid: 6 };
const line = (happening: Happening) =>
  eventLine({ ...stamp, ...happening }, { columns: 100, ascii: false, color: false });

test("an exit that nobody could ask about is not said to be 0", () => {
  expect(line({ type: "exit", code: null, signal: null })).toEndWith("has ended");
  expect(line({ type: "exit", code: 0, signal: null })).toEndWith("exited with 0");
  expect(line({ type: "exit", code: null, signal: "SIGKILL" })).toEndWith("killed by SIGKILL");
});

test("a refusal says by what, in the reader's language; the system's own words stay", async () => {
  const refused = { type: "refused", depth: 4, limit: 4, text: "EAGAIN" } as const;
  expect(line({ ...refused, by: "depth" })).toContain("4 generations deep, limit 4");
  expect(line({ ...refused, by: "total", limit: 40 })).toContain("no more than 40");
  expect(line({ ...refused, by: "system" })).toContain("EAGAIN");
  expect(isWorthALine({ ...stamp, ...refused, by: "depth" })).toBe(true);
  await setLanguage("zh");
  expect(line({ ...refused, by: "depth" })).toContain("第 4 代");
});

test("a zombie is one until its exit was collected", () => {
  const histories = new Histories(false);
  const states = (
    [{ type: "spawn" }, { type: "ready" }, { type: "zombie" }, { type: "exit", code: 7, signal: null }] as const
  ).map((happening, t) => {
    histories.add({ ...stamp, ...happening, t });
    return histories.lane("P1.1")?.state;
  });
  expect(states).toEqual(["starts", "runs", "zombie", "killed"]);
  expect(histories.lane("P1.1")?.at(2.5)).toBe("zombie");
  expect(line({ type: "zombie" })).toContain("zombie");
});
