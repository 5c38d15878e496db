/** `lanes completions SHELL`: what a shell needs to complete lanes' command lines, on stdout. */
import { Argument, type Command } from "commander";
import { ExitCode, usageError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { writeOut } from "../views/output.ts";
import { createCommand } from "./command.ts";
import { type CommandDefinition, definitionsOf } from "./describe/definitions.ts";
import type { Program } from "./program.ts";
import { quoted, settingsOf } from "./settings.ts";

const shells: Readonly<Record<string, () => Promise<(commands: readonly CommandDefinition[]) => string>>> = {
  bash: async () => (await import("./describe/bash.ts")).bashCompletions,
  zsh: async () => (await import("./describe/zsh.ts")).zshCompletions,
  fish: async () => (await import("./describe/fish.ts")).fishCompletions,
};

export function command(program: Program): Command {
  const names = Object.keys(shells);
  const command = createCommand({
    name: "completions",
    usage: names.join("|"),
    description: t("completions.description"),
    examples: [
      ["echo 'eval \"$(lanes completions bash)\"' >> ~/.bashrc", t("completions.example.bash")],
      ["lanes completions zsh > ~/.zsh/completions/_lanes", t("completions.example.zsh")],
      ["lanes completions fish > ~/.config/fish/completions/lanes.fish", t("completions.example.fish")],
    ],
  });
  const shell = new Argument(`<${names.join("|")}>`, names.join(", "));
  shell.argChoices = names;
  return command.addArgument(shell).action(async (name: string) => {
    const load = Object.hasOwn(shells, name) ? shells[name] : undefined;
    if (load === undefined) {
      throw usageError("completions.unknownShell", { name: quoted(name), names: names.join(" | ") });
    }
    await settingsOf(command);
    const write = await load();
    writeOut(write(await definitionsOf(program)));
    process.exitCode = ExitCode.ok;
  });
}
