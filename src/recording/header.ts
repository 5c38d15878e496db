/**
 * The first event of every JSONL stream: what the stream is a recording of. With it a stream that was kept can be read
 * on its own, by a later lanes too: `v` changes when what the events mean does.
 */
import { version } from "../version.ts";
import type { Stamp } from "./event.ts";

/** The version of the events this lanes writes and reads. */
export const RECORDING_VERSION = 1;

/** What is recorded. */
export interface Recorded {
  readonly of: "demo" | "run" | "map";
  /** The demo's name. */
  readonly demo?: string;
  readonly params?: Readonly<Record<string, number | string>>;
  /** What the lanes' reads and writes are of, if they share it, and what it should reach. */
  readonly shared?: { readonly label: string; readonly expected: number };
}

export interface RecordingHeader extends Stamp, Recorded {
  readonly type: "recording";
  readonly v: typeof RECORDING_VERSION;
  /** The version of the lanes that wrote it. */
  readonly lanes: string;
}

/** The header of a recording that begins in this process. */
export function recordingHeader({ of, ...what }: Recorded): RecordingHeader {
  const stamp = { t: 0, lane: "main", pid: process.pid, ppid: process.ppid };
  return { type: "recording", v: RECORDING_VERSION, ...stamp, of, ...what, lanes: version };
}

/** The header as the line it is in a stream. */
export function headerLine(what: Recorded): string {
  return `${JSON.stringify(recordingHeader(what))}\n`;
}
