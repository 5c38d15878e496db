/** `lanes init`: a folder in which one can write a program, with the types that an editor needs. */
import { command, flag } from "../../cli/table.ts";

export const init = command({
  name: "init",
  usage: "[options] [DIR]",
  about: "init.description",
  examples: [
    ["lanes init hello && lanes hello/hello.ts", "init.example.new"],
    ["lanes init --tutorial", "init.example.tutorial"],
  ],
  operands: [{ name: "DIR", about: "init.argument.dir", optional: true }],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { tutorial: flag("--tutorial", "init.option.tutorial") },
  async run({ options, words: [dir = "."], common }) {
    const { runInit } = await import("./wire.ts");
    return runInit(dir, { tutorial: options.tutorial ?? false, quiet: common.quiet ?? false });
  },
});
