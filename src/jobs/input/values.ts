/**
 * Where values come from: lists on the command line (`:::`), files (`::::`), stdin. Several sources combine, the last one
 * changing fastest; a `+` links a source to the one before it, and the shorter ends both. The first source is read as it
 * is needed, however long it is; those it is combined with are read once and kept.
 *
 * Always true: nothing is read before it is asked for, so a wrong command line is found out before anything is consumed.
 */
import { usageError } from "../../errors.ts";
import { RecordReader } from "./records.ts";

/** The values of one job: one for each source (more with `--max-args`). */
export type JobValues = readonly string[];

/** One source, as the command line names it. */
export interface ValueSource {
  readonly kind: "list" | "file";
  readonly linked: boolean;
  /** The values of a list; the path of a file (`-`: stdin). */
  readonly words: readonly string[];
}

/** The source where none is named. */
export const stdin: ValueSource = { kind: "file", linked: false, words: ["-"] };

const MARKER = /^(:::|::::)(\+?)$/;
/** Combinations are handed out in batches of about this many. */
const BATCH = 256;

/** Where the command ends and the sources begin. */
export function splitSources(words: readonly string[]): { command: readonly string[]; sources: ValueSource[] } {
  const first = words.findIndex((word) => MARKER.test(word));
  if (first < 0) return { command: words, sources: [] };
  const sources: ValueSource[] = [];
  for (let at = first; at < words.length; ) {
    const [, marker, plus] = MARKER.exec(words[at] ?? "") ?? [];
    let end = at + 1;
    while (end < words.length && !MARKER.test(words[end] ?? "")) end += 1;
    const given = words.slice(at + 1, end);
    const linked = plus === "+";
    if (linked && sources.length === 0) throw usageError("run.error.linked", { marker: words[at] ?? "" });
    if (marker === ":::") sources.push({ kind: "list", linked, words: given });
    else {
      if (given.length === 0) throw usageError("run.error.noFile", { marker: words[at] ?? "" });
      for (const path of given) sources.push({ kind: "file", linked, words: [path] });
    }
    at = end;
  }
  return { command: words.slice(0, first), sources };
}

/**
 * The values of every job, in batches. Files are opened here and now.
 * @param sources none: stdin.
 * @throws LanesError (usage) if a file cannot be opened.
 */
export function readValues(sources: readonly ValueSource[], delimiter: "\n" | "\0"): AsyncGenerator<JobValues[]> {
  const given = sources.length > 0 ? sources : [stdin];
  const groups: Column[][] = [];
  for (const source of given) {
    const column = columnOf(source, delimiter);
    if (source.linked) groups.at(-1)?.push(column);
    else groups.push([column]);
  }
  return combine(groups);
}

/** Whether some of the values are on stdin. */
export function readsStdin(sources: readonly ValueSource[]): boolean {
  return (
    sources.length === 0 ||
    sources.some(({ kind, words }) => kind === "file" && (words[0] === "-" || words[0] === "/dev/stdin"))
  );
}

/** How many rows the sources make, if that can be told without reading: lists alone. */
export function countValues(sources: readonly ValueSource[]): number | null {
  if (sources.length === 0 || sources.some(({ kind }) => kind === "file")) return null;
  return combined(
    sources,
    sources.map(({ words }) => words.length),
  );
}

/** How many rows the sources make that have so many values each: linked ones as many as the shortest, others every combination. */
export function combined(sources: readonly ValueSource[], each: readonly number[]): number {
  const lengths: number[] = [];
  sources.forEach(({ linked }, at) => {
    const length = each[at] ?? 0;
    lengths.push(linked ? Math.min(lengths.pop() ?? 0, length) : length);
  });
  return lengths.reduce((product, length) => product * length, 1);
}

/** Puts rows together, `count` at a time, for `--max-args`: a job gets the values of all of them. */
export async function* grouped(batches: AsyncIterable<JobValues[]>, count: number): AsyncGenerator<JobValues[]> {
  let left: JobValues[] = [];
  for await (const batch of batches) {
    const rows = [...left, ...batch];
    const whole = rows.length - (rows.length % count);
    const groups: JobValues[] = [];
    for (let at = 0; at < whole; at += count) groups.push(rows.slice(at, at + count).flat());
    left = rows.slice(whole);
    if (groups.length > 0) yield groups;
  }
  if (left.length > 0) yield [left.flat()];
}

/** One source being read. */
type Column = () => AsyncGenerator<readonly string[]>;

function columnOf(source: ValueSource, delimiter: "\n" | "\0"): Column {
  if (source.kind === "list") {
    return async function* () {
      yield source.words;
    };
  }
  const reader = new RecordReader(source.words[0] ?? "-", delimiter);
  return async function* () {
    for (;;) {
      const records = await reader.next();
      if (records === null) return;
      yield records;
    }
  };
}

async function* combine(groups: readonly (readonly Column[])[]): AsyncGenerator<JobValues[]> {
  const [first = [], ...others] = groups;
  const rest = await product(others);
  for await (const batch of rowsOf(first)) {
    if (others.length === 0) yield batch;
    else {
      for (const row of batch) {
        for (let at = 0; at < rest.length; at += BATCH) {
          yield rest.slice(at, at + BATCH).map((other) => [...row, ...other]);
        }
      }
    }
  }
}

/** All combinations of the groups that are kept. */
async function product(groups: readonly (readonly Column[])[]): Promise<JobValues[]> {
  let all: JobValues[] = [[]];
  for (const group of groups) {
    const rows = (await Array.fromAsync(rowsOf(group))).flat();
    all = all.flatMap((row) => rows.map((other) => [...row, ...other]));
  }
  return all;
}

/** The rows of linked columns; the shortest ends them. */
async function* rowsOf(columns: readonly Column[]): AsyncGenerator<JobValues[]> {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    for await (const batch of only()) yield batch.map((value) => [value]);
    return;
  }
  const read = await Promise.all(columns.map(async (column) => (await Array.fromAsync(column())).flat()));
  const length = Math.min(...read.map((values) => values.length));
  yield Array.from({ length }, (_, row) => read.map((values) => values[row] ?? ""));
}
