/** What can be stepped through: every event where there are not too many, else a fair choice of them. */
import { t } from "../../i18n/index.ts";
import type { ChartLane, ChartSegment, Mark } from "./chart.ts";
import { chartStateText } from "./words.ts";

const MOST = 5_000;

/** Whether the event at this place among so many is one of those to stop at. */
export function isStep(index: number, of: number): boolean {
  const every = Math.max(1, of / MOST);
  return index === 0 || Math.floor(index / every) > Math.floor((index - 1) / every);
}

/** Where the segments of some lanes begin and end, in the order of time; of very many, some. `of`: how many there are. */
export function edgeSteps(lanes: readonly ChartLane[]): { steps: readonly Mark[]; of: number } {
  const all = edges(lanes).sort((a, b) => a.ms - b.ms);
  return { steps: all.filter((_, i) => isStep(i, all.length)), of: all.length };
}

function edges(lanes: readonly ChartLane[]): Mark[] {
  return lanes.flatMap(({ segments }, lane) =>
    segments.flatMap((segment): Mark[] => [
      { ms: segment.fromMs, lane, text: t("export.step.begins", { what: whatOf(segment) }) },
      { ms: segment.toMs, lane, text: t("export.step.ends", { what: whatOf(segment) }) },
    ]),
  );
}

const whatOf = ({ label, state }: ChartSegment) => (label === "" ? chartStateText(state) : label);
