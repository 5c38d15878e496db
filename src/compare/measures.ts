/** What of a run can be measured again and compared: numbers by name, as they are called in its document. */

import { sum } from "../demos/analysis/numbers.ts";
import type { Demo } from "../demos/define.ts";
import type { DemoDocument } from "../demos/play.ts";
import type { Summary } from "../recording/results/comparison.ts";
import { summarize } from "./statistics.ts";

/** Numbers by name: a field of the document (`elapsedMs`) or of its result (`lost`). */
export type Measures = Readonly<Record<string, number>>;

/** A number that names a process and measures nothing. */
const isPid = (name: string) => /pid$/i.test(name);

/**
 * The measures of one run: how long it took; the CPU time of its processes, if the kernel told of all of them; and what
 * the demo says is worth it (`measures`), or else every number that stands in its result itself, pids apart. Lists and
 * objects in a result are one run's details (an example, a tree, a curve): whoever has means in those says which.
 */
export function measuresOf(demo: Pick<Demo, "measures">, document: DemoDocument): Measures {
  const cpu = document.lanes.map(({ cpuMs }) => cpuMs).filter((cpuMs) => cpuMs !== null);
  const own = demo.measures?.(document.result) ?? Object.fromEntries(Object.entries(document.result).filter(isMeasure));
  return {
    elapsedMs: document.elapsedMs,
    ...(cpu.length === document.lanes.length ? { cpuMs: sum(cpu) } : {}),
    ...Object.fromEntries(Object.entries(own).filter(isMeasure)),
  };
}

function isMeasure(entry: [name: string, value: unknown]): entry is [string, number] {
  return typeof entry[1] === "number" && Number.isFinite(entry[1]) && !isPid(entry[0]);
}

/** What the runs come to, measure by measure, in the order they first appear; one that a run lacks is left out of it. */
export function summaryOf(runs: readonly Measures[]): Readonly<Record<string, Summary>> {
  const values = new Map<string, number[]>();
  for (const run of runs) {
    for (const [name, value] of Object.entries(run)) {
      const list = values.get(name);
      if (list === undefined) values.set(name, [value]);
      else list.push(value);
    }
  }
  return Object.fromEntries([...values].map(([name, list]) => [name, summarize(list)]));
}
