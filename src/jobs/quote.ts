/**
 * Quoting for `sh`: a value put into a line of shell is always data, never code, wherever in the line it stands. The form
 * is GNU parallel's, so that a joblog reads the same.
 */

/** What surrounds a place in a line of shell. */
export type QuoteContext = "plain" | "double" | "single";

const SAFE = /^[-_.+a-zA-Z0-9/]+$/;

/** A word of shell that means this value, in plain context. */
export function shellQuote(value: string): string {
  if (SAFE.test(value)) return value;
  if (value === "") return "''";
  return `'${value.replaceAll("'", `'"'"'`)}'`.replace(/^''(?=.)/s, "").replace(/(?<=.)''$/s, "");
}

/** The same, inside quotes that are open where it is put: they are closed before it and opened again after it. */
export function shellQuoteIn(context: QuoteContext, value: string): string {
  if (context === "plain") return shellQuote(value);
  if (SAFE.test(value) || value === "") return value;
  const quote = context === "double" ? '"' : "'";
  return `${quote}${shellQuote(value)}${quote}`;
}

/**
 * Follows the quotes of a line of shell: told the text piece by piece, it knows in what context the next one stands.
 * Knows quotes, backslashes and command substitution; here-documents and comments are text like any other.
 */
export class QuoteTracker {
  readonly #open: ("double" | "single" | "substitution" | "backtick")[] = [];
  /** The next character is taken literally. */
  escaped = false;

  get context(): QuoteContext {
    const top = this.#open.at(-1);
    return top === "double" || top === "single" ? top : "plain";
  }

  /** Reads one character; `previous` is the one before it. */
  push(char: string, previous: string): void {
    const top = this.#open.at(-1);
    if (this.escaped) this.escaped = false;
    else if (top === "single") {
      if (char === "'") this.#open.pop();
    } else if (char === "\\") this.escaped = true;
    else if (char === '"') this.#toggle("double");
    else if (char === "`") this.#toggle("backtick");
    else if (char === "'" && top !== "double") this.#open.push("single");
    else if (char === "(" && (previous === "$" || top === "substitution")) this.#open.push("substitution");
    else if (char === ")" && top === "substitution") this.#open.pop();
  }

  #toggle(quote: "double" | "backtick"): void {
    if (this.#open.at(-1) === quote) this.#open.pop();
    else this.#open.push(quote);
  }
}
