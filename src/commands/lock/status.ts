/** `lanes lock status` and `lanes lock break`: who holds a lock, or the slots of one; removing what nobody will release. */
import { command, flag, option } from "../../cli/table.ts";
import { wholeNumber } from "../../cli/values.ts";
import { ExitCode, LanesError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import {
  breakLock,
  type LockStatus,
  nextFile,
  type OwnerRecord,
  type SemaphoreStatus,
  semaphoreStatus,
  slotFiles,
  status,
} from "../../lock/index.ts";
import { printable, printableJson } from "../../os/bytes/printable.ts";
import { writeErr, writeOut } from "../../os/stdout.ts";
import { maxSlots } from "./guard.ts";

const statusOptions = {
  slots: option("--slots <n>", "lock.option.statusSlots", wholeNumber("slots", 1, maxSlots)),
};

/** Exit code 0: held, and with `--slots` every slot is; 1: it can be had; 2: whether its owner lives cannot be told from here. */
export const lockStatus = command({
  name: "lock status",
  usage: "FILE [options]",
  about: "lock.status.description",
  examples: [
    ["lanes lock status deploy.lock", "lock.example.status"],
    ["lanes lock status --slots 3 db.lock", "lock.example.statusSlots"],
  ],
  operands: [{ name: "FILE", about: "lock.argument.file" }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { ...statusOptions, json: flag("--json", "option.json") },
  async run({ words: [file = ""], options: { slots, json } }) {
    const found = slots === undefined ? status(file) : semaphoreStatus(file, slots);
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
  usage: "FILE [options]",
  about: "lock.break.description",
  examples: [["lanes lock break deploy.lock", "lock.example.break"]],
  operands: [{ name: "FILE", about: "lock.argument.file" }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { ...statusOptions, force: flag("--force", "lock.option.force") },
  async run({ words: [file = ""], options: { slots, force = false }, common }) {
    const files = slots === undefined ? [file] : [...slotFiles(file, slots), nextFile(file)];
    let held: LanesError | undefined;
    for (const each of files) {
      try {
        const found = breakLock(each, { force });
        const isNews = slots === undefined || found.state !== "free";
        if (!common.quiet && isNews) writeErr(`lanes: ${t(`lock.broke.${found.state}`, { path: found.file })}\n`);
      } catch (error) {
        if (!(error instanceof LanesError) || error.exitCode !== ExitCode.failed) throw error;
        held ??= error;
      }
    }
    if (held !== undefined) throw held;
    return ExitCode.ok;
  },
});

function slotsText({ file, state, slots, next }: SemaphoreStatus): string {
  const free = slots.filter((slot) => slot.state === "free" || slot.state === "stale").length;
  const head = `${printable(file)}: ${t(`lock.slots.state.${state}`, { free, slots: slots.length })}\n`;
  const line = next === null ? "" : `${t("lock.slots.next")}\n${ownerLines(next).join("\n")}\n`;
  return head + slots.map(statusText).join("") + line;
}

function statusText({ file, state, owner, verified }: LockStatus): string {
  const lines = [`${printable(file)}: ${t(`lock.state.${state}`)}`, ...(owner ? ownerLines(owner) : [])];
  if (state === "held" && !verified) lines.push(`  ${t("lock.status.unverified")}`);
  return `${lines.join("\n")}\n`;
}

function ownerLines({ pid, child, host, command, since }: OwnerRecord): string[] {
  const rows = [
    [t("lock.status.pid"), child === null ? `${pid}` : `${pid} (${t("lock.status.child", { pid: child })})`],
    [t("lock.status.host"), host],
    [t("lock.status.command"), command.join(" ")],
    [t("lock.status.since"), new Date(since).toISOString()],
  ] as const;
  const width = Math.max(...rows.map(([name]) => Bun.stringWidth(name)));
  return rows.map(([name, value]) => `  ${name}${" ".repeat(width - Bun.stringWidth(name))}  ${printable(value)}`);
}
