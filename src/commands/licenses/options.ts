/** `lanes licenses`: the notices of everything inside the executable, which carries them. */
import notices from "../../../THIRD-PARTY-NOTICES" with { type: "file" };
import { command } from "../../cli/table.ts";
import { ExitCode } from "../../errors.ts";
import { writeOut } from "../../os/stdout.ts";

export const licenses = command({
  name: "licenses",
  usage: "[options]",
  about: "licenses.description",
  examples: [
    ["lanes licenses | less", "licenses.example.read"],
    ["lanes licenses | grep -A9 '^LGPL'", "licenses.example.sources"],
  ],
  operands: [],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: {},
  async run() {
    writeOut(await Bun.file(notices).bytes());
    return ExitCode.ok;
  },
});
