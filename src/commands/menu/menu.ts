/**
 * `lanes` in a terminal: the menu. Pick a demo, play it, pick the next one; or build a command for one's own work.
 *
 * The first frame is drawn before anything is loaded that it does not need: neither a demo nor the prompt library.
 */

import type { Look } from "../../cli/audience.ts";
import { promptsOn } from "../../cli/prompts-on.ts";
import { type Stopper, stoppable } from "../../cli/stop.ts";
import { terminalOn } from "../../cli/terminal-on.ts";
import { type DemoName, demoGroup, demoNames, loadDemo } from "../../demos/catalog.ts";
import type { Params } from "../../demos/define.ts";
import type { Played } from "../../demos/play.ts";
import { ExitCode } from "../../errors.ts";
import { message, t } from "../../i18n/index.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { usableCores } from "../../os/cores.ts";
import { nextInCourse } from "../../progress/course.ts";
import { journalFile, readJournal } from "../../progress/journal.ts";
import type { Play } from "../../recording/results/plays.ts";
import { demoWords } from "../../show/words.ts";
import type { PickerItem } from "../../terminal/picker.ts";
import { InputEnded, type Prompts } from "../../terminal/prompts.ts";
import { version } from "../../version.ts";
import { builders } from "./builders.ts";
import { buildCommand, ownWorkItems } from "./own-work.ts";

export interface MenuOptions extends Look {
  /** What is played is remembered in later runs, and what was played in earlier ones is marked. */
  readonly state: boolean;
}

const systems: Readonly<Record<string, string>> = { linux: "Linux", darwin: "macOS" };

/**
 * Shows the menu until the person leaves. stdin and stdout must be terminals.
 * @returns the exit code: 0 after Esc or Ctrl-D, 130 after Ctrl-C, 128+n after signal n.
 */
export async function menu(options: MenuOptions): Promise<number> {
  const terminal = terminalOn(1, options);
  return stoppable(async (stopper) => {
    const prompts = promptsOn(terminal, stopper);
    try {
      await mainMenu(prompts, stopper, options.state);
    } catch (error) {
      if (!(error instanceof InputEnded)) throw error;
    } finally {
      terminal.restore();
    }
    return ExitCode.ok;
  });
}

/** What was done so far: in this menu, and in earlier ones if those are to be remembered. */
interface Session {
  readonly plays: Play[];
  readonly params: Map<DemoName, Params>;
  readonly state: boolean;
  /** The person was told that plays cannot be kept: once is enough. */
  told: boolean;
}

async function mainMenu(prompts: Prompts, stopper: Stopper, state: boolean): Promise<void> {
  const session: Session = { plays: state ? earlierPlays() : [], params: new Map(), state, told: false };
  const names = demoNames.filter((name) => demoWords(name, "title") !== "");
  let initial: string | undefined = nextInCourse(names, session.plays);
  const words = { keys: t("view.pick.keys"), filter: t("view.pick.filter"), none: t("view.pick.none") };
  for (let first = true; ; first = false) {
    const items = [...demoItems(names, new Set(session.plays.map(({ demo }) => demo))), ...ownWorkItems()];
    const options = { heading: heading(), message: t("menu.pick"), items, initial, words };
    if (first) prompts.showPick(options);
    const picked = await prompts.pick(options);
    if (picked === undefined) return;
    initial = picked;
    const builder = builders.find(({ name }) => name === picked);
    if (builder !== undefined) await buildCommand(builder, prompts, stopper);
    else initial = await playFrom(picked as DemoName, names, session, prompts, stopper);
  }
}

/** Plays a demo, and those that follow it as long as the person goes on. @returns the last one. */
async function playFrom(
  name: DemoName,
  names: readonly DemoName[],
  session: Session,
  prompts: Prompts,
  stopper: Stopper,
): Promise<DemoName> {
  const { demoMenu } = await import("./demo.ts");
  for (let current = name; ; ) {
    const following = names[names.indexOf(current) + 1];
    const next = await demoMenu({
      demo: await loadDemo(current),
      prompts,
      stopper,
      following: following === undefined ? undefined : demoWords(following, "title"),
      params: session.params.get(current),
      onParams: (params) => session.params.set(current, params),
      onPlayed: (played, predicted) => keep(played, predicted, session),
    });
    if (next === "back" || following === undefined) return current;
    current = following;
  }
}

/** Remembers a play. @returns what the person should know about it. */
async function keep(played: Played, predicted: string | undefined, session: Session): Promise<string | undefined> {
  const { playOf, remember } = await import("../demo/remember.ts");
  const play = playOf(played, predicted);
  session.plays.push(play);
  const trouble = session.state ? remember(play) : undefined;
  if (trouble === undefined || session.told) return undefined;
  session.told = true;
  return t("progress.notKept", { reason: trouble });
}

/** One small file, read before the first frame, which waits 0.4 ms for twenty plays, and 1 ms for two hundred. */
function earlierPlays(): Play[] {
  const file = journalFile(environment());
  return file === undefined ? [] : [...readJournal(file).plays];
}

function heading(): string {
  const system = `${systems[process.platform] ?? process.platform} ${process.arch}`;
  return t("menu.heading", { version, cores: usableCores(), system });
}

function demoItems(names: readonly DemoName[], played: ReadonlySet<string>): PickerItem[] {
  return names.map((name, index) => ({
    value: name,
    group: message(`group.${demoGroup(name)}`),
    number: String(index + 1),
    label: demoWords(name, "title"),
    name,
    keywords: `${demoWords(name, "summary")} ${demoWords(name, "keywords")}`,
    marked: played.has(name),
  }));
}
