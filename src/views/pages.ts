/** Sections of text, put on pages that a screen has room for. */

/** The screen that pages are made for. */
export interface Room {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Pages of whole sections with an empty line between them. The last one leaves `below` rows of the screen free for what
 * is drawn under it, the others one; a section that is taller than that is a page by itself. A line that is wider than
 * the screen (a command, which is never broken) takes as many rows as the terminal breaks it into.
 */
export function pagesOf(sections: readonly (readonly string[])[], { rows, columns }: Room, below: number): string[][] {
  const height = (lines: readonly string[]) =>
    lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(Bun.stringWidth(line) / columns)), 0);
  const last: string[] = [];
  let left = sections.length;
  for (; left > 0; left--) {
    const section = sections[left - 1] ?? [];
    if (height(last) + (last.length > 0 ? 1 : 0) + height(section) > rows - below) break;
    last.unshift(...section, ...(last.length > 0 ? [""] : []));
  }
  const pages: string[][] = [];
  for (const section of sections.slice(0, left)) {
    const page = pages.at(-1);
    if (page !== undefined && height(page) + 1 + height(section) < rows) page.push("", ...section);
    else pages.push([...section]);
  }
  return last.length > 0 ? [...pages, last] : pages;
}
