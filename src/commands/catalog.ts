/** All of the command line: every command by its name, loaded when it is asked for, and what `lanes` alone takes. */
import { commonOptions, flag, type OptionTable, stateOption } from "../cli/table.ts";
import type { CommandCatalog, CommandEntry } from "./entry.ts";
import { lockSubcommands } from "./lock/subcommands.ts";

export const entries: Readonly<Record<string, CommandEntry>> = {
  demo: {
    summary: "command.demo",
    // Loaded for those who list them: a line of the catalog is a function, and every start would make them all.
    get below() {
      return (require("../demos/catalog.ts") as typeof import("../demos/catalog.ts")).demoNames;
    },
    load: async (args) => (await import("./demo/options.ts")).commandFor(args),
  },
  tour: { summary: "command.tour", load: async () => (await import("./tour/options.ts")).tour },
  run: { summary: "command.run", load: async () => (await import("./run/options.ts")).run },
  map: { summary: "map.command", load: async () => (await import("./map/options.ts")).map },
  exec: { summary: "command.exec", load: async () => (await import("./exec/options.ts")).exec },
  init: { summary: "command.init", load: async () => (await import("./init/options.ts")).init },
  check: { summary: "command.check", load: async () => (await import("./check/options.ts")).check },
  lock: {
    summary: "command.lock",
    below: lockSubcommands,
    load: async (args) => (await import("./lock/options.ts")).commandFor(args),
  },
  work: { summary: "command.work", load: async () => (await import("./work/options.ts")).work },
  batch: { summary: "command.batch", load: async () => (await import("./batch/options.ts")).batch },
  trace: { summary: "command.trace", load: async () => (await import("./trace/options.ts")).trace },
  explore: { summary: "command.explore", load: async () => (await import("./explore/options.ts")).explore },
  replay: { summary: "command.replay", load: async () => (await import("./replay/options.ts")).replay },
  progress: { summary: "command.progress", load: async () => (await import("./progress/options.ts")).progress },
  completions: {
    summary: "command.completions",
    load: async () => (await import("./completions/options.ts")).completionsOf(catalog),
  },
  man: { summary: "command.man", load: async () => (await import("./man/options.ts")).manOf(catalog) },
  licenses: { summary: "command.licenses", load: async () => (await import("./licenses/options.ts")).licenses },
  version: { summary: "option.version", load: async () => (await import("./version/options.ts")).versionCommand },
};

/** What `lanes` without a command takes, its help too. */
export const rootOptions = {
  ...commonOptions,
  ...stateOption,
  version: flag("-V, --version", "option.version"),
} satisfies OptionTable;

export const catalog: CommandCatalog = {
  entries,
  options: rootOptions,
  examples: [
    ["lanes", "help.example.menu"],
    ["lanes demo race", "help.example.demo"],
    ["lanes run gzip -k {} ::: *.log", "help.example.run"],
    ["lanes lock /tmp/job.lock ./backup.sh", "help.example.lock"],
  ],
};
