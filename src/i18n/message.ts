/**
 * The message format: `{name}` is replaced by a value; `{n:process|processes}` by the first word if the value is 1, by the
 * second otherwise. Braces around anything that is not a name (`{}`, `{.}`, `{1}`: placeholders of `lanes run`) stay as
 * they are. The types below read the names out of a message, so a missing or misspelt value does not compile.
 */

type Letter<S extends string> = S extends `${infer C}${string}`
  ? Lowercase<C> extends Uppercase<C>
    ? never
    : C
  : never;
type NameIn<S extends string> = S extends `${infer N}:${string}` ? NameIn<N> : Letter<S> extends never ? never : S;
type NamesOf<S extends string> = S extends `${string}{${infer N}}${infer Rest}` ? NameIn<N> | NamesOf<Rest> : never;

/** The values a message needs, by name. */
export type Values<S extends string> = { readonly [N in NamesOf<S>]: string | number };

/** Puts values into a message. */
export function format(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(
    /\{([A-Za-z][A-Za-z0-9]*)(?::([^|{}]*)\|([^{}]*))?\}/g,
    (whole, name: string, one?: string, many?: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return one === undefined ? String(value) : Number(value) === 1 ? one : (many ?? "");
    },
  );
}

/** The names a message needs, sorted: what both languages must agree on. */
export function namesIn(message: string): string[] {
  return [
    ...new Set([...message.matchAll(/\{([A-Za-z][A-Za-z0-9]*)(?::[^{}]*)?\}/g)].map((match) => match[1]!)),
  ].sort();
}
