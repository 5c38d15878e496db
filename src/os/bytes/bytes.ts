/**
 * What the system gave this process, byte for byte: its arguments, its environment, its folder. Bun has all of them as text,
 * in which every byte that is not UTF-8 has become U+FFFD. Here such a byte is kept (byte-strings.ts); the system is asked
 * again only where a U+FFFD has been seen, which costs the usual start nothing. One that was really there stays what it is.
 */

import { usageError } from "../../errors.ts";
import { isLinux, procPath } from "../platform.ts";
import { decodeText, isUtf8 } from "./byte-strings.ts";

/** An environment: byte-strings by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const LOST = "\uFFFD";
const fs = () => process.getBuiltinModule("node:fs");

/** The arguments this program was given, without its own name. */
export function givenArguments(): string[] {
  const known = process.argv.slice(2);
  return known.some((word) => word.includes(LOST)) ? restoreArguments(known, rawArguments()) : known;
}

/**
 * The environment: what this process was started with, and whatever it has changed in `process.env` since.
 * The very object `process.env` where nothing in it is in doubt: to be copied, not to be written to.
 */
export function environment(): Environment {
  const known = process.env;
  for (const name in known) {
    if (name.includes(LOST) || known[name]?.includes(LOST)) return restoreEnvironment(known, rawEnvironment());
  }
  return known;
}

/** The folder this process is in. @throws LanesError (usage) `error.folderGone`. */
export function currentFolder(): string {
  let known: string;
  try {
    known = process.cwd();
  } catch (error) {
    throw usageError("error.folderGone", {}, error);
  }
  if (!known.includes(LOST)) return known;
  try {
    return decodeText(
      isLinux ? fs().readlinkSync(procPath("self/cwd"), { encoding: "buffer" }) : macStrings().folderBytes(),
    );
  } catch {
    return known; // no /proc
  }
}

/** The folder for temporary files. */
export function temporaryFolder(): string {
  const known = process.getBuiltinModule("node:os").tmpdir();
  if (!known.includes(LOST)) return known;
  const { TMPDIR, TMP, TEMP } = environment();
  const folder = [TMPDIR, TMP, TEMP].find(Boolean) ?? known;
  return folder.length > 1 ? folder.replace(/\/$/, "") : folder;
}

/**
 * The last of the raw arguments, as many as are known. (Before them stand the program's name and, from source, its script and
 * Bun's options.) One that is not what Bun made of the same bytes stays as Bun has it.
 */
export function restoreArguments(known: readonly string[], raw: readonly Buffer[]): string[] {
  const offset = raw.length - known.length;
  return known.map((word, at) => {
    const bytes = raw[offset + at];
    return bytes !== undefined && isReading(word, bytes) ? decodeText(bytes) : word;
  });
}

/** What `raw` says of the environment, but for what has been changed, added or taken away since: there `known` is right. */
export function restoreEnvironment(known: Environment, raw: readonly Buffer[]): Environment {
  const readings = new Map(Object.keys(known).map((name) => [collapsed(name), name]));
  const restored: Record<string, string | undefined> = {};
  for (const entry of raw) {
    const at = entry.indexOf("=", 1);
    const name = entry.subarray(0, at);
    const readName = readings.get(reading(name));
    if (at < 0 || readName === undefined) continue;
    const value = entry.subarray(at + 1);
    // Bun has no value for a name that is not UTF-8: it cannot have been changed.
    const unchanged = !isUtf8(name) || isReading(known[readName] ?? "", value);
    restored[decodeText(name)] = unchanged ? decodeText(value) : known[readName];
  }
  const told = new Set(raw.map((entry) => reading(entry.subarray(0, entry.indexOf("=", 1)))));
  for (const name in known) if (!told.has(collapsed(name))) restored[name] = known[name];
  return restored;
}

/** Whether Bun may have made this text of these bytes. (How many U+FFFD stand for how many bytes is left open.) */
const isReading = (text: string, bytes: Buffer) => collapsed(text) === reading(bytes);
const reading = (bytes: Buffer) => collapsed(bytes.toString("utf8"));
const collapsed = (text: string) => (text.includes(LOST) ? text.replace(/\uFFFD+/g, LOST) : text);

const rawArguments = () => (isLinux ? procStrings("cmdline") : macStrings().givenStrings());
const rawEnvironment = () => (isLinux ? procStrings("environ") : macStrings().environmentStrings());

/** Loaded where it is needed only: it takes as long as a short command. */
const macStrings = () => require("./mac-strings.ts") as typeof import("./mac-strings.ts");

/** The strings in a file of /proc/self; none where that is not there. */
function procStrings(name: "cmdline" | "environ"): Buffer[] {
  try {
    return splitStrings(fs().readFileSync(procPath(`self/${name}`)));
  } catch {
    return [];
  }
}

/** Strings that end with a NUL each. */
export function splitStrings(block: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  for (let at = 0; at < block.length; ) {
    const end = block.indexOf(0, at);
    const next = end < 0 ? block.length : end;
    strings.push(block.subarray(at, next));
    at = next + 1;
  }
  return strings;
}
