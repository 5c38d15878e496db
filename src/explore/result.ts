/** What was found, as the document has it. */
import type { ExploredWait, SmallestOrder } from "../recording/results/explore-result.ts";
import { sharedIn } from "./conflicts.ts";
import type { RunReport } from "./control/messages.ts";
import { explain } from "./explain.ts";
import type { RunOutcome } from "./outcome.ts";

/** A run that was made. */
export interface Tried {
  readonly run: number;
  readonly order: string;
  readonly report: RunReport;
  readonly outcome: RunOutcome;
  /** Ended, and right by --check; without one, in what the first run that ended did. */
  readonly right: boolean;
}

/** An outcome, and how often it was. */
export function outcomeEntry({ outcome, order, right }: Tried, count: number) {
  const { key: _, ...known } = outcome;
  return { count, ...known, right, order };
}

/** Why a run went wrong, as far as that can be told. */
export function explanationOf(report: RunReport): SmallestOrder["explanation"] {
  const { steps, moves, end } = report;
  if (end === "deadlock") return { is: "deadlock", waits: exploredWaits(report) };
  return explain(steps, new Set(sharedIn(steps)), moves);
}

export function smallestOf(tried: Tried): SmallestOrder {
  const { report, order } = tried;
  const { steps, processes, switches } = report;
  const pids = new Map(processes.map(({ lane, pid }) => [lane, pid]));
  return {
    order,
    switches,
    processes: processes.map(({ lane, pid, parent, command }) => ({
      lane: `P${lane}`,
      pid,
      ppid: pids.get(parent) ?? process.pid,
      command,
    })),
    steps: steps.map(({ lane, step, call, file, other, how, result, data }) => ({
      lane: `P${lane}`,
      pid: pids.get(lane) ?? 0,
      step,
      call,
      file: other === undefined ? file : `${file} > ${other}`,
      ...(how === undefined ? {} : { how }),
      ...(result === undefined ? {} : { result }),
      ...(data === undefined ? {} : { data }),
    })),
    shared: sharedIn(steps),
    explanation: explanationOf(report),
    outcome: outcomeEntry(tried, 1),
  };
}

export function exploredWaits({ stuck, processes }: RunReport): ExploredWait[] {
  const byLane = new Map(processes.map((process) => [process.lane, process]));
  return stuck.map(({ lane, why, on, by }) => ({
    lane: `P${lane}`,
    pid: byLane.get(lane)?.pid ?? 0,
    command: byLane.get(lane)?.command ?? "",
    why,
    on,
    by: by === 0 ? "" : `P${by}`,
  }));
}
