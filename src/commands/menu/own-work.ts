/**
 * The entries that build a command for one's own work, step by step: ask for each part, show the command, run it. A
 * builder is data; one for another command is a few lines in {@link builders}.
 */
import { currentLanguage, type MessageKey, message, t } from "../../i18n/index.ts";
import { selfCommand } from "../../process/reexec.ts";
import type { PickerItem } from "../../views/picker.ts";
import type { Prompts } from "../../views/prompts.ts";

/** One part of the command. */
export interface Step {
  readonly name: string;
  readonly question: MessageKey;
  /** What is in the line to begin with. */
  readonly initial: string;
  /** May be left empty. */
  readonly optional?: boolean;
}

export interface Builder {
  /** The command's name, and its entry's. */
  readonly name: string;
  readonly label: MessageKey;
  readonly steps: readonly Step[];
  /** The arguments after the command's name, from the answers by step. */
  command(answers: Readonly<Record<string, string>>): readonly string[];
}

/** In the menu's order. */
export const builders: readonly Builder[] = [
  {
    name: "run",
    label: "menu.own.run",
    steps: [
      { name: "command", question: "menu.own.run.command", initial: "echo {}" },
      { name: "values", question: "menu.own.run.values", initial: "a b c" },
    ],
    command: ({ command = "", values = "" }) => ["--shell", command, ":::", ...words(values)],
  },
  {
    name: "map",
    label: "menu.own.map",
    steps: [
      { name: "file", question: "menu.own.map.file", initial: "" },
      { name: "items", question: "menu.own.map.items", initial: "1 2 3" },
    ],
    command: ({ file = "", items = "" }) => [file, ...words(items)],
  },
  {
    name: "lock",
    label: "menu.own.lock",
    steps: [
      { name: "file", question: "menu.own.lock.file", initial: "/tmp/my.lock" },
      { name: "command", question: "menu.own.lock.command", initial: "" },
    ],
    command: ({ file = "", command = "" }) => [file, "--shell", command],
  },
];

/** What was typed as several values, one after another. */
function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** The menu's entries for them. */
export function ownWorkItems(): PickerItem[] {
  return builders.map(({ name, label }) => ({
    value: name,
    group: t("menu.ownWork"),
    number: "",
    label: message(label),
    name,
    marked: false,
  }));
}

/** Asks for the parts, shows the command, and runs it if the person says so. Esc at a question goes back one. */
export async function buildCommand(builder: Builder, prompts: Prompts): Promise<void> {
  const answers: Record<string, string> = {};
  for (let at = 0; at < builder.steps.length; ) {
    const { name, question, initial, optional } = builder.steps[at]!;
    const check = (text: string) => (text.trim() === "" && optional !== true ? t("menu.notEmpty") : undefined);
    const answer = await prompts.text(message(question), answers[name] ?? initial, check);
    if (answer === undefined && at === 0) return;
    if (answer === undefined) at--;
    else {
      answers[name] = answer;
      at++;
    }
  }
  const args = [builder.name, ...builder.command(answers)];
  const line = ["lanes", ...args].map(shellQuoted).join(" ");
  const choices = [
    { value: "run", label: t("menu.runCommand") },
    { value: "back", label: t("menu.back") },
  ] as const;
  let question = line;
  while ((await prompts.select(question, choices)) === "run") {
    question = t("menu.exitCode", { code: await run(args, prompts) });
  }
}

/** Runs the command as if it had been typed: the terminal is its own while it runs, Ctrl-C included. */
async function run([name = "", ...args]: readonly string[], { terminal, options }: Prompts): Promise<number> {
  terminal.restore();
  const env = { ...process.env, LANES_LANG: currentLanguage() };
  const child = Bun.spawn(selfCommand(name, ...args), {
    stdio: ["inherit", "inherit", "inherit"],
    env,
    signal: options.signal,
  });
  return child.exited;
}

/** A word as one would type it into a shell. */
function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
