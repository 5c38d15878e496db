/** Demo `crash`'s result as facts and pictures. */

import { phrase } from "../../i18n/phrase.ts";
import type { OwnerRecord } from "../../lock/index.ts";
import { durationText } from "../../os/units.ts";
import type { Process } from "../../process/index.ts";
import type { Fact, Picture } from "../define.ts";

export interface CrashResult {
  readonly killedPid: number;
  /** The first that held the lock after the kill. */
  readonly nextPid: number;
  /** From the kill until the next one held the lock. */
  readonly recoveryMs: number;
  /** Whether data.json was readable and right whenever it was read: by each process, and at the end. */
  readonly intact: boolean;
  readonly expected: number;
  readonly actual: number;
  readonly maxHolders: number;
  /** What the lock file said when it was taken over. */
  readonly owner: OwnerRecord | null;
}

const named = (process: Process | undefined) => (process === undefined ? "–" : `${process.name} (${process.pid})`);

/** What a person is told. */
export function crashFacts(result: CrashResult, holder: Process, next: Process | undefined): Fact[] {
  return [
    { label: "demo.crash.fact.killed", value: named(holder) },
    { label: "demo.crash.fact.next", value: named(next) },
    { label: "demo.crash.fact.recovery", value: durationText(result.recoveryMs) },
    { label: "demo.crash.fact.count", value: `${result.actual} / ${result.expected}` },
  ];
}

/** The owner record that was left in the lock file: what tells the next one that its holder is dead. */
export function crashPictures(owner: OwnerRecord | null): Picture[] {
  if (owner === null) return [];
  const { pid, ppid, started, boot, since } = owner;
  const fields = { pid, ppid, started, boot, since: new Date(since).toISOString() };
  return [
    {
      kind: "table",
      columns: [phrase("demo.crash.column.field"), phrase("demo.crash.column.value")],
      rows: Object.entries(fields).map(([field, value]) => [field, String(value)]),
    },
  ];
}
