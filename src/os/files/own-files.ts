/**
 * Where lanes' own files are: inside the executable, in the folder of the sources, or in that of the npm package, which is a
 * bundle of the library alone (scripts/build/library.ts).
 */

declare const LANES_LIBRARY: string | undefined;

/** This is the library of the npm package, in a process of plain Bun. */
export const isLibrary = typeof LANES_LIBRARY === "string";

/** What the paths of all of lanes' own files begin with. The bundle's chunks, of which this is in one, lie at its top. */
export const ownRoot =
  Bun.isStandaloneExecutable && !isLibrary
    ? "/$bunfs/"
    : `${isLibrary ? import.meta.dir : import.meta.dir.slice(0, -"/os/files".length)}/`;

/**
 * What a Worker is given to run a file of lanes' own, named from the root of the sources, without its ending.
 * In the executable and in the library it has to be an entry point (scripts/build).
 */
export function ownThread(name: string): string {
  if (Bun.isStandaloneExecutable && !isLibrary) return `./${name}.ts`;
  return Bun.pathToFileURL(`${ownRoot}${name}.${isLibrary ? "js" : "ts"}`).href;
}
