import { expect, test } from "bun:test";
import fc from "fast-check";
import { pagesOf } from "../../../src/views/pages.ts";

const section = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 15 });

test("pages hold every line in order, and fit where their sections do", () => {
  fc.assert(
    fc.property(
      fc.array(section, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 16, max: 40 }),
      (sections, rows) => {
        const below = 10;
        const pages = pagesOf(sections, { rows, columns: 80 }, below);
        expect(pages.flat().filter((line) => line !== "")).toEqual(sections.flat());
        for (const page of pages) expect(page.length).toBeLessThan(rows);
        if (sections.at(-1)!.length <= rows - below) expect(pages.at(-1)!.length).toBeLessThanOrEqual(rows - below);
      },
    ),
  );
});

test("what fits with what comes below it is one page", () => {
  expect(pagesOf([["a"], ["b", "c"]], { rows: 14, columns: 80 }, 10)).toEqual([["a", "", "b", "c"]]);
  expect(pagesOf([["a"], ["b", "c"]], { rows: 14, columns: 1 }, 10)).toEqual([["a", "", "b", "c"]]);
  expect(pagesOf([["a"], ["b", "cc"]], { rows: 14, columns: 1 }, 10)).toEqual([["a"], ["b", "cc"]]);
  expect(pagesOf([["a"], ["b", "c"]], { rows: 13, columns: 80 }, 10)).toEqual([["a"], ["b", "c"]]);
});
