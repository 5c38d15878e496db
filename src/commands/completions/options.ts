/** `lanes completions SHELL`: what a shell needs to complete lanes' command lines, on stdout. */
import { command } from "../../cli/table.ts";
import { quoted } from "../../cli/values.ts";
import { ExitCode, usageError } from "../../errors.ts";
import { writeOut } from "../../os/stdout.ts";
import { type CommandDefinition, definitionsOf } from "../definitions.ts";
import type { CommandCatalog } from "../entry.ts";

const shells: Readonly<Record<string, () => Promise<(commands: readonly CommandDefinition[]) => string>>> = {
  bash: async () => (await import("./bash.ts")).bashCompletions,
  zsh: async () => (await import("./zsh.ts")).zshCompletions,
  fish: async () => (await import("./fish.ts")).fishCompletions,
};
const names = Object.keys(shells);

export const completionsOf = (catalog: CommandCatalog) =>
  command({
    name: "completions",
    usage: names.join("|"),
    about: "completions.description",
    examples: [
      ["echo 'eval \"$(lanes completions bash)\"' >> ~/.bashrc", "completions.example.bash"],
      ["lanes completions zsh > ~/.zsh/completions/_lanes", "completions.example.zsh"],
      ["lanes completions fish > ~/.config/fish/completions/lanes.fish", "completions.example.fish"],
    ],
    operands: [{ name: names.join("|"), about: () => names.join(", "), words: names }],
    optionsUntil: Number.POSITIVE_INFINITY,
    options: {},
    async run({ words: [name = ""] }) {
      const load = Object.hasOwn(shells, name) ? shells[name] : undefined;
      if (load === undefined) {
        throw usageError("completions.unknownShell", { name: quoted(name), names: names.join(" | ") });
      }
      const write = await load();
      writeOut(write(await definitionsOf(catalog)));
      return ExitCode.ok;
    },
  });
