/** `lanes work`: this machine does the jobs of a farm. */
import { command } from "../../cli/table.ts";
import { workOptions } from "./request.ts";

export const work = command({
  name: "work",
  usage: "FARM [options]",
  about: "work.description",
  examples: [
    ["lanes work postgres://me@db.example/farm", "work.example.work"],
    ["sbatch --array=1-20 --wrap 'lanes work farm --until-empty 5m'", "work.example.empty"],
    ["lanes work --setup farm", "work.example.setup"],
  ],
  operands: [{ name: "FARM", about: "work.argument.farm" }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: workOptions,
  async run({ options, words: [farm = ""], common }) {
    const { runFarmWorker } = await import("./wire.ts");
    return runFarmWorker({ farm, options, quiet: common.quiet ?? false });
  },
});
