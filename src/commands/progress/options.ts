/** `lanes progress`: what was played of the course, which predictions came true, what to play next; or a fresh start. */
import { isInteractive, styleOn } from "../../cli/audience.ts";
import { type Settings, settingsOf } from "../../cli/settings.ts";
import { command, flag } from "../../cli/table.ts";
import { demoGroup, demoNames } from "../../demos/catalog.ts";
import { ExitCode, LanesError, usageError } from "../../errors.ts";
import { message, t } from "../../i18n/index.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { printableJson } from "../../os/bytes/printable.ts";
import { writeErr, writeOut } from "../../os/stdout.ts";
import { nextInCourse, progressOf } from "../../progress/course.ts";
import { journalFile, readJournal, reasonOf, removeJournal } from "../../progress/journal.ts";
import type { Play } from "../../recording/results/plays.ts";
import { progressText } from "../../show/progress.ts";

export const progress = command({
  name: "progress",
  usage: "[options]",
  about: "progress.description",
  examples: [
    ["lanes progress", "progress.example.show"],
    ["lanes progress --json", "progress.example.json"],
    ["lanes progress --reset", "progress.example.reset"],
  ],
  operands: [],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: {
    json: flag("--json", "option.json"),
    reset: flag("--reset", "progress.option.reset"),
    force: flag("--force", "progress.option.force"),
  },
  async run({ options: { json = false, reset, force = false }, common }) {
    if (reset && json) throw usageError("cli.conflict", { one: "--reset", other: "--json" });
    const settings = settingsOf(common);
    return reset ? forget(force, settings) : show(json, settings);
  },
});

function show(json: boolean, settings: Settings): number {
  const file = journalFile(environment());
  const { plays, skipped, trouble } =
    file === undefined ? { plays: [], skipped: 0, trouble: undefined } : readJournal(file);
  const demos = progressOf(demoNames, plays);
  const next = nextInCourse(demoNames, plays);
  const say = (text: string) => writeErr(`lanes: ${text}\n`);
  if (file === undefined) say(t("progress.noPlace"));
  else if (trouble !== undefined) say(t("progress.unreadable", { file, reason: trouble }));
  else if (skipped > 0) say(t("progress.skipped", { file, lines: skipped }));
  if (json) {
    const list = demos.map(({ demo, last, ...counts }) => ({
      demo,
      group: demoGroup(demo),
      ...counts,
      last: last === undefined ? null : withoutName(last),
    }));
    writeOut(`${printableJson({ v: 1, file: file ?? null, next: next ?? null, demos: list })}\n`);
    return ExitCode.ok;
  }
  const shown = demos.map((one) => ({ ...one, group: message(`group.${demoGroup(one.demo)}`) }));
  writeOut(progressText({ demos: shown, next, file: plays.length > 0 ? file : undefined }, styleOn(1, settings)));
  return ExitCode.ok;
}

const withoutName = ({ demo: _, at, ...play }: Play) => ({ at: new Date(at).toISOString(), ...play });

/** Forgets everything, after asking: what a person did cannot be brought back. @returns the exit code. */
async function forget(force: boolean, settings: Settings): Promise<number> {
  const file = journalFile(environment());
  if (!force && !isInteractive()) throw usageError("progress.needsForce", {});
  const remove = () => {
    const done = file !== undefined && removed(file);
    if (!settings.quiet) writeErr(`lanes: ${t(done ? "progress.forgotten" : "progress.nothing")}\n`);
    return ExitCode.ok;
  };
  return force || file === undefined || isNothing(file) ? remove() : askThen(remove, file, settings);
}

/** Removes the file, if there is one. @throws LanesError `progress.notForgotten`. */
function removed(file: string): boolean {
  try {
    return removeJournal(file);
  } catch (error) {
    throw new LanesError("progress.notForgotten", { file, reason: reasonOf(error) }, { cause: error });
  }
}

function isNothing(file: string): boolean {
  const { plays, skipped, trouble } = readJournal(file);
  return plays.length === 0 && skipped === 0 && trouble === undefined;
}

/** @returns 0 if the person does not want it after all; 130 for Ctrl-C. */
async function askThen(remove: () => number, file: string, settings: Settings): Promise<number> {
  const [{ terminalOn }, { promptsOn }, { InputEnded }, { stoppable }] = await Promise.all([
    import("../../cli/terminal-on.ts"),
    import("../../cli/prompts-on.ts"),
    import("../../terminal/prompts.ts"),
    import("../../cli/stop.ts"),
  ]);
  const terminal = terminalOn(1, settings);
  return stoppable(async (stopper) => {
    const prompts = promptsOn(terminal, stopper);
    try {
      const answer = await prompts.select(t("progress.ask", { plays: readJournal(file).plays.length }), [
        { value: "keep", label: t("progress.keep") },
        { value: "forget", label: t("progress.forget") },
      ]);
      return answer === "forget" ? remove() : ExitCode.ok;
    } catch (error) {
      if (error instanceof InputEnded) return ExitCode.ok;
      throw error;
    } finally {
      terminal.restore();
    }
  });
}
