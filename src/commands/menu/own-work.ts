/** The entries that build a command for one's own work, step by step: ask for each part, show the command, run it. */
import { currentLanguage, message, t } from "../../i18n/index.ts";
import { environment } from "../../os/bytes.ts";
import { spawnable } from "../../os/spawnable.ts";
import { selfCommand } from "../../process/reexec.ts";
import type { PickerItem } from "../../views/picker.ts";
import type { Prompts } from "../../views/prompts.ts";
import { type Builder, builders } from "./builders.ts";

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

type Next = "run" | "rehearse" | "back";

/** Asks for the parts, shows the command, and runs it if the person says so. Esc at a question goes back one. */
export async function buildCommand(builder: Builder, prompts: Prompts): Promise<void> {
  const answers = await ask(builder, prompts);
  if (answers === undefined) return;
  const { name, rehearsal } = builder;
  const line = builder.line(answers);
  const choices = [
    { value: "run", label: t("menu.runCommand") },
    ...(rehearsal === undefined ? [] : [{ value: "rehearse", label: t("menu.rehearse") } as const]),
    { value: "back", label: t("menu.back") },
  ] as const;
  for (let question = `lanes ${name} ${line}`, at: Next = "run"; ; ) {
    const choice: Next | undefined = await prompts.select(question, choices, at);
    if (choice === undefined || choice === "back") return;
    const code = await run(name, choice === "run" ? line : `${rehearsal} ${line}`, prompts);
    question = choice === "run" ? t("menu.exitCode", { code }) : `lanes ${name} ${line}`;
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

/** Runs the line as if it had been typed: by a shell, and the terminal is its own while it runs, Ctrl-C included. */
async function run(name: string, line: string, { terminal, options }: Prompts): Promise<number> {
  terminal.restore();
  const self = selfCommand(name);
  const words = self.map((_, i) => `"$\{${i}}"`).join(" ");
  const variables = { ...environment(), LANES_LANG: currentLanguage() };
  const { cmd, env } = spawnable(["sh", "-c", `exec ${words} ${line}`, ...self], variables);
  const child = Bun.spawn(cmd, {
    stdio: ["inherit", "inherit", "inherit"],
    env,
    signal: options.signal,
  });
  return child.exited;
}
