/** `lanes man`: the manual page in the language of man pages, on stdout, so that the one executable carries it. */
import type { Command } from "commander";
import { ExitCode } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { writeOut } from "../views/output.ts";
import { createCommand } from "./command.ts";
import { definitionsOf } from "./describe/definitions.ts";
import { manPage } from "./describe/man.ts";
import type { Program } from "./program.ts";
import { settingsOf } from "./settings.ts";

export function command(program: Program): Command {
  const command = createCommand({
    name: "man",
    usage: "[options]",
    description: t("man.description"),
    examples: [
      ["lanes man > lanes.1 && man ./lanes.1", t("man.example.read")],
      ["lanes man > ~/.local/share/man/man1/lanes.1", t("man.example.install")],
    ],
  });
  return command.action(async () => {
    await settingsOf(command);
    writeOut(manPage(await definitionsOf(program)));
    process.exitCode = ExitCode.ok;
  });
}
