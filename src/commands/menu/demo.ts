/** One demo in the menu: how to run it, the prediction, the lanes while it runs, the result, and what next. */

import type { Stopper } from "../../cli/stop.ts";
import { type Demo, defaultParams, type Params } from "../../demos/define.ts";
import type { Played } from "../../demos/play.ts";
import { t } from "../../i18n/index.ts";
import { Recording } from "../../recording/recording.ts";
import { codeLines, introLines, resultSections } from "../../show/text.ts";
import { demoWords } from "../../show/words.ts";
import { Key } from "../../terminal/keyboard.ts";
import { type Choice, InputEnded, type Prompts } from "../../terminal/prompts.ts";
import { playLive } from "../demo/watch.ts";
import { canExplore, exploreListings } from "./explore.ts";
import { askParameter, changeOne, paramText } from "./parameters.ts";
import { orExplained, showPages } from "./show.ts";

export interface DemoMenu {
  readonly demo: Demo;
  readonly prompts: Prompts;
  readonly stopper: Stopper;
  /** The title of the demo that follows, if one does. */
  readonly following: string | undefined;
  /** What its parameters were set to last time; undefined if never. */
  readonly params: Params | undefined;
  /** Called when a parameter was changed. */
  readonly onParams: (params: Params) => void;
  /** Called when it has been played; what it returns is shown below the result. */
  readonly onPlayed: (played: Played, predicted: string | undefined) => Promise<string | undefined>;
}

type AfterPlay =
  | "again"
  | "suggested"
  | "change"
  | "compare"
  | "predict"
  | "code"
  | "replay"
  | "export"
  | "explore"
  | "following"
  | "back";

/** Plays a demo as often as the person wants. @returns what they want then: the following demo, or the menu. */
export async function demoMenu(menu: DemoMenu): Promise<"following" | "back"> {
  const { demo, prompts } = menu;
  const { terminal } = prompts;
  terminal.write(`\n${introLines(demo.name, terminal.style).join("\n")}\n`);
  let params = await chooseParameters(menu, menu.params ?? defaultParams(demo));
  let ask = true;
  while (params !== undefined) {
    const predicted: string | undefined = ask ? await predict(demo, params, prompts) : undefined;
    if (ask && demo.prediction !== undefined && predicted === undefined) {
      params = await chooseParameters(menu, params); // Esc: back to the step before
      continue;
    }
    const played = await play(menu, params, predicted);
    if (played === "left") return "back";
    const next = await whatNext(menu, played, params);
    if (next === undefined || next === "following") return next ?? "back";
    ({ params, ask } = next);
    menu.onParams(params);
  }
  return "back";
}

/** Run it, or change a parameter first; undefined for Esc. */
async function chooseParameters({ demo, prompts, onParams }: DemoMenu, params: Params): Promise<Params | undefined> {
  for (let chosen = params; ; ) {
    const choice = await prompts.select(t("menu.ready"), [
      { value: "", label: t("menu.run"), hint: demo.params.map((param) => paramText(param, chosen)).join("  ") },
      ...demo.params.map((param) => ({
        value: param.name,
        label: t("menu.change", { name: paramText(param, chosen) }),
      })),
    ]);
    if (choice === undefined) return undefined;
    const param = demo.params.find(({ name }) => name === choice);
    if (param === undefined) return chosen;
    chosen = (await askParameter(param, chosen, prompts)) ?? chosen;
    onParams(chosen);
  }
}

/** What the person expects; undefined for Esc, and where there is nothing to predict. */
async function predict({ name, prediction }: Demo, params: Params, prompts: Prompts): Promise<string | undefined> {
  if (prediction === undefined) return undefined;
  const choices = prediction.choices.map((value) => ({
    value,
    label: demoWords(name, `predict.${value}`, params) || value,
  }));
  return prompts.select(demoWords(name, "predict", params), choices);
}

/**
 * Plays it live and shows what came of it; undefined if it ended with an error, which is shown; `left` for Esc.
 * @throws InputEnded for Ctrl-D; the stopper's reason.
 */
