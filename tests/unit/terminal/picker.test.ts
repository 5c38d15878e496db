import { expect, test } from "bun:test";
import { matches, named, type PickerItem, pickerLines } from "../../../src/terminal/picker.ts";

const item = (number: string, label: string, name: string, group: string): PickerItem => ({
  value: name,
  group,
  number,
  label,
  name,
  keywords: name === "race" ? "race condition 竞态" : "",
  marked: name === "race",
});
const items = [
  item("1", "A process from a function", "function", "processes"),
  item("2", "Who overwrote my update?", "race", "sharing"),
  item("10", "The holder dies", "crash", "sharing"),
];
const words = { keys: "Enter runs · Esc leaves", filter: "type to filter", none: "nothing matches" };
const view = { heading: "lanes", message: "Pick", items, cursor: 1, typed: "", state: "open", words } as const;
const style = { columns: 80, ascii: true, color: false };

test("finds entries by number, label, name and heading", () => {
  const found = (typed: string) => items.filter((each) => matches(typed, each)).map(({ value }) => value);
  expect(found("1")).toEqual(["function", "crash"]);
  expect(found("10")).toEqual(["crash"]);
  expect(found("OVER")).toEqual(["race"]);
  expect(found("sharing")).toEqual(["race", "crash"]);
  expect(found("竞态")).toEqual(["race"]);
  expect(found("nothing")).toEqual([]);
});

test("a whole name is known among those that have it in the middle", () => {
  const all = [
    item("1", "Each waits for the next", "deadlock", "sharing"),
    item("2", "So many at a time", "semaphore", "sharing"),
    item("", "Your function over many items", "map", "your own work"),
    item("", "A command under a lock", "lock", "your own work"),
  ];
  const found = (typed: string) => all.filter((each) => matches(typed, each)).map(({ value }) => value);
  expect(found("ma")).toEqual(["semaphore", "map", "lock"]);
  expect(found("Lock ")).toEqual(["deadlock", "lock"]);
  expect(["map", "Lock ", "ma"].map((typed) => named(typed, all)?.value)).toEqual(["map", "lock", undefined]);
  expect(found("loc")).toEqual(["deadlock", "lock"]);
});

test("a heading stands once above its entries; the one under the cursor and the played ones are marked", () => {
  const lines = pickerLines(view, style, 24);
  expect(lines.filter((line) => line === "|  sharing")).toHaveLength(1);
  expect(lines.filter((line) => line.includes("> "))).toEqual([
    expect.stringContaining(">  2 Who overwrote my update?"),
  ]);
  expect(lines.filter((line) => line.endsWith("ok"))).toHaveLength(1);
});

test("fits any size, and what does not fit is scrolled, never what is under the cursor", () => {
  const many = Array.from({ length: 30 }, (_, i) => item(String(i), `等待锁 ${i}`, `demo${i}`, `group ${i >> 2}`));
  for (let cursor = 0; cursor < many.length; cursor++) {
    for (const rows of [8, 12, 20]) {
      const lines = pickerLines({ ...view, items: many, cursor }, { ...style, columns: 40 }, rows);
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(Math.max(...lines.map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(40);
      expect(lines.some((line) => new RegExp(`> .*等待锁 ${cursor}( |$)`).test(line))).toBe(true);
    }
  }
});

test("the hint gives way to the title", () => {
  for (let columns = 20; columns <= 80; columns++) {
    expect(pickerLines({ ...view, message: "Pick a demo" }, { ...style, columns }, 24)[2]).toMatch(
      /^\* {2}Pick a demo( {2,}\S.*Esc leaves)?$/,
    );
  }
});
