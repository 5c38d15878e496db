/** `lanes licenses`: the notices of everything inside the executable, which carries them. */
import type { Command } from "commander";
import notices from "../../THIRD-PARTY-NOTICES" with { type: "file" };
import { ExitCode } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { writeOut } from "../views/output.ts";
import { createCommand } from "./command.ts";
import { settingsOf } from "./settings.ts";

export function command(): Command {
  const command = createCommand({
    name: "licenses",
    usage: "[options]",
    description: t("licenses.description"),
    examples: [
      ["lanes licenses | less", t("licenses.example.read")],
      ["lanes licenses | grep -A9 '^LGPL'", t("licenses.example.sources")],
    ],
  });
  return command.action(async () => {
    await settingsOf(command);
    writeOut(await Bun.file(notices).bytes());
    process.exitCode = ExitCode.ok;
  });
}
