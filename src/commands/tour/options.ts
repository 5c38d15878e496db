/** `lanes tour`: all demos one after the other, in the order of the course. */
import { settingsOf } from "../../cli/settings.ts";
import { command, stateOption } from "../../cli/table.ts";
import { loadDemos } from "../../demos/catalog.ts";
import { defaultParams } from "../../demos/define.ts";
import { ExitCode } from "../../errors.ts";
import { showDemo } from "../demo/wire.ts";

export const tour = command({
  name: "tour",
  usage: "[options]",
  about: "command.tour",
  examples: [
    ["lanes tour", "tour.example.play"],
    ["lanes tour > tour.txt", "tour.example.file"],
  ],
  operands: [],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: stateOption,
  async run({ options, common }) {
    const settings = settingsOf({ ...common, ...options });
    let worst: number = ExitCode.ok;
    for (const demo of await loadDemos()) {
      const params = defaultParams(demo);
      const code = await showDemo(demo, { params, dir: undefined, format: "text", settings, titled: true });
      worst = Math.max(worst, code);
      if (code > ExitCode.failed) break; // stopped by a signal
    }
    return worst;
  },
});
