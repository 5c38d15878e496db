/** What the library's functions and classes are called. */

/** Second names of what has another one. */
const ALIASES: ReadonlySet<string> = new Set(["JoinableQueue", "SimpleQueue"]);

/**
 * Gives what is exported its name: the build changes names. Users see these in stack traces, in what console.log prints, as the
 * name of a process.
 */
export function nameAsExported(library: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(library))
    if (typeof value === "function" && value.name !== name && !ALIASES.has(name))
      Object.defineProperty(value, "name", { value: name });
}
