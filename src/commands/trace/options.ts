/** `lanes trace`: a person's own program, seen as lanes. */
import { command } from "../../cli/table.ts";
import { traceOptions } from "./request.ts";

export const trace = command({
  name: "trace",
  usage: "[options] COMMAND [ARG...]",
  about: "trace.description",
  examples: [
    ["lanes trace python3 workers.py", "trace.example.script"],
    ["lanes trace --html build.html make -j2", "trace.example.make"],
    ["lanes trace sh -c 'sort big.txt | uniq -c | sort -rn | head'", "trace.example.shell"],
    ["lanes trace --live npm test", "trace.example.live"],
    ["lanes trace --jsonl ./job.sh 2> job.jsonl && lanes replay job.jsonl", "trace.example.record"],
  ],
  operands: [{ name: "COMMAND", about: "trace.argument.command", many: true }],
  optionsUntil: 0,
  options: traceOptions,
  async run({ options, words, common }) {
    const { traceCommand } = await import("./wire.ts");
    const { quiet = false, ascii = false, noColor = false } = common;
    return traceCommand({ options, command: words, quiet, ascii, noColor });
  },
});
