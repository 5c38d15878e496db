/** `lanes lock`: a command under a lock. Its subcommands are in lock-status.ts. */
import { seeHelp, split } from "../../cli/parse.ts";
import { type Command, command } from "../../cli/table.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { lockOptions, onFarm } from "./request.ts";
import { lockSubcommands } from "./subcommands.ts";
import { runLock } from "./wire.ts";

/** The command for these arguments: the first one that is no option may name a subcommand. */
export async function commandFor(args: readonly string[]): Promise<Command> {
  const { words, before } = split(lock, args);
  const [first] = words.slice(0, before);
  if (first === "status") return (await import("./status.ts")).lockStatus;
  if (first === "break") return (await import("./status.ts")).lockBreak;
  return lock;
}

const lock = command({
  name: "lock",
  usage: `FILE [options] -- COMMAND [ARG...]\n       lanes lock ${lockSubcommands.join("|")} FILE`,
  about: "lock.description",
  examples: [
    ["lanes lock /tmp/backup.lock -- ./backup.sh", "lock.example.wait"],
    ["lanes lock -n /tmp/job.lock -- ./job", "lock.example.nonblock"],
    ["lanes lock -w 10 deploy.lock -c 'make && make install'", "lock.example.shell"],
    ["lanes lock --slots 3 db.lock -- ./query.sh", "lock.example.slots"],
    ["lanes lock --on postgres://me@db.example/farm deploy -- ./deploy.sh", "lock.example.on"],
    ["lanes lock status deploy.lock", "lock.example.status"],
    ["lanes lock break deploy.lock", "lock.example.break"],
  ],
  operands: [
    { name: "FILE", about: "lock.argument.file" },
    { name: "COMMAND", about: "lock.argument.command", optional: true, many: true },
  ],
  optionsUntil: 1,
  options: lockOptions,
  run({ options, words: [file = "", ...operands], common }) {
    const request = {
      file,
      on: onFarm(options),
      slots: options.slots,
      command: commandLine(operands, options.shell),
      wait: options.nonblock ? 0 : options.wait,
      conflictCode: options.conflictExitCode ?? ExitCode.notAcquired,
      inherit: !options.noInherit,
      keep: options.keep ?? false,
      verbose: options.verbose ?? false,
    };
    return runLock(request, common.quiet ?? false);
  },
});

/** What runs under the lock. @throws LanesError (usage) if that is nothing, or said twice. */
function commandLine(operands: readonly string[], shell: string | undefined): readonly string[] {
  if (shell === undefined) {
    if (operands.length === 0) throw usageError("cli.missingArgument", { name: "COMMAND", hint: seeHelp(lock) });
    return operands;
  }
  if (operands.length > 0) throw usageError("cli.tooManyArguments", { hint: seeHelp(lock) });
  return ["/bin/sh", "-c", shell];
}
