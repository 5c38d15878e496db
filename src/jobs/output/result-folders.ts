/**
 * `--results DIR`: what each job wrote, in files of its own: DIR/1/VALUE/stdout, stderr and seq, a level for each source, as
 * GNU parallel lays them out. A value is one folder's name whatever is in it: none leads out of DIR, none is too long.
 */
import { closeSync, constants, existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { LanesError, usageError } from "../../errors.ts";
import { decodeText, encodeText } from "../../os/bytes/byte-strings.ts";
import { joinPath, systemPath } from "../../os/bytes/paths.ts";
import { placeholderIn } from "../input/placeholder.ts";
import type { JobValues } from "../input/values.ts";

/** Bytes; file systems take 255. */
const NAME_LIMIT = 200;
/** Bytes of a character in UTF-8, at most. */
const LONGEST_CHARACTER = 4;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\0": "\\0", "/": "\\_" };

export class ResultFolders {
  /** Whose the folders are, by the hash of their path: equal values get folders of their own. */
  readonly #owners = new Map<bigint | number, number>();

  /** @throws LanesError (usage) if there is no such folder and it cannot be made. */
  constructor(private readonly folder: string) {
    // Its folders below have their names from the values: a placeholder in its own name is a mistake.
    const placeholder = placeholderIn(folder);
    if (placeholder !== undefined) throw usageError("run.error.resultsName", { path: folder, placeholder });
    // GNU parallel makes a table of it.
    const isTable = /\.(csv|tsv|json)$/i.test(folder);
    if (isTable && !existsSync(systemPath(folder))) throw usageError("run.error.resultsTable", { path: folder });
    try {
      mkdirSync(systemPath(folder), { recursive: true });
    } catch (error) {
      throw usageError("run.error.results", { path: folder, reason: (error as Error).message }, error);
    }
  }

  /**
   * Opens the files of a job, empty. A job that is tried again writes to the same ones: they keep what its last try wrote.
   * @throws LanesError if they cannot be made.
   */
  open(seq: number, values: JobValues): { folder: string; out: number; err: number } {
    const path = this.#pathOf(seq, values);
    try {
      mkdirSync(systemPath(path), { recursive: true });
      writeFileSync(systemPath(joinPath(path, "seq")), `${seq}`);
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;
      const out = openSync(systemPath(joinPath(path, "stdout")), flags, 0o666);
      try {
        return { folder: path, out, err: openSync(systemPath(joinPath(path, "stderr")), flags, 0o666) };
      } catch (error) {
        closeSync(out);
        throw error;
      }
    } catch (error) {
      throw new LanesError("run.error.results", { path, reason: (error as Error).message }, { cause: error });
    }
  }

  #pathOf(seq: number, values: JobValues): string {
    const path = joinPath(this.folder, ...values.flatMap((value, index) => [String(index + 1), folderName(value)]));
    const hash = Bun.hash(systemPath(path));
    const owner = this.#owners.get(hash) ?? seq;
    if (owner !== seq) return `${path}\\#${seq}`;
    this.#owners.set(hash, seq);
    return path;
  }
}

/** A value as the name of a folder; different values have different names. */
export function folderName(value: string): string {
  if (value === "") return "\\-";
  if (value === "." || value === "..") return `\\${value}`;
  const name = value.replace(/[\\\t\n\0/]/g, (char) => ESCAPES[char] ?? char);
  const bytes = encodeText(name);
  if (bytes.length <= NAME_LIMIT) return name;
  const hash = Bun.hash(encodeText(value)).toString(16).padStart(16, "0");
  let end = NAME_LIMIT;
  // A character that the cut goes through is dropped with the rest.
  while (end > NAME_LIMIT - LONGEST_CHARACTER && isContinuation(bytes[end])) end -= 1;
  return `${decodeText(bytes.subarray(0, end))}\\~${hash}`;
}

const isContinuation = (byte = 0) => (byte & 0xc0) === 0x80;
