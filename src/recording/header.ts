/**
 * The first event of every JSONL stream: what the stream is a recording of. With it a stream that was kept can be read
 * on its own, by a later lanes too: `v` changes when what the events mean does.
 */
import { givenArguments } from "../os/bytes/bytes.ts";
import { printableJson } from "../os/bytes/printable.ts";
import { withoutPassword } from "../os/bytes/without-password.ts";
import { version } from "../version.ts";
import { kinds, type RecordingKind, stamp } from "./event.ts";
import {
  count,
  type FieldsOf,
  list,
  ms,
  numberOrText,
  object,
  optional,
  type Raw,
  type Reader,
  readFields,
  record,
  text,
  wrong,
} from "./fields.ts";
import { itemUnit } from "./results/map-result.ts";

/** The version of the events this lanes writes and reads. */
export const RECORDING_VERSION = 1;

const kind: Reader<RecordingKind> = (value, name) =>
  typeof value === "string" && Object.hasOwn(kinds, value) ? (value as RecordingKind) : wrong(name, value);

/** What is recorded. */
const recorded = {
  of: kind,
  /** The demo's name. */
  demo: optional(text),
  params: optional(record(numberOrText)),
  /** What the lanes' reads and writes are of, if they share it, and what it should reach. */
  shared: optional(object({ label: text, expected: ms })),
  /** What a map's items are called: lines of the input, or arguments. */
  unit: optional(itemUnit),
};
export type Recorded = FieldsOf<typeof recorded>;

const header = {
  v: count,
  ...stamp,
  ...recorded,
  /** The command line, `lanes` first. A byte that is not UTF-8 is a lone surrogate (os/bytes/byte-strings.ts). */
  argv: optional(list(text)),
  /** The version of the lanes that wrote it. */
  lanes: text,
};
export type RecordingHeader = FieldsOf<typeof header>;

interface ProcessIds {
  readonly pid: number;
  readonly ppid: number;
}

/** The command line of this process, as it is recorded: a recording is shown to others. */
export function typedArguments(): string[] {
  return ["lanes", ...givenArguments().map(withoutPassword)];
}

/**
 * The header of a recording that begins in this process.
 * @param main the process of lane `main`, where it is another one.
 */
export function headerOf({ of, ...what }: Recorded, { pid, ppid }: ProcessIds = process): RecordingHeader {
  const where = { t: 0, lane: "main", pid, ppid };
  return { v: RECORDING_VERSION, ...where, of, ...what, argv: typedArguments(), lanes: version };
}

/** {@link headerOf} as the line it is in a stream. */
export function headerLine(what: Recorded, main?: ProcessIds): string {
  return `${printableJson({ type: "recording", ...headerOf(what, main) })}\n`;
}

/** Reads a header of this version. @throws Flaw. */
export function readHeader(raw: Raw): RecordingHeader {
  return readFields(header, raw);
}
