/** The guard's list: what lanes writes is what the guard reads, at any moment. */
import { expect, test } from "bun:test";
import { GuardList, readList } from "../../../src/process/guard/guard-list.ts";

test("an entry is there from before the start until it is removed", () => {
  const list = new GuardList();
  const entry = list.add("100-abc.1");
  expect(readList(list.fd)).toEqual({ targets: [], marks: new Set(["100-abc.1"]), pending: true });
  list.started(entry, -4711);
  expect(readList(list.fd)).toEqual({ targets: [-4711], marks: new Set(["100-abc.1"]), pending: false });
  list.remove(entry);
  expect(readList(list.fd)).toEqual({ targets: [], marks: new Set(), pending: false });
  list.close();
});

test("it grows, and places are used again, also for shorter marks", () => {
  const list = new GuardList();
  const entries = Array.from({ length: 1000 }, (_, index) => {
    const entry = list.add(`100-abcdefgh.${index + 1}`);
    list.started(entry, -(index + 2));
    return entry;
  });
  expect(readList(list.fd).targets).toEqual(entries.map((_, index) => -(index + 2)));
  for (const entry of entries.slice(1)) list.remove(entry);
  const again = list.add("1-a.2");
  list.started(again, 99_999);
  const { targets, marks } = readList(list.fd);
  expect([targets.toSorted((a, b) => a - b), marks]).toEqual([[-2, 99_999], new Set(["100-abcdefgh.1", "1-a.2"])]);
  list.close();
});
