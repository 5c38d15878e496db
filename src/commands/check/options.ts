/** `lanes check`: the types of a program, without running it. */
import { command } from "../../cli/table.ts";

export const check = command({
  name: "check",
  usage: "[FILE...]",
  about: "check.description",
  examples: [
    ["lanes check hello.ts", "check.example.file"],
    ["lanes check", "check.example.folder"],
    ["lanes exec --check hello.ts", "check.example.exec"],
  ],
  operands: [{ name: "FILE", about: "check.argument.file", optional: true, many: true }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: {},
  async run({ words }) {
    const { runCheck } = await import("./wire.ts");
    return runCheck(words);
  },
});
