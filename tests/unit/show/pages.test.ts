import { expect, test } from "bun:test";
import fc from "fast-check";
import { type PageSize, pageLines, pagesOf, type Section } from "../../../src/show/pages.ts";

const section = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 15 });

test("pages hold every line in order, and fit where their sections do", () => {
  fc.assert(
    fc.property(
      fc.array(section, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 16, max: 40 }),
      (sections, rows) => {
        const below = 10;
        const room = { rows, columns: 80 };
        expect(pagesOf(sections, room, below).flat()).toEqual(sections);
        const pages = pagesOf(sections, room, below).map(pageLines);
        for (const page of pages) expect(page.length).toBeLessThan(rows);
        if (sections.at(-1)!.length <= rows - below) expect(pages.at(-1)!.length).toBeLessThanOrEqual(rows - below);
      },
    ),
  );
});

test("what fits with what comes below it is one page", () => {
  const lines = (sections: Section[], room: PageSize) => pagesOf(sections, room, 10).map(pageLines);
  expect(lines([["a"], ["b", "c"]], { rows: 14, columns: 80 })).toEqual([["a", "", "b", "c"]]);
  expect(lines([["a"], ["b", "c"]], { rows: 14, columns: 1 })).toEqual([["a", "", "b", "c"]]);
  expect(lines([["a"], ["b", "cc"]], { rows: 14, columns: 1 })).toEqual([["a"], ["b", "cc"]]);
  expect(lines([["a"], ["b", "c"]], { rows: 13, columns: 80 })).toEqual([["a"], ["b", "c"]]);
});
