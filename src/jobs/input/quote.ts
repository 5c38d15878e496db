/**
 * Quoting for a shell: a value put into a text for it is always data, never code, wherever in the text it stands. The form
 * is GNU parallel's, so that a joblog reads the same.
 */
import type { BodyPlace, ShellPlace, WordPlace } from "../shell/place.ts";

const SAFE = /^[-_.+a-zA-Z0-9/]+$/;
/** Where they come first in a command, they are no words like others. */
const RESERVED = new Set(
  "if then elif else fi for select foreach in while until repeat do done end case esac function time coproc always nocorrect noglob".split(
    " ",
  ),
);
/** It stands for nothing, in every shell: what is between it and its neighbours keeps them apart. */
const NOTHING = "${x+}";
/** Where a line begins as the delimiter does, dash 0.5.12 loses the byte after it if it is one of these. */
const NOT_ASCII = /[^\0-\x7f]/;

/** A word of shell that means this value, where no quotes are open. */
export function shellQuote(value: string): string {
  if (SAFE.test(value)) return value;
  if (value === "") return "''";
  return `'${value.replaceAll("'", `'"'"'`)}'`.replace(/^''(?=.)/s, "").replace(/(?<=.)''$/s, "");
}

/**
 * What has to stand in a place of a text to mean these values there.
 * @param place none that is `unfit` or `text`: nothing can be put there.
 */
export function quoteAt(place: Exclude<ShellPlace, { kind: "unfit" | "text" }>, values: readonly string[]): string {
  if (place.kind === "comment") return values.map(shellQuote).join(" ").replaceAll("\n", " ");
  const quoted = place.kind === "body" ? inBody(place, values.join(" ")) : inWord(place, values);
  let text = quoted;
  for (let level = place.backticks; level > 0; level -= 1) text = text.replace(/[\\`$]/g, "\\$&");
  return text;
}

/** Whether there are values that a place cannot take. */
export function isChoosy(place: ShellPlace | undefined): boolean {
  return place !== undefined && "newline" in place && place.newline === "printf";
}

/** Whether a place can take a value: where a newline cannot be written, none that ends with one. */
export function takes(place: ShellPlace, value: string): boolean {
  return !isChoosy(place) || !value.endsWith("\n");
}

function inWord(place: WordPlace, values: readonly string[]): string {
  const word = (value: string) => (isCommon(place, value) ? shellQuote(value) : wordOf(place, value));
  const value = values.join(" ");
  switch (place.kind) {
    case "plain":
      return values.map(word).join(" ");
    case "ansi":
      return `'${wordOf(place, value)}$'`;
    case "double":
    case "single": {
      if (isCommon(place, value) && (SAFE.test(value) || value === "")) return value;
      const quote = place.kind === "double" ? '"' : "'";
      return `${quote}${word(value)}${quote}`;
    }
  }
}

/** Whether the value can be quoted, or left without quotes, as GNU parallel does it. */
function isCommon({ kind, glued, inBody, newline, redirects, opens }: WordPlace, value: string): boolean {
  if (glued || inBody || (newline !== "itself" && value.includes("\n"))) return false;
  return (
    kind !== "plain" || !(RESERVED.has(value) || (redirects && /^\d+$/.test(value)) || (opens && value.endsWith("+")))
  );
}

/**
 * A word in quotes, whatever it is. In a here-document no line of it is only what a line of the value is, and none ends with
 * a backslash: that would join it to the next one, in quotes or not.
 */
function wordOf({ newline, inBody }: WordPlace, value: string): string {
  const text = value.replaceAll("'", `'"'"'`);
  switch (newline) {
    case "itself":
      return `'${inBody ? text.replaceAll("\n", "''\n''") : text}'`;
    case "ansi":
      return `'${text.split("\n").join(`'$'\\n''`)}'`;
    case "printf":
      // What follows is part of it: a substitution loses newlines at its end.
      return `'${value
        .split(/(\n+[^\n])/u)
        .map((part) => (part.startsWith("\n") ? byPrintf(part) : part.replaceAll("'", `'"'"'`)))
        .join("")}'`;
  }
}

/** Newlines and a character after them, within single quotes. */
function byPrintf(part: string): string {
  const character = part.replaceAll("\n", "");
  const quoted = character === "'" ? `"'"` : `'${character}'`;
  return `'"$(printf '${"\\n".repeat(part.length - character.length)}%s' ${quoted})"'`;
}

/** The text of a here-document that means this value. */
function inBody({ delimiter, stripsTabs, beginsLine, mayDelimit }: BodyPlace, value: string): string {
  const lines = value.replace(/[\\$`]/g, "\\$&").split("\n");
  return lines
    .map((line, index) => {
      const first = index === 0;
      const last = index === lines.length - 1;
      const begins = !first || beginsLine;
      const delimits = first
        ? mayDelimit && (delimiter.includes(line) || beginsWithEnd(line, delimiter) || NOT_ASCII.test(line))
        : line.startsWith(delimiter) ||
          (last && delimiter.startsWith(line)) ||
          (line.startsWith(delimiter.charAt(0)) && NOT_ASCII.test(line));
      return delimits || (stripsTabs && begins && line.startsWith("\t")) ? NOTHING + line : line;
    })
    .join("\n");
}

/** Whether a line goes on where a delimiter that has begun would: whatever follows, to bash that may be it. */
function beginsWithEnd(line: string, delimiter: string): boolean {
  return Array.from(delimiter, (_, index) => delimiter.slice(index)).some((end) => line.startsWith(end));
}
