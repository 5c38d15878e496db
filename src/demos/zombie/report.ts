/** Demo `zombie`: what was seen at each moment, what follows from it, and how it is shown. */

import { phrase, type Text } from "../../i18n/phrase.ts";
import type { Vitals } from "../../os/process/process-table.ts";
import { durationText } from "../../os/units.ts";
import type { Check, Fact, Picture } from "../define.ts";

/** The exit code of the process that becomes a zombie. */
export const EXIT_CODE = 7;

/** How long it is looked whether a zombie goes, ms. */
export const PATIENCE_MS = 1_000;

/** What the kernel said of the child at each moment; null: it did not know any such process. */
export interface Looks {
  /** It runs. */
  readonly alive: Vitals | null;
  /** It has exited; its parent is stopped. */
  readonly exited: Vitals | null;
  /** A while after it was sent SIGKILL. */
  readonly killed: Vitals | null;
  /** Its parent goes on, and has asked. */
  readonly collected: Vitals | null;
}

/** A child whose parent never asked, because it was killed. */
export interface Orphaned {
  readonly pid: number;
  readonly before: number;
  /** Whose it was then, if it was still there to be seen. */
  readonly adopter: { readonly pid: number; readonly name: string } | null;
  /** From its parent's end until the kernel did not know it any more; null if it stayed. */
  readonly goneMs: number | null;
  /** Whether it was a zombie when its parent was killed. */
  readonly zombie: boolean;
}

export interface ZombieResult {
  readonly pid: number;
  readonly parentPid: number;
  readonly looks: Looks;
  /** Whether the kernel took the SIGKILL: the pid still belonged to the zombie. */
  readonly killTaken: boolean;
  /** How long it was a zombie, by the record; null if it was not seen as one. */
  readonly zombieMs: number | null;
  /** From when its parent was let go on until the kernel did not know it any more; null if it stayed. */
  readonly collectedMs: number | null;
  /** What its parent was told. */
  readonly exitCode: number | null;
  readonly orphaned: Orphaned;
}

/** What the demo promised, held against what was seen. */
export function zombieChecks({ parentPid, looks, killTaken, exitCode, collectedMs, orphaned }: ZombieResult): Check[] {
  const { alive, exited, killed, collected } = looks;
  const isZombie = (look: Vitals | null) => look?.state === "Z" && look.ppid === parentPid;
  return [
    { label: "demo.zombie.check.zombie", ok: isZombie(exited) && alive !== null && alive.state !== "Z" },
    { label: "demo.zombie.check.memory", ok: exited?.rssKb === 0 && (alive?.rssKb ?? 0) > 0 },
    { label: "demo.zombie.check.killed", ok: killTaken && isZombie(killed) },
    { label: "demo.zombie.check.collected", ok: collected === null && collectedMs !== null && exitCode === EXIT_CODE },
    {
      label: "demo.zombie.check.orphaned",
      ok:
        orphaned.zombie && (orphaned.goneMs !== null || (orphaned.adopter?.pid ?? orphaned.before) !== orphaned.before),
    },
  ];
}

/** Which of the prediction's choices came true. */
export function zombieAnswer({ exited, killed }: Looks): string {
  if (exited === null) return "gone";
  return killed === null ? "killed" : "stays";
}

const kept = (look: Vitals | null) => (look?.exitCode === null || look === null ? "?" : String(look.exitCode));

/** What a person is told. */
export function zombieFacts(result: ZombieResult): Fact[] {
  const { looks, orphaned, pid } = result;
  const state = looks.exited === null ? phrase("demo.zombie.none") : looks.exited.state;
  return [
    { label: "demo.zombie.fact.exited", value: `P1.1 (${pid}): ${state}, ${looks.exited?.rssKb ?? 0} KiB` },
    { label: "demo.zombie.fact.killed", value: looks.killed?.state ?? phrase("demo.zombie.none") },
    { label: "demo.zombie.fact.zombieMs", value: result.zombieMs === null ? "–" : durationText(result.zombieMs) },
    {
      label: "demo.zombie.fact.collected",
      value:
        result.collectedMs === null
          ? phrase("demo.zombie.stays", { seconds: PATIENCE_MS / 1e3 })
          : phrase("demo.zombie.after", { time: durationText(result.collectedMs) }),
    },
    { label: "demo.zombie.fact.exitCode", value: String(result.exitCode ?? "–") },
    { label: "demo.zombie.fact.orphaned", value: orphanedWords(orphaned) },
  ];
}

function orphanedWords({ adopter, goneMs }: Orphaned): Text {
  const by = adopter === null ? null : phrase("demo.zombie.adopter", { name: adopter.name, pid: adopter.pid });
  const end =
    goneMs === null
      ? phrase("demo.zombie.stays", { seconds: PATIENCE_MS / 1e3 })
      : phrase("demo.zombie.after", { time: durationText(goneMs) });
  return by === null ? end : [by, ": ", end];
}

/** What the kernel said at each moment. */
export function zombiePictures({ looks }: ZombieResult): Picture[] {
  const row = (moment: keyof Looks) => {
    const look = looks[moment];
    const name = phrase(`demo.zombie.moment.${moment}`);
    if (look === null) return [name, "–", "–", "–", "–"];
    const code = look.state === "Z" ? kept(look) : "–";
    return [name, look.state, String(look.ppid), String(look.rssKb), code];
  };
  return [
    {
      kind: "table",
      columns: [
        "P1.1",
        phrase("demo.zombie.column.state"),
        phrase("demo.zombie.column.parent"),
        phrase("demo.zombie.column.memory"),
        phrase("demo.zombie.column.code"),
      ],
      rows: [row("alive"), row("exited"), row("killed"), row("collected")],
    },
  ];
}
