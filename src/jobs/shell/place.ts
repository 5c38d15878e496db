/** Where in a text for a shell a placeholder stands: what there has to be done to a value so that it stays data. */

/** Why no value may stand in a place. */
export type Unfit =
  | "arithmetic"
  | "code"
  | "parameter"
  | "dollar"
  | "tilde"
  | "duplicate"
  | "delimiter"
  | "quotedBody"
  | "glued"
  | "ansi"
  | "unknown";

/** How deep in backticks a place is: each level takes away a backslash before `\`, `` ` `` and `$`. */
interface Nested {
  readonly backticks: number;
}

/** In a command, or in quotes that are open there. */
export interface WordPlace extends Nested {
  readonly kind: "plain" | "double" | "single" | "ansi";
  /** The text before it would take in letters that are not quoted: `$name`. */
  readonly glued: boolean;
  /** A number here, not quoted, would say which descriptor is redirected: `{}>file`. */
  readonly redirects: boolean;
  /** A parenthesis opens right after it: with `+` before, that is a pattern. */
  readonly opens: boolean;
  /**
   * How a newline is written. After `<<WORD` on the same line some shells begin to read the here-document at the next one, in
   * quotes or not, so there must be none: `$'\n'`, or where that is not known, `$(printf '\n…')`.
   */
  readonly newline: "itself" | "ansi" | "printf";
  /** Within a here-document: no line of it may come to be the delimiter, or begin with a tab. */
  readonly inBody: boolean;
  /** It is the first word after a complete command, and so would be a command itself. */
  readonly startsCommand: boolean;
}

/** In the body of a here-document, where `$`, `\` and `` ` `` mean something and quotes do not. */
export interface BodyPlace extends Nested {
  readonly kind: "body";
  readonly delimiter: string;
  /** `<<-`: tabs at the beginning of a line are taken away. */
  readonly stripsTabs: boolean;
  /** Nothing but tabs before it on its line. */
  readonly beginsLine: boolean;
  /** What is before it on its line could, with the right value, become the delimiter. */
  readonly mayDelimit: boolean;
}

export type ShellPlace =
  | WordPlace
  | BodyPlace
  /** Where nothing is read by the shell. `nested`: within something whose end is looked for in it. */
  | { readonly kind: "comment"; readonly nested: boolean }
  /** After a backslash: its braces are braces. */
  | { readonly kind: "text" }
  /** No value, but where `number` is set one that lanes counts itself: `$(( {#} * 2 ))`. */
  | { readonly kind: "unfit"; readonly why: Unfit; readonly number: boolean };

/** A placeholder to be placed. */
export interface Placeable {
  /** As it was written. */
  readonly text: string;
  place?: ShellPlace;
}

/** A text as its characters and placeholders. */
export type TextCell = string | Placeable;
