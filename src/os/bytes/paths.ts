/**
 * Paths that may be any bytes, as byte-strings. Every path from outside goes to node:fs through {@link systemPath}, and is taken
 * apart and put together here: node:path makes U+FFFD of what is not UTF-8.
 */
import { decodeText, encodeText } from "./byte-strings.ts";
import { currentFolder } from "./bytes.ts";

const fs = () => process.getBuiltinModule("node:fs");
const path = () => process.getBuiltinModule("node:path");

/** A path as node:fs takes it: text, or the bytes where it is not UTF-8. */
export function systemPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : encodeText(path);
}

/** `join` of node:path. */
export const joinPath = (...parts: string[]): string => inBytes((...each) => path().join(...each), parts);
/** `basename` of node:path: the last part. */
export const lastPart = (whole: string): string => inBytes((each = "") => path().basename(each), [whole]);
/** `dirname` of node:path: the folder it is in. */
export const folderPath = (whole: string): string => inBytes((each = "") => path().dirname(each), [whole]);

/** The same path from any folder, without `.`, `..` and doubled slashes: `resolve` of node:path. */
export function absolutePath(whole: string): string {
  const parts = whole.startsWith("/") ? [whole] : [currentFolder(), whole];
  return inBytes((...each) => path().resolve(...each), parts);
}

/** The same file's path without links. @throws what realpath(3) says. */
export function realPath(whole: string): string {
  return decodeText(fs().realpathSync(systemPath(whole), { encoding: "buffer" }));
}

/** Makes a folder of a name that nobody has, which begins with this path. @throws what mkdtemp(3) says. */
export function uniqueFolder(prefix: string): string {
  return decodeText(fs().mkdtempSync(systemPath(prefix) as string, { encoding: "buffer" }));
}

/** What an operation that knows slashes and dots only makes of paths: one character for each byte, where it has to be. */
function inBytes(operate: (...parts: string[]) => string, parts: string[]): string {
  if (parts.every((part) => part.isWellFormed())) return operate(...parts);
  const bytes = parts.map((part) => encodeText(part).toString("latin1"));
  return decodeText(Buffer.from(operate(...bytes), "latin1"));
}