async function play(
  menu: DemoMenu,
  params: Params,
  predicted: string | undefined,
): Promise<Played | "left" | undefined> {
  const { demo, prompts, stopper } = menu;
  const { terminal } = prompts;
  terminal.write("\n");
  return orExplained(prompts, stopper, async () => {
    const { played, lanes } = await playLive(demo, { params, stopper, recording: new Recording() }, terminal);
    const note = await menu.onPlayed(played, predicted);
    await showPages(() => resultSections(played, terminal.style, predicted), prompts, lanes);
    if (note !== undefined) terminal.write(`\n${note}\n`);
    return played;
  });
}

/** What to do after a run: leave (undefined or `following`), or run it with these parameters. */
async function whatNext(
  menu: DemoMenu,
  played: Played | undefined,
  params: Params,
): Promise<"following" | { params: Params; ask: boolean } | undefined> {
  const { demo, prompts, following } = menu;
  const changed: Params = { ...params, ...played?.outcome.suggestion };
  const change = demo.params
    .filter(({ name }) => changed[name] !== params[name])
    .map((param) => paramText(param, changed))
    .join(", ");
  const choices: Choice<AfterPlay>[] = [
    { value: "again", label: t("menu.again") },
    ...(change === "" ? [] : [{ value: "suggested", label: t("menu.suggested", { change }) } as const]),
    ...(demo.params.length === 0
      ? []
      : ([
          { value: "compare", label: t("compare.menu") },
          { value: "change", label: t("menu.changeOne") },
        ] as const)),
    ...(demo.prediction === undefined ? [] : [{ value: "predict", label: t("menu.predict") } as const]),
    ...(played === undefined ? [] : [{ value: "replay", label: t("menu.replay") } as const]),
    { value: "code", label: t("menu.code") },
    ...(played === undefined ? [] : [{ value: "export", label: t("export.menu") } as const]),
    ...(canExplore(demo.name) ? [{ value: "explore", label: t("menu.explore") } as const] : []),
    ...(following === undefined
      ? []
      : [{ value: "following", label: t("menu.nextDemo", { title: following }) } as const]),
    { value: "back", label: t("menu.back") },
  ];
  for (let at: AfterPlay = "again"; ; ) {
    const next: AfterPlay | undefined = await prompts.select(t("menu.next"), choices, at);
    if (next === undefined || next === "back") return undefined;
    if (next === "following") return next;
    if (next === "again") return { params, ask: false };
    if (next === "predict") return { params, ask: true };
    if (next === "suggested") return { params: changed, ask: demo.prediction !== undefined };
    if (next === "compare") {
      const { compareMenu } = await import("./compare.ts");
      await compareMenu(menu, params, played?.outcome.suggestion ?? {});
    } else if (next === "replay" && played !== undefined) await stepThroughPlayed(menu, played);
    else if (next === "code") {
      prompts.terminal.write(`\n${codeLines(demo, params, prompts.terminal.style).join("\n")}\n`);
    } else if (next === "export") {
      if (played !== undefined) await (await import("./export.ts")).exportPlayed(played, prompts);
    } else if (next === "explore") {
      await exploreListings(prompts, menu.stopper);
    } else {
      const other = await changeOne(demo.params, params, prompts);
      if (other !== undefined) return { params: other, ask: demo.prediction !== undefined };
    }
    at = next;
  }
}

/** Steps through what was just played, from its most telling moment on. @throws InputEnded for Ctrl-D. */
async function stepThroughPlayed({ prompts, stopper }: DemoMenu, { demo, document, recording }: Played): Promise<void> {
  const { mostTellingStep, replayOfDemo } = await import("../replay/viewed.ts");
  const { stepThrough } = await import("../../show/replay/stepper.ts");
  const replay = replayOfDemo(demo, document.params, recording.events());
  const key = await stepThrough({
    replay,
    terminal: prompts.terminal,
    step: mostTellingStep(replay),
    signal: stopper.signal,
    onInterrupt: () => stopper.stop("SIGINT"),
  });
  if (key === Key.end) throw new InputEnded();
}
