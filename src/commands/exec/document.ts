/** What came of a program that was watched, as a document; docs/json.md lists its names. */
import type { LaneEvent } from "../../recording/event.ts";

/** One process; times in ms since the program was started. */
interface Lane {
  readonly lane: string;
  readonly pid: number;
  readonly ppid: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startMs: number;
  readonly readyMs: number | null;
  readonly endMs: number | null;
}

export interface ExecDocument {
  readonly v: 1;
  readonly exec: string;
  readonly args: readonly string[];
  readonly ok: boolean;
  readonly elapsedMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly lanes: readonly Lane[];
}

interface Ended {
  readonly file: string;
  readonly args: readonly string[];
  readonly elapsedMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The document, from the recording by time. */
export function execDocument(
  { file, args, elapsedMs, exitCode, signal }: Ended,
  events: readonly LaneEvent[],
): ExecDocument {
  const ok = exitCode === 0;
  return { v: 1, exec: file, args, ok, elapsedMs, exitCode, signal, lanes: lanesOf(events) };
}

function lanesOf(events: readonly LaneEvent[]): Lane[] {
  const lanes = new Map<number, Lane>();
  for (const event of events) {
    const { lane, pid, ppid, t } = event;
    const known = lanes.get(pid);
    if (event.type === "spawn")
      lanes.set(pid, { lane, pid, ppid, exitCode: null, signal: null, startMs: t, readyMs: null, endMs: null });
    else if (event.type === "ready" && known !== undefined) lanes.set(pid, { ...known, ppid, readyMs: t });
    else if (event.type === "exit" && known !== undefined)
      lanes.set(pid, { ...known, exitCode: event.code, signal: event.signal, endMs: t });
  }
  return [...lanes.values()];
}
