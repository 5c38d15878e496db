/** Sections of text, put on pages that a screen has room for. */

/**
 * Pages of whole sections with an empty line between them. The last one leaves `below` rows of the screen free for what
 * is drawn under it, the others one; a section that is taller than that is a page by itself.
 */
export function pagesOf(sections: readonly (readonly string[])[], rows: number, below: number): string[][] {
  const last: string[] = [];
  let left = sections.length;
  for (; left > 0; left--) {
    const section = sections[left - 1] ?? [];
    const height = last.length + (last.length > 0 ? 1 : 0) + section.length;
    if (height > rows - below) break;
    last.unshift(...section, ...(last.length > 0 ? [""] : []));
  }
  const pages: string[][] = [];
  for (const section of sections.slice(0, left)) {
    const page = pages.at(-1);
    if (page !== undefined && page.length + 1 + section.length < rows) page.push("", ...section);
    else pages.push([...section]);
  }
  return last.length > 0 ? [...pages, last] : pages;
}
