/** Who waits for whom, when nobody can go on. */
import { Holders } from "../../trace/holders.ts";
import { Processes } from "../../trace/processes.ts";
import { waitingOf } from "../../trace/waits.ts";
import type { Scope } from "./calls.ts";
import type { Stuck } from "./messages.ts";
import type { ControlledTask, Program } from "./tasks.ts";

/** One line for each process that waits, by its first thread; and whether there is one that does not. */
export function stuckOf(
  tasks: readonly ControlledTask[],
  programs: readonly Program[],
  scope: Scope,
): { readonly stuck: Stuck[]; readonly runs: boolean } {
  const processes = new Processes([]);
  const pids = new Map(programs.map(({ lane, pid }) => [lane, pid]));
  const live = tasks.filter((task) => !task.isThread).map(({ program }) => program);
  for (const { pid, parent, command } of live) {
    const traced = processes.begin(pid, pids.get(parent) ?? 0, 0);
    processes.execute(traced, command, 0);
  }
  const holders = new Holders(processes.live);
  const laneOf = (pid: number) => live.find((program) => program.pid === pid)?.lane ?? 0;
  const found = live.flatMap(({ pid, lane }) => {
    const traced = processes.live.get(pid);
    const waiting = traced === undefined ? "runs" : waitingOf(traced, false, holders, 0);
    if (waiting === "runs" || traced === undefined) return [];
    processes.waits(traced, waiting, 0); // who waits for a thing does not hold it
    return [{ lane, waiting }];
  });
  const stuck = found.map(({ lane, waiting: { why, on, by } }) => ({
    lane,
    why,
    on: on.startsWith("/") ? (scope.file(on) ?? on) : /^(pipe|socket):/.test(on) ? scope.pipe(on) : on,
    by: laneOf(by),
  }));
  return { stuck, runs: stuck.length < live.length };
}
