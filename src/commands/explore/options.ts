/** `lanes explore`: the order in which a person's own program goes wrong. */
import { command } from "../../cli/table.ts";
import { exploreOptions } from "./request.ts";

export const explore = command({
  name: "explore",
  usage: "[options] COMMAND [ARG...]",
  about: "explore.description",
  examples: [
    ["lanes explore python3 workers.py", "explore.example.script"],
    ["lanes explore --check 'grep -q 100 total.txt' ./job.sh", "explore.example.check"],
    ["lanes explore --replay 2.5:3 python3 workers.py", "explore.example.replay"],
    ["lanes explore --runs 500 --strategy random ./server-test", "explore.example.random"],
    ["lanes explore --in-place --before 'git checkout -q data' make -j2", "explore.example.inPlace"],
  ],
  operands: [{ name: "COMMAND", about: "explore.argument.command", many: true }],
  optionsUntil: 0,
  options: exploreOptions,
  async run({ options, words, common }) {
    const { exploreCommand } = await import("./wire.ts");
    const { quiet = false, ascii = false, noColor = false } = common;
    return exploreCommand({ options, command: words, quiet, ascii, noColor });
  },
});
