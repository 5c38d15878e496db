/** `lanes tour`: all demos one after the other, in the order of the course. */
import type { Command } from "commander";
import { loadDemos } from "../demos/catalog.ts";
import { defaultParams } from "../demos/demo.ts";
import { ExitCode } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { createCommand } from "./command.ts";
import { showDemo } from "./play.ts";
import { settingsOf, withState } from "./settings.ts";

export function command(): Command {
  const command = createCommand({
    name: "tour",
    usage: "[options]",
    description: t("command.tour"),
    examples: [
      ["lanes tour", t("tour.example.play")],
      ["lanes tour > tour.txt", t("tour.example.file")],
    ],
  });
  return withState(command).action(async () => {
    const settings = await settingsOf(command);
    let worst: number = ExitCode.ok;
    for (const demo of await loadDemos()) {
      const params = defaultParams(demo);
      const code = await showDemo(demo, { params, dir: undefined, format: "text", settings, titled: true });
      worst = Math.max(worst, code);
      if (code > ExitCode.failed) break; // stopped by a signal
    }
    process.exitCode = worst;
  });
}
