/** Fitting text into columns: widths are what a terminal shows, so a Chinese character counts two. */

const width = (text: string) => Bun.stringWidth(text);

/** At most `columns` wide: what does not fit is cut, and `ellipsis` says so. */
export function truncate(text: string, columns: number, ellipsis = ""): string {
  if (width(text) <= columns) return text;
  const room = Math.max(0, columns - width(ellipsis));
  let cut = Bun.sliceAnsi(text, 0, room);
  // A wide character that straddles the cut comes along, and one of several code points may be wider than it thinks.
  for (let less = 1; width(cut) > room; less++) cut = Bun.sliceAnsi(text, 0, Math.max(0, room - less));
  return cut + (columns > 0 ? ellipsis : "");
}

/** Exactly `columns` wide, cut or filled up at the end. */
export function fit(text: string, columns: number, ellipsis = ""): string {
  const cut = truncate(text, columns, ellipsis);
  return cut + " ".repeat(Math.max(0, columns - width(cut)));
}

/** Exactly `columns` wide, filled up in front. */
export function fitRight(text: string, columns: number, ellipsis = ""): string {
  const cut = truncate(text, columns, ellipsis);
  return " ".repeat(Math.max(0, columns - width(cut))) + cut;
}

/** `left` and `right` at the two ends of a line; `left` gives way. */
export function justify(left: string, right: string, columns: number, ellipsis = ""): string {
  const room = Math.max(0, columns - width(right) - 1);
  return `${fit(left, room, ellipsis)} ${right}`.trimEnd();
}

/** The widest of them. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, width(text)), 0);
}

/** Words, runs of spaces, and wide characters one by one, each with the punctuation that must not begin a line. */
const pieces =
  /\s+|[^\s\u2e80-\uffef]+[，。、；：！？）】」』”]*|[（【「『“]*[\u2e80-\uffef][，。、；：！？）】」』”]*/g;

/**
 * Lines of at most `columns`, broken at spaces and between wide characters, as Chinese is; a word longer than a line is
 * broken where the line ends. Line breaks in the text stay. `indent` goes before every line but the first.
 */
export function wrap(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = lines.length > 0 ? indent : "";
    for (const piece of paragraph.match(pieces) ?? []) {
      if (width(line) + width(piece.trimEnd()) <= columns) {
        line += piece;
        continue;
      }
      if (line.trim() !== "") {
        lines.push(line.trimEnd());
        line = indent;
      }
      let rest = piece.trimStart();
      while (width(line) + width(rest) > columns && width(line) < columns - 1) {
        const part = truncate(rest, columns - width(line));
        lines.push(line + part);
        rest = rest.slice(part.length);
        line = indent;
      }
      line += rest;
    }
    lines.push(line.trimEnd());
  }
  return lines;
}
