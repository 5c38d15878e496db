/** Who goes on next, with processes that are made up: the standard order, priorities, chance, and an order played again. */
import { describe, expect, test } from "bun:test";
import { chooserOf, type Plan } from "../../../src/explore/schedule/choosers.ts";
import { type Move, orderText, readOrder } from "../../../src/explore/schedule/order.ts";
import { type Candidate, Schedule } from "../../../src/explore/schedule/schedule.ts";

/** What a process does at each of its steps: `r` reads, `w` writes what all share, `.` touches nothing, `y` gives way. */
type Script = string;

/** Plays programs to their end. @returns which lane did each step, and what is known of the run. */
function play(scripts: readonly Script[], plan: Plan) {
  const schedule = new Schedule(chooserOf(plan));
  const at = scripts.map(() => 0);
  const done: string[] = [];
  for (;;) {
    const candidates: Candidate[] = scripts.flatMap((script, index) => {
      const call = script[at[index] ?? 0];
      if (call === undefined) return [];
      return [{ lane: index + 1, yields: call === "y", conflict: "rw".includes(call), changes: call === "w" }];
    });
    if (candidates.length === 0) return { order: done.join(""), schedule };
    const { lane } = schedule.next(candidates);
    at[lane - 1]!++;
    done.push(String(lane));
  }
}

/** A counter that each process reads and writes back: what it comes to. */
function counter(order: string, scripts: readonly Script[]): number {
  let value = 0;
  const read = scripts.map(() => 0);
  const at = scripts.map(() => 0);
  for (const lane of order) {
    const index = Number(lane) - 1;
    const call = scripts[index]?.[at[index] ?? 0];
    at[index]!++;
    if (call === "r") read[index] = value;
    if (call === "w") value = (read[index] ?? 0) + 1;
  }
  return value;
}

const standard: Plan = { by: "order", moves: [] };

describe("the standard order", () => {
  test("goes on with who goes on, then with who has waited longest", () => {
    const { order, schedule } = play(["rw", "rw", "rw"], standard);
    expect(order).toBe("112233");
    expect(schedule.moves).toEqual([]);
    expect(schedule.switches).toBe(0);
  });

  test("changes where one gives way, and keeps nobody waiting for ever", () => {
    expect(play(["yyy", "rw"], standard).order.startsWith("122")).toBe(true);
    // One that tries again and again, in turns with another one of these: the third has its turn all the same.
    expect(play(["yyyyyyyy", "yyyyyyyy", "rw"], standard).order.indexOf("3")).toBeLessThan(4);
  });
});

describe("an order", () => {
  test("is what a run was, played again: by priorities, and by chance", () => {
    const scripts = ["..rw.rw", "rw.rw", ".rwrw"];
    for (let seed = 1; seed <= 50; seed++) {
      const plans: Plan[] = [
        { by: "pct", seed, changes: [2, 5], at: seed % 2 === 0 ? "all" : "changes" },
        { by: "random", seed },
      ];
      for (const plan of plans) {
        const first = play(scripts, plan);
        const again = play(scripts, { by: "order", moves: first.schedule.moves });
        expect(again.order).toBe(first.order);
        expect(again.schedule.moves).toEqual(first.schedule.moves);
        expect(play(scripts, plan).order).toBe(first.order);
      }
    }
  });

  test("leaves out a move that cannot be made", () => {
    const moves: Move[] = [{ lane: 1, step: 2, to: 9 }];
    expect(play(["rw", "rw"], { by: "order", moves }).order).toBe("1122");
  });

  test("is a short text, and back", () => {
    const moves = [
      { lane: 2, step: 5, to: 3 },
      { lane: 14, step: 107, to: 1 },
    ];
    expect(orderText(moves)).toBe("2.5:3,14.107:1");
    expect(readOrder("2.5:3,14.107:1\n")).toEqual(moves);
    expect(orderText([])).toBe("0");
    expect(readOrder(" 0 ")).toEqual([]);
  });

  test.each(["", "2.5", "2.5:3,", "a.b:c", "0.1:2", "2.5:0", "2.5:3;4.1:2", "9999999999.1:2"])("%j is none", (text) => {
    expect(readOrder(text)).toBeNull();
  });
});

describe("priorities (PCT)", () => {
  test("one change before a write loses an update in most runs, whichever the seed", () => {
    const scripts = ["rw", "rw", "rw"];
    const wrong = Array.from({ length: 60 }, (_, seed) => {
      const { order } = play(scripts, { by: "pct", seed, changes: [1 + (seed % 3)], at: "changes" });
      return counter(order, scripts) < 3;
    }).filter(Boolean).length;
    expect(wrong).toBeGreaterThan(30);
  });

  test("without a change everybody goes through at once: nothing is lost", () => {
    const scripts = ["rw", "rw", "rw"];
    for (let seed = 0; seed < 20; seed++)
      expect(counter(play(scripts, { by: "pct", seed, changes: [], at: "changes" }).order, scripts)).toBe(3);
  });

  test("who gives way falls behind: whoever it waits for has its turn", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { order } = play(["y".repeat(50), "rw"], { by: "pct", seed, changes: [], at: "changes" });
      expect(order.indexOf("2")).toBeLessThan(3);
    }
  });
});
