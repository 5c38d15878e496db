/** `lanes lock status` and `lanes lock break`: who holds a lock, or the slots of one; removing what nobody will release. */
import { seeHelp } from "../../cli/parse.ts";
import { type Command, command, flag, option } from "../../cli/table.ts";
import { somePath, wholeNumber } from "../../cli/values.ts";
import { ExitCode, LanesError, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import {
  breakLock,
  type Contender,
  hasEnded,
  isHeldHere,
  type LockQueue,
  type LockStatus,
  nextFile,
  type OwnerRecord,
  queueOf,
  type SemaphoreStatus,
  semaphoreStatus,
  slotFiles,
  status,
} from "../../lock/index.ts";
import { printable, printableJson } from "../../os/bytes/printable.ts";
import { writeErr, writeOut } from "../../os/stdout.ts";
import { maxSlots } from "./run-locked.ts";

const statusOptions = {
  on: option("--on <farm>", "lock.option.on", somePath("on")),
  slots: option("--slots <n>", "lock.option.statusSlots", wholeNumber("slots", 1, maxSlots)),
};

/** Exit code 0: held, and with `--slots` every slot is; 1: it can be had; 2: whether its owner lives cannot be told from here. */
export const lockStatus: Command = command({
  name: "lock status",
  usage: "FILE [options]\n       lanes lock status --on FARM [NAME]",
  about: "lock.status.description",
  examples: [
    ["lanes lock status deploy.lock", "lock.example.status"],
    ["lanes lock status --slots 3 db.lock", "lock.example.statusSlots"],
    ['lanes lock status --mine job.lock || exec lanes lock -n job.lock sh "$0" "$@"', "lock.example.mine"],
  ],
  operands: [{ name: "FILE", about: "lock.argument.file", optional: true }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { ...statusOptions, mine: flag("--mine", "lock.option.mine"), json: flag("--json", "option.json") },
  async run({ words: [file], options: { on: farm, slots, mine = false, json = false } }) {
    if (farm !== undefined) {
      return (await import("./farm/status.ts")).farmLockStatus({ farm, name: file, slots, mine, json });
    }
    if (file === undefined) throw usageError("cli.missingArgument", { name: "FILE", hint: seeHelp(lockStatus) });
    if (mine) return heldHere(file, slots) ? ExitCode.ok : ExitCode.failed;
    const found = looked(file, slots);
    const text = () => ("slots" in found ? slotsText(found) : statusText(found));
    writeOut(json ? `${printableJson({ v: 1, ...found })}\n` : text());
    const held = "slots" in found ? found.slots : [found];
    const unverified = held.find(({ state, verified }) => state === "held" && !verified);
    if (found.state === "held" && unverified !== undefined) {
      writeErr(`lanes: ${t("lock.cannotTell", { path: unverified.file })}\n`);
      return ExitCode.usage;
    }
    return found.state === "free" || found.state === "stale" ? ExitCode.failed : ExitCode.ok;
  },
});

/** With `--slots` it goes through all the slots, and leaves those alone that are held; if one is, that is its failure. */
export const lockBreak = command({
  name: "lock break",
  usage: "FILE [options]\n       lanes lock break --on FARM NAME",
  about: "lock.break.description",
  examples: [["lanes lock break deploy.lock", "lock.example.break"]],
  operands: [{ name: "FILE", about: "lock.argument.file" }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { ...statusOptions, force: flag("--force", "lock.option.force") },
  async run({ words: [file = ""], options: { on: farm, slots, force = false }, common: { quiet = false } }) {
    if (farm !== undefined) {
      return (await import("./farm/status.ts")).farmLockBreak({ farm, name: file, force, quiet });
    }
    const files = slots === undefined ? [file] : [...slotFiles(file, slots), nextFile(file)];
    let held: LanesError | undefined;
    for (const each of files) {
      try {
        const found = breakLock(each, { force });
        const isNews = slots === undefined || found.state !== "free";
        if (!quiet && isNews) writeErr(`lanes: ${t(`lock.broke.${found.state}`, { path: found.file })}\n`);
      } catch (error) {
        if (!(error instanceof LanesError) || error.exitCode !== ExitCode.failed) throw error;
        held ??= error;
      }
    }
    if (held !== undefined) throw held;
    return ExitCode.ok;
  },
});

/** Whether the lock, or one of its slots, is held by the command this is a part of. */
function heldHere(file: string, slots: number | undefined): boolean {
  return (slots === undefined ? [file] : slotFiles(file, slots)).some(isHeldHere);
}

/** A lock or its slots, and who has them and waits for them. */
function looked(file: string, slots: number | undefined) {
  if (slots === undefined) {
    const found = status(file);
    return { ...found, ...queueOf(found.file) };
  }
  const found = semaphoreStatus(file, slots);
  const { waiting, holders } = queueOf(nextFile(file));
  // Who is next has the lock of that, and waits no less than those behind.
  return { ...found, waiting: [...holders.filter(({ pid }) => pid === found.next?.pid), ...waiting] };
}

function slotsText({ file, state, slots, next, waiting }: SemaphoreStatus & Pick<LockQueue, "waiting">): string {
  const free = slots.filter((slot) => slot.state === "free" || slot.state === "stale").length;
  const head = `${printable(file)}: ${t(`lock.slots.state.${state}`, { free, slots: slots.length })}\n`;
  const line = next === null ? "" : `${t("lock.slots.next")}\n${ownerLines(next).join("\n")}\n`;
  const behind = waiting.filter(({ pid }) => pid !== next?.pid);
  return `${head}${slots.map((slot) => statusText({ ...slot, holders: [], waiting: [] })).join("")}${line}${waitingLines(behind).join("")}`;
}

function statusText({ file, state, owner, verified, holders, waiting }: LockStatus & LockQueue): string {
  const lines = [`${printable(file)}: ${t(`lock.state.${state}`)}`, ...(owner ? ownerLines(owner) : [])];
  if (state === "held" && !verified) lines.push(`  ${t("lock.status.unverified")}`);
  // After lanes was killed the record names a process that is no more.
  const known = [owner?.pid, owner?.child];
  const others = holders.filter(({ pid }) => !known.includes(pid));
  if (others.length > 0) lines.push(`  ${t("lock.status.holders", { list: partiesText(others) })}`);
  return `${lines.join("\n")}\n${waitingLines(waiting).join("")}`;
}

/** Shown of a long line. */
const WAITING_SHOWN = 10;

function waitingLines(waiting: readonly Contender[]): string[] {
  if (waiting.length === 0) return [];
  const shown = waiting.slice(0, WAITING_SHOWN).map((party) => `    ${partiesText([party])}\n`);
  const more = waiting.length - shown.length;
  return [
    `  ${t("lock.status.waiting", { n: waiting.length })}\n`,
    ...shown,
    ...(more > 0 ? [`    ${t("lock.status.more", { n: more })}\n`] : []),
  ];
}

const partiesText = (parties: readonly Contender[]) =>
  parties.map(({ pid, command }) => printable(`${pid} (${command.join(" ")})`)).join(", ");

function ownerLines({ pid, started, child, host, command, since }: OwnerRecord): string[] {
  const own = hasEnded(pid, started) ? t("lock.status.ended", { pid }) : `${pid}`;
  const rows = [
    [t("lock.status.pid"), child === null ? own : `${own} (${t("lock.status.child", { pid: child })})`],
    [t("lock.status.host"), host],
    [t("lock.status.command"), command.join(" ")],
    [t("lock.status.since"), timeText(since)],
  ] as const;
  const width = Math.max(...rows.map(([name]) => Bun.stringWidth(name)));
  return rows.map(([name, value]) => `  ${name}${" ".repeat(width - Bun.stringWidth(name))}  ${printable(value)}`);
}

/** A record may claim any number, also one that is no time. */
function timeText(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? String(ms) : time.toISOString();
}
