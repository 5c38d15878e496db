/** `lanes man`: the manual page in the language of man pages, on stdout, so that the one executable carries it. */
import { command } from "../../cli/table.ts";
import { ExitCode } from "../../errors.ts";
import { writeOut } from "../../os/stdout.ts";
import { definitionsOf } from "../definitions.ts";
import type { CommandCatalog } from "../entry.ts";
import { manPage } from "./page.ts";

export const manOf = (catalog: CommandCatalog) =>
  command({
    name: "man",
    usage: "[options]",
    about: "man.description",
    examples: [
      ["lanes man > lanes.1 && man ./lanes.1", "man.example.read"],
      ["lanes man > ~/.local/share/man/man1/lanes.1", "man.example.install"],
    ],
    operands: [],
    optionsUntil: Number.POSITIVE_INFINITY,
    options: {},
    async run() {
      writeOut(manPage(await definitionsOf(catalog)));
      return ExitCode.ok;
    },
  });
