/** `lanes lock`: a command under a lock. Its subcommands are in lock-status.ts. */
import type { Command } from "commander";
import { ExitCode, usageError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { maxSlots } from "../lock/guard.ts";
import { createCommand } from "./command.ts";
import { longestWaitSeconds, parseExitCode, parseSeconds } from "./lock-request.ts";
import { runLock } from "./lock-run.ts";
import { breakCommand, statusCommand } from "./lock-status.ts";
import { lockSubcommands } from "./lock-subcommands.ts";
import { quoted, settingsOf, wholeNumber } from "./settings.ts";

/** The command for these arguments: the first one that is no option may name a subcommand. */
export function command(args: readonly string[]): Command {
  const dashes = args.indexOf("--");
  const [first] = guardCommand().parseOptions(args.slice(0, dashes < 0 ? undefined : dashes)).operands;
  if (first === "status") return statusCommand();
  if (first === "break") return breakCommand();
  return guardCommand();
}

interface GuardOptions {
  readonly nonblock?: boolean;
  readonly wait?: number;
  readonly slots?: number;
  readonly conflictExitCode: number;
  readonly shell?: string;
  readonly inherit: boolean;
  readonly keep?: boolean;
  readonly verbose?: boolean;
}

function guardCommand(): Command {
  const command = createCommand({
    name: "lock",
    usage: `FILE [options] -- COMMAND [ARG...]\n       lanes lock ${lockSubcommands.join("|")} FILE`,
    description: t("lock.description"),
    examples: [
      ["lanes lock /tmp/backup.lock -- ./backup.sh", t("lock.example.wait")],
      ["lanes lock -n /tmp/job.lock -- ./job", t("lock.example.nonblock")],
      ["lanes lock -w 10 deploy.lock -c 'make && make install'", t("lock.example.shell")],
      ["lanes lock --slots 3 db.lock -- ./query.sh", t("lock.example.slots")],
      ["lanes lock status deploy.lock", t("lock.example.status")],
      ["lanes lock break deploy.lock", t("lock.example.break")],
    ],
  });
  return command
    .argument("<FILE>", t("lock.argument.file"))
    .argument("[COMMAND...]", t("lock.argument.command"))
    .option("-n, --nonblock", t("lock.option.nonblock"))
    .option("-w, --wait <seconds>", t("lock.option.wait"), seconds)
    .option("--slots <n>", t("lock.option.slots"), wholeNumber("slots", 1, maxSlots))
    .option("-E, --conflict-exit-code <code>", t("lock.option.conflict"), exitCode, ExitCode.notAcquired)
    .option("-c, --shell <string>", t("lock.option.shell"))
    .option("-o, --no-inherit", t("lock.option.noInherit"))
    .option("--keep", t("lock.option.keep"))
    .option("--verbose", t("lock.option.verbose"))
    .passThroughOptions()
    .action(async (file: string, rest: readonly string[]) => {
      // Options may follow FILE too; whatever comes after them is the command's.
      const { operands, unknown } = command.parseOptions([...rest]);
      if (unknown[0] === "-h" || unknown[0] === "--help") return command.outputHelp();
      if (unknown[0] !== undefined) throw usageError("cli.unknownOption", { name: unknown[0], hint: seeHelp() });
      const options = command.opts<GuardOptions>();
      const { quiet } = await settingsOf(command);
      process.exitCode = await runLock(
        {
          file,
          slots: options.slots,
          command: commandLine(operands, options.shell),
          wait: options.nonblock ? 0 : options.wait,
          conflictCode: options.conflictExitCode,
          inherit: options.inherit,
          keep: options.keep ?? false,
          verbose: options.verbose ?? false,
        },
        quiet,
      );
    });
}

function commandLine(operands: readonly string[], shell: string | undefined): readonly string[] {
  if (shell === undefined) {
    if (operands.length === 0) throw usageError("cli.missingArgument", { name: "COMMAND", hint: seeHelp() });
    return operands;
  }
  if (operands.length > 0) throw usageError("cli.tooManyArguments", { hint: seeHelp() });
  return ["/bin/sh", "-c", shell];
}

const seeHelp = () => t("cli.seeHelp", { command: "lanes lock --help" });

function seconds(value: string): number {
  const ms = parseSeconds(value);
  if (ms !== undefined) return ms;
  const expected = t("lock.seconds", { max: longestWaitSeconds });
  throw usageError("cli.number", { option: "wait", value: quoted(value), expected });
}

function exitCode(value: string): number {
  const code = parseExitCode(value);
  if (code !== undefined) return code;
  const expected = t("cli.range", { min: 0, max: 255 });
  throw usageError("cli.number", { option: "conflict-exit-code", value: quoted(value), expected });
}
