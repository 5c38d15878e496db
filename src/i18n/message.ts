/**
 * The message format: `{name}` is replaced by a value; `{n:process|processes}` by the first word if the value is 1, by the
 * second otherwise. Braces around anything that is not a name (`{}`, `{.}`, `{1}`: placeholders of `lanes run`) stay as
 * they are. The types below read the names out of a message, so a missing or misspelt value does not compile.
 *
 * Values may come from anywhere, so each is shown as printable.ts does, on one line; only a list of lines is put in as lines.
 */
import { printable, printableLines } from "../os/bytes/printable.ts";

type Letter<S extends string> = S extends `${infer C}${string}`
  ? Lowercase<C> extends Uppercase<C>
    ? never
    : C
  : never;
type NameIn<S extends string> = S extends `${infer N}:${string}` ? NameIn<N> : Letter<S> extends never ? never : S;
type NamesOf<S extends string> = S extends `${string}{${infer N}}${infer Rest}` ? NameIn<N> | NamesOf<Rest> : never;

/** What is put into a message: a text on one line, a number, the lines of a text that is to be read as lines, another message. */
export type MessageValue = string | number | readonly string[] | Inner;

/** A message within another: its key, and its own values. */
interface Inner {
  readonly key: string;
  readonly params?: Readonly<Record<string, MessageValue>>;
}

/** The values a message needs, by name. */
export type MessageValues<S extends string> = { readonly [N in NamesOf<S>]: MessageValue };

/** Puts values into a message, with escapes for what must not reach a terminal. @param say words a message within it. */
export function format(
  message: string,
  values: Readonly<Record<string, MessageValue>>,
  say: (inner: Inner) => string = ({ key }) => key,
): string {
  if (!message.includes("{")) return message;
  return message.replace(
    /\{([A-Za-z][A-Za-z0-9]*)(?::([^|{}]*)\|([^{}]*))?\}/g,
    (whole, name: string, one?: string, many?: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return one === undefined ? shown(value, say) : Number(value) === 1 ? one : (many ?? "");
    },
  );
}

function shown(value: MessageValue, say: (inner: Inner) => string): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return printable(value);
  return "key" in value ? printable(say(value)) : printableLines(value);
}

/** The names a message needs, sorted: what both languages must agree on. */
export function namesIn(message: string): string[] {
  return [
    ...new Set([...message.matchAll(/\{([A-Za-z][A-Za-z0-9]*)(?::[^{}]*)?\}/g)].map((match) => match[1]!)),
  ].sort();
}
