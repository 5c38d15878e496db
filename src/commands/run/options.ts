/** `lanes run`: a command for each of many values, as many at once as there are cores. */
import { command } from "../../cli/table.ts";
import { compileLater } from "../../jobs/engine.ts";
import { runOptions } from "./request.ts";

export const run = command({
  name: "run",
  usage: "[options] [COMMAND [ARG...]] [::: VALUE...]...",
  about: "run.description",
  examples: [
    ["lanes run gzip ::: *.log", "run.example.list"],
    ["find . -name '*.png' -print0 | lanes run -0 convert {} {.}.jpg", "run.example.stdin"],
    ["lanes run -k --tag curl -sI ::: example.org example.com", "run.example.order"],
    ["lanes run --shell 'grep -c {} big.txt > {}.count' ::: ERROR WARN", "run.example.shell"],
    ["lanes run --joblog log --resume ./train --lr {1} --seed {2} ::: 0.1 0.01 ::: 1 2 3", "run.example.resume"],
    ["lanes run < commands.txt", "run.example.lines"],
    ["lanes run --on farm convert {} {.}.jpg ::: *.png", "run.example.on"],
    ["lanes run --html run.html make {} ::: a b c", "export.example.run"],
  ],
  operands: [{ name: "command", optional: true, many: true }],
  optionsUntil: 0,
  options: runOptions,
  async run({ options, words, common }) {
    compileLater();
    const { runJobs } = await import("./wire.ts");
    return runJobs({ words, options, quiet: common.quiet ?? false, ascii: common.ascii ?? false });
  },
});
