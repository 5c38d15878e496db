/** Demo `race`'s result as facts and pictures, and why it came out so. */

import type { MessageKey } from "../../i18n/phrase.ts";
import { phrase } from "../../i18n/phrase.ts";
import { durationText, percentText } from "../../os/units.ts";
import { type Interval, longestMs } from "../analysis/intervals.ts";
import type { LostUpdate } from "../analysis/lost-update.ts";
import type { Fact, Picture } from "../define.ts";

export interface RaceResult {
  readonly mode: string;
  readonly expected: number;
  /** The count in the file at the end; 0 if the file was left unreadable. */
  readonly actual: number;
  readonly lost: number;
  /** How often a process found the file empty, half-written or damaged. */
  readonly unreadable: number;
  /** Whether the file was readable when all had ended. */
  readonly leftReadable: boolean;
  /** The most processes that held the lock at one and the same moment, by the record; 0 without the lock. */
  readonly maxHolders: number;
  /** Null if nothing was lost. */
  readonly example: LostUpdate | null;
}

/** What a person is told; `waits` for the lock, if there was one. */
export function raceFacts(
  { expected, actual, lost, unreadable, maxHolders }: RaceResult,
  waits: readonly Interval[] | undefined,
): Fact[] {
  const share = lost > 0 ? ` (${percentText(lost / expected)})` : "";
  return [
    { label: "demo.race.fact.count", value: `${actual} / ${expected}` },
    { label: "demo.race.fact.lost", value: `${lost}${share}` },
    { label: "demo.race.fact.unreadable", value: `${unreadable}` },
    ...(waits === undefined
      ? []
      : [
          { label: "demo.mutex.fact.holders", value: `${maxHolders}` } as const,
          { label: "demo.mutex.fact.longestWait", value: durationText(longestMs(waits)) } as const,
        ]),
  ];
}

/** Why, where nothing was lost: one process has nobody to overwrite it, several had the lock, or were lucky. */
export function raceWhy({ lost }: RaceResult, procs: number, locked: boolean): { why?: MessageKey } {
  if (lost > 0) return {};
  if (procs === 1) return { why: "demo.race.why.alone" };
  return { why: locked ? "demo.race.why.locked" : "demo.race.why.lucky" };
}

/** What was made and what survived, and one lost update, if there is one, line by line in the order of time. */
export function racePictures({ expected, actual, example }: RaceResult): Picture[] {
  const rows = [
    { label: phrase("demo.race.bar.expected"), value: expected },
    { label: phrase("demo.race.bar.actual"), value: actual },
  ];
  const bars: Picture = { kind: "bars", unit: "", rows };
  return example === null ? [bars] : [bars, pictureOf(example)];
}

function pictureOf({ reads, writes }: LostUpdate): Picture {
  const rows = [...reads, ...writes].toSorted((a, b) => a.t - b.t);
  return {
    kind: "table",
    columns: [
      phrase("demo.race.column.time"),
      phrase("demo.race.column.process"),
      phrase("demo.race.column.access"),
      phrase("demo.race.column.value"),
    ],
    rows: rows.map((access) => [
      access.t.toFixed(3),
      `${access.lane} (${access.pid})`,
      phrase(access === writes[1] ? "demo.race.access.overwrite" : `demo.race.access.${access.type}`),
      String(access.value),
    ]),
  };
}
