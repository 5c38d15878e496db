/** The entries that build a command for one's own work, step by step: ask for each part, show the command, run it. */

import type { Stopper } from "../../cli/stop.ts";
import { message, t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import type { PickerItem } from "../../terminal/picker.ts";
import type { Prompts } from "../../terminal/prompts.ts";
import { type Builder, builders } from "./builders.ts";

/** The menu's entries for them. */
export function ownWorkItems(): PickerItem[] {
  return builders.map(({ name, label }) => ({
    value: name,
    group: t("menu.ownWork"),
    number: "",
    label: message(label),
    name,
    keywords: "",
    marked: false,
  }));
}

type Next = "run" | "rehearse" | "back";

/** Asks for the parts, shows the command, and runs it if the person says so. Esc at a question goes back one. */
export async function buildCommand(builder: Builder, prompts: Prompts, stopper: Stopper): Promise<void> {
  const answers = await ask(builder, prompts);
  if (answers === undefined) return;
  const { name, rehearsal } = builder;
  const line = builder.line(answers);
  const choices = [
    { value: "run", label: t("menu.runCommand") },
    ...(rehearsal === undefined ? [] : [{ value: "rehearse", label: t("menu.rehearse") } as const]),
    { value: "back", label: t("menu.back") },
  ] as const;
  for (let question = `lanes ${name} ${printable(line)}`, at: Next = "run"; ; ) {
    const choice: Next | undefined = await prompts.select(question, choices, at);
    if (choice === undefined || choice === "back") return;
    const { runOwnWork } = await import("./own-command.ts");
    const code = await runOwnWork(name, choice === "run" ? line : `${rehearsal} ${line}`, prompts.terminal, stopper);
    question = choice === "run" ? t("menu.exitCode", { code }) : `lanes ${name} ${printable(line)}`;
    at = choice === "run" ? "back" : "run";
  }
}

/** The answers by step; undefined for Esc at the first. */
async function ask({ steps }: Builder, prompts: Prompts): Promise<Record<string, string> | undefined> {
  const answers: Record<string, string> = {};
  for (let at = 0; ; ) {
    const step = steps[at];
    if (step === undefined) return answers;
    const check = (text: string) => (text.trim() === "" ? t("menu.notEmpty") : undefined);
    const answer = await prompts.text(message(step.question), answers[step.name] ?? step.initial, check);
    if (answer === undefined && at === 0) return undefined;
    if (answer === undefined) at--;
    else {
      answers[step.name] = answer;
      if ((await step.prepare?.(answer, prompts)) !== false) at++;
    }
  }
}
