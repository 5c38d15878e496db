/** What the menu asks for to build each command for one's own work. One for another command is a few lines here. */

import { writeFileSync } from "node:fs";
import { t } from "../../i18n/index.ts";
import type { MessageKey } from "../../i18n/phrase.ts";
import { printable } from "../../os/bytes/printable.ts";
import { shellQuoted } from "../../os/exec/quoted.ts";
import { isLinux, isLinuxX64 } from "../../os/platform.ts";
import type { Prompts } from "../../terminal/prompts.ts";
import { hasPython, listing } from "./listing.ts";

/** One part of the command. */
export interface BuilderStep {
  readonly name: string;
  readonly question: MessageKey;
  /** What is in the line to begin with. */
  readonly initial: string;
  /** Sees to what the answer needs; false if the person would rather answer again. */
  prepare?(answer: string, prompts: Prompts): Promise<boolean>;
}

export interface Builder {
  /** The command's name, and its entry's. */
  readonly name: string;
  readonly label: MessageKey;
  readonly steps: readonly BuilderStep[];
  /** An option with which it only says what it would do. */
  readonly rehearsal?: string;
  /** What stands after the command's name, as one would type it into a shell. */
  line(answers: Readonly<Record<string, string>>): string;
}

/** The tutorial's script, under this name in the current folder. */
const TUTORIAL = "tutorial.py";
/** The one that loses updates. */
const RACE = "race.py";
/** What a shell would do more with than to split it into words. */
const NEEDS_SHELL = /[^\w\s./:,@%+=-]|^\s*\w+=/;

const shellLine = (command: string) => (NEEDS_SHELL.test(command) ? `sh -c ${shellQuoted(command)}` : command.trim());

const seeing: Builder = {
  name: "trace",
  label: "menu.own.trace",
  steps: [
    {
      name: "command",
      question: "menu.own.trace.command",
      get initial() {
        return hasPython() ? `python3 ${TUTORIAL}` : "sh -c 'sleep 1 & sleep 2; wait'";
      },
      prepare: offerTutorial,
    },
  ],
  line: ({ command = "" }) => `--live ${shellLine(command)}`,
};

const exploring: Builder = {
  name: "explore",
  label: "menu.own.explore",
  steps: [
    {
      name: "command",
      question: "menu.own.explore.command",
      get initial() {
        return hasPython() ? `python3 ${RACE}` : "sh job.sh";
      },
      prepare: (answer, prompts) =>
        offerScript(answer, prompts, RACE, t("menu.own.explore.write"), async () => {
          return (await import("./explore.ts")).smallListing("off");
        }),
    },
  ],
  line: ({ command = "" }) => shellLine(command),
};

/** In the menu's order. Values are put into the line as they were typed: `*.log` and `'two words'` mean what they always do. */
export const builders: readonly Builder[] = [
  {
    name: "run",
    label: "menu.own.run",
    steps: [
      { name: "command", question: "menu.own.run.command", initial: "echo {}" },
      { name: "values", question: "menu.own.run.values", initial: "a b c" },
    ],
    rehearsal: "--dry-run",
    line: ({ command = "", values = "" }) => `--shell ${shellQuoted(command)} ::: ${values.trim()}`,
  },
  {
    name: "map",
    label: "menu.own.map",
    steps: [
      { name: "file", question: "menu.own.map.file", initial: "work.ts", prepare: offerStarter },
      { name: "items", question: "menu.own.map.items", initial: "1 2 3" },
    ],
    line: ({ file = "", items = "" }) => `${shellQuoted(file.trim())} ${items.trim()}`,
  },
  {
    name: "lock",
    label: "menu.own.lock",
    steps: [
      { name: "file", question: "menu.own.lock.file", initial: "/tmp/my.lock" },
      { name: "command", question: "menu.own.lock.command", initial: "" },
    ],
    line: ({ file = "", command = "" }) => `${shellQuoted(file.trim())} --shell ${shellQuoted(command)}`,
  },
  ...(isLinux ? [seeing] : []),
  ...(isLinuxX64 ? [exploring] : []),
];

/** Where the tutorial's script is not there yet, it can be written: the Python of the demo with the lock. */
function offerTutorial(answer: string, prompts: Prompts): Promise<boolean> {
  return offerScript(answer, prompts, TUTORIAL, t("menu.own.trace.write"), async () => {
    return await listing({ rounds: 50, lock: "on" });
  });
}

/** Offers to write a script that is asked for, and is not there. */
async function offerScript(
  answer: string,
  prompts: Prompts,
  file: string,
  write: string,
  text: () => Promise<string>,
): Promise<boolean> {
  if (answer.trim() !== `python3 ${file}` || (await Bun.file(file).exists())) return true;
  const choice = await prompts.select(t("menu.own.map.missing", { file }), [
    { value: "write", label: write },
    { value: "other", label: t("menu.own.trace.other") },
  ]);
  if (choice !== "write") return false;
  try {
    writeFileSync(file, await text(), { flag: "wx" });
    return true;
  } catch (error) {
    await tell(error, prompts);
    return false;
  }
}

/** Where there is no module yet, one to begin with can be written. */
async function offerStarter(answer: string, prompts: Prompts): Promise<boolean> {
  const file = answer.trim();
  if (/\.(py|rb|sh|pl|php|lua|r)$/i.test(file)) {
    prompts.terminal.write(`${printable(t("menu.own.map.language", { file }))}\n`);
    return false;
  }
  if ((await Bun.file(file).exists()) || (await Bun.file(file.replace(/#[^#]*$/, "")).exists())) return true;
  const choice = await prompts.select(t("menu.own.map.missing", { file }), [
    { value: "write", label: t("menu.own.map.write") },
    { value: "other", label: t("menu.own.map.other") },
  ]);
  if (choice !== "write") return false;
  const { writeStarter } = await import("../map/starter.ts");
  try {
    writeStarter(file);
    return true;
  } catch (error) {
    await tell(error, prompts);
    return false;
  }
}

async function tell(error: unknown, { terminal }: Prompts): Promise<void> {
  const { explained } = await import("../../cli/report.ts");
  terminal.write(`${explained(error)}\n`);
}
