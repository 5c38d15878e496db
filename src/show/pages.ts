/** Sections of text, put on pages that a screen has room for. */

/** Lines that belong together. */
export type Section = readonly string[];

/** The screen that pages are made for. */
export interface PageSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Pages of whole sections, for {@link pageLines}. The last one leaves `below` rows of the screen free for what
 * is drawn under it, the others one; a section that is taller than that is a page by itself. A line that is wider than
 * the screen (a command, which is never broken) takes as many rows as the terminal breaks it into.
 */
export function pagesOf(sections: readonly Section[], { rows, columns }: PageSize, below: number): Section[][] {
  const height = (page: readonly Section[]) =>
    pageLines(page).reduce((sum, line) => sum + Math.max(1, Math.ceil(Bun.stringWidth(line) / columns)), 0);
  let left = sections.length;
  while (left > 0 && height(sections.slice(left - 1)) <= rows - below) left--;
  const pages: Section[][] = [];
  for (const section of sections.slice(0, left)) {
    const page = pages.at(-1);
    if (page !== undefined && height([...page, section]) < rows) page.push(section);
    else pages.push([section]);
  }
  return left < sections.length ? [...pages, sections.slice(left)] : pages;
}

/** A page's lines: its sections with an empty line between them. */
export function pageLines(page: readonly Section[]): string[] {
  return page.flatMap((section, i) => (i === 0 ? section : ["", ...section]));
}
