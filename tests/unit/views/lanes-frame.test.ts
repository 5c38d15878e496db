import { expect, test } from "bun:test";
import { loadDemo } from "../../../src/demos/catalog.ts";
import type { LaneEvent } from "../../../src/timeline/event.ts";
import { Histories } from "../../../src/views/history.ts";
import { lanesFrame } from "../../../src/views/lanes-frame.ts";
import { paramsOf } from "../../support/played.ts";

test("a state that has no room is cut with an ellipsis", async () => {
  const live = { demo: await loadDemo("mutex"), params: await paramsOf("mutex") };
  const events: LaneEvent[] = [
    { t: 0, lane: "P1", pid: 101, ppid: 100, type: "spawn" },
    { t: 1, lane: "P1", pid: 101, ppid: 100, type: "wait", on: "data.json.lock" },
  ];
  const style = { columns: 80, ascii: false, color: false };
  const lines = lanesFrame(live, Histories.of(events, true), 10, style, 24);
  expect(lines.find((line) => line.includes("P1"))).toContain("waits data.js… ");
});
