/** `lanes version`: what `lanes --version` says, and that for a script. */
import { command, flag } from "../../cli/table.ts";
import { ExitCode } from "../../errors.ts";
import { writeOut } from "../../os/stdout.ts";
import { commit, target, version } from "../../version.ts";
import { printVersion } from "../version.ts";

export const versionCommand = command({
  name: "version",
  usage: "[options]",
  about: "option.version",
  examples: [
    ["lanes version", "version.example.read"],
    ["lanes version --json", "demo.example.json"],
  ],
  operands: [],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: { json: flag("--json", "option.json") },
  async run({ options }) {
    if (!options.json) return printVersion();
    writeOut(`${JSON.stringify({ v: 1, lanes: version, bun: Bun.version, target, commit })}\n`);
    return ExitCode.ok;
  },
});
