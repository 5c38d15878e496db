/**
 * Where a child finds a function or a class again: the file that it loads, and the name it has there. A function cannot cross
 * a process boundary; its place can.
 */

export interface FunctionPlace {
  /** An absolute path, links followed. */
  readonly file: string;
  readonly name: string;
  /**
   * `export`: the name it is exported by. `top`: the name it has at the top level of the file, exported or not: the child
   * loads the file with one more export at its end. `registered`: the name it was given to `register` under.
   */
  readonly how: "export" | "top" | "registered";
  /** Of its text: tells another function of the same name from it. */
  readonly hash: string;
}

/** Anything that can be called or made. */
// biome-ignore lint/complexity/noBannedTypes: any function, any class: nothing of it is called here.
export type Named = Function;

/** What a name at the top level is exported as, where a child has loaded a file with one more export. */
const ALIAS = "__lanes_";
export const aliasOf = (name: string): string => ALIAS + name;
export const nameOfAlias = (name: string): string | null => (name.startsWith(ALIAS) ? name.slice(ALIAS.length) : null);

/** Its text, as it was written (but for its types), and not what a `toString` of its own says. */
export const sourceTextOf = (named: Named): string => Function.prototype.toString.call(named);

export const sourceHashOf = (named: Named): string => Bun.hash(sourceTextOf(named)).toString(36);
