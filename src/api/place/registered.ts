/** Functions and classes that were given a name: for programs whose files cannot be loaded again as they are, such as bundles. */
import type { Named } from "./place.ts";

const byName = new Map<string, Named>();
const places = new Map<Named, { readonly file: string; readonly name: string }>();

/** Gives functions a name by which a child finds them that loads `file`, which has to do the same there. */
export function registerIn(file: string, functions: Readonly<Record<string, Named>>): void {
  for (const [name, named] of Object.entries(functions)) {
    byName.set(name, named);
    places.set(named, { file, name });
  }
}

/** The name that was given to it, and the file that gave it. */
export const registered = (named: Named) => places.get(named);

export const registeredAs = (name: string): Named | undefined => byName.get(name);
