/** The chart as the page's script takes it. */
import { t } from "../i18n/index.ts";
import { type Chart, type ChartLane, type ChartSeries, chartStates } from "./chart/chart.ts";
import { chartStateText, segmentText } from "./chart/words.ts";
import type { PageData, PageLane, PageSeries } from "./page/data.ts";

const states = [...chartStates, "mixed"] as const;
const us = (ms: number) => Math.round(ms * 1e3);

/** The chart for the page: whole µs, and texts by number. */
export function pageData(chart: Chart): PageData {
  const texts = new Texts();
  return {
    endMs: chart.endMs,
    lanes: chart.lanes.map((lane) => laneData(lane, chart, texts)),
    states: states.map(chartStateText),
    classes: states,
    steps: chart.steps.flatMap(({ ms, lane, text }) => [ms, lane, texts.number(text)]),
    series: chart.series.map(seriesData),
    locks: chart.locks.map(seriesData),
    words: {
      pid: "pid",
      colon: t("export.colon"),
      at: t("export.at"),
      step: t("export.step"),
      idle: t("export.idle"),
      notYet: t("export.notYet"),
      ended: t("view.now.ended"),
    },
    texts: texts.all,
  };
}

function seriesData({ points }: ChartSeries): PageSeries {
  return { points: points.flatMap(([ms, value]) => [us(ms), value]) };
}

/** Texts, each once. */
class Texts {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.all.length);
    return this.all.push(text) - 1;
  }
}

function laneData({ name, pid, lives, segments }: ChartLane, { unit, endMs }: Chart, texts: Texts): PageLane {
  const begins = [lives[0]?.fromMs, segments[0]?.fromMs].filter((ms) => ms !== undefined);
  const ends = [lives.at(-1)?.toMs, segments.at(-1)?.toMs].filter((ms) => ms !== undefined);
  return {
    name,
    pid,
    // A slot for jobs is there from the beginning to the end.
    fromMs: unit === "jobs" ? 0 : Math.min(...begins, Number.MAX_VALUE),
    toMs: unit === "jobs" ? endMs * 2 : Math.max(0, ...ends),
    ending: unit === "stretches" ? (lives.at(-1)?.ending ?? "") : "",
    segments: segments.flatMap((segment) => [
      us(segment.fromMs),
      us(segment.toMs),
      states.indexOf(segment.state),
      texts.number(segmentText(segment, unit)),
      segment.pid === pid ? 0 : segment.pid,
    ]),
  };
}
