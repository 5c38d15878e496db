/** `lanes lock status` and `lanes lock break`: who holds a lock, or the slots of one; removing what nobody will release. */
import type { Command } from "commander";
import { ExitCode, LanesError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { maxSlots } from "../lock/guard.ts";
import {
  breakLock,
  type LockStatus,
  nextFile,
  type OwnerRecord,
  type SemaphoreStatus,
  semaphoreStatus,
  slotFiles,
  status,
} from "../lock/index.ts";
import { writeErr, writeOut } from "../views/output.ts";
import { createCommand } from "./command.ts";
import { settingsOf, wholeNumber } from "./settings.ts";

interface Options {
  readonly slots?: number;
  readonly json?: boolean;
  readonly force?: boolean;
}

/** Exit code 0: held, and with `--slots` every slot is; 1: it can be had; 2: whether its owner lives cannot be told from here. */
export function statusCommand(): Command {
  const command = createCommand({
    name: "lock status",
    usage: "FILE [options]",
    description: t("lock.status.description"),
    examples: [
      ["lanes lock status deploy.lock", t("lock.example.status")],
      ["lanes lock status --slots 3 db.lock", t("lock.example.statusSlots")],
    ],
  });
  return command
    .argument("<status>")
    .argument("<FILE>", t("lock.argument.file"))
    .option("--slots <n>", t("lock.option.statusSlots"), wholeNumber("slots", 1, maxSlots))
    .option("--json", t("option.json"))
    .action(async (_: string, file: string, { slots, json }: Options) => {
      await settingsOf(command);
      const found = slots === undefined ? status(file) : semaphoreStatus(file, slots);
      const text = () => ("slots" in found ? slotsText(found) : statusText(found));
      writeOut(json ? `${JSON.stringify({ v: 1, ...found })}\n` : text());
      const held = "slots" in found ? found.slots : [found];
      const unverified = held.find(({ state, verified }) => state === "held" && !verified);
      if (found.state === "held" && unverified !== undefined) {
        writeErr(`lanes: ${t("lock.cannotTell", { path: printable(unverified.file) })}\n`);
        process.exitCode = ExitCode.usage;
      } else process.exitCode = found.state === "free" || found.state === "stale" ? ExitCode.failed : ExitCode.ok;
    });
}

/** With `--slots` it goes through all the slots, and leaves those alone that are held; if one is, that is its failure. */
export function breakCommand(): Command {
  const command = createCommand({
    name: "lock break",
    usage: "FILE [options]",
    description: t("lock.break.description"),
    examples: [["lanes lock break deploy.lock", t("lock.example.break")]],
  });
  return command
    .argument("<break>")
    .argument("<FILE>", t("lock.argument.file"))
    .option("--slots <n>", t("lock.option.statusSlots"), wholeNumber("slots", 1, maxSlots))
    .option("--force", t("lock.option.force"))
    .action(async (_: string, file: string, { slots, force = false }: Options) => {
      const { quiet } = await settingsOf(command);
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
      process.exitCode = ExitCode.ok;
    });
}

function slotsText({ file, state, slots, next }: SemaphoreStatus): string {
  const free = slots.filter((slot) => slot.state === "free" || slot.state === "stale").length;
  const head = `${file}: ${t(`lock.slots.state.${state}`, { free, slots: slots.length })}\n`;
  const line = next === null ? "" : `${t("lock.slots.next")}\n${ownerLines(next).join("\n")}\n`;
  return head + slots.map(statusText).join("") + line;
}

function statusText({ file, state, owner, verified }: LockStatus): string {
  const lines = [`${file}: ${t(`lock.state.${state}`)}`, ...(owner ? ownerLines(owner) : [])];
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

/** A command line may contain anything: nothing of it may reach the terminal as an escape sequence or a new line. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, "?");
