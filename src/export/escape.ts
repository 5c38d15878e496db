/**
 * Text put where text of others must not become anything else. Inside a page's elements and quoted attributes, and in SVG as
 * XML; inside a script element; in JSON.
 */
import { linesOf, printableLines } from "../os/bytes/printable.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text for HTML and XML alike, in elements and in quoted attributes. Lines and tabs stay, what else cannot be shown is spelled
 * as printable.ts does; what XML 1.0 cannot hold beside that becomes U+FFFD.
 */
export function escaped(text: string): string {
  return printableLines(linesOf(text))
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** JSON that may stand in a script element: nothing in it ends the element or begins a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
