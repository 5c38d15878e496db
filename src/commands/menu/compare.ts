/** "Compare, with one thing changed": which thing, both kinds of runs in turns, and what differs. */

import type { Stopper } from "../../cli/stop.ts";
import type { Demo, NumberParam, Params } from "../../demos/define.ts";
import { t } from "../../i18n/index.ts";
import { comparisonCommand, comparisonSections, warningLines } from "../../show/compare.ts";
import { labelled } from "../../show/words.ts";
import type { Prompts } from "../../terminal/prompts.ts";
import { playWithProgress } from "../demo/compare.ts";
import { askParameter, paramText } from "./parameters.ts";
import { orExplained, showPages } from "./show.ts";

export interface CompareMenu {
  readonly demo: Demo;
  readonly prompts: Prompts;
  readonly stopper: Stopper;
}

/**
 * Compares what was played with what the person says. Esc at any point leads back.
 * @param suggested what to change, as the demo suggests it.
 * @throws InputEnded for Ctrl-D; the stopper's reason.
 */
export async function compareMenu(menu: CompareMenu, params: Params, suggested: Params): Promise<void> {
  const { demo, prompts, stopper } = menu;
  const changed = await askChange(menu, params, suggested);
  if (changed === undefined) return;
  const { terminal } = prompts;
  await orExplained(prompts, stopper, async () => {
    const several = { variants: [params, changed], runs: undefined };
    const comparison = await playWithProgress(demo, several, stopper, terminal);
    const sections = () => {
      const { style, rows } = terminal;
      return [
        ...comparisonSections(comparison, style, lanesFor(rows)),
        warningLines(comparison).flatMap((text) => labelled(t("compare.menu.warning"), text, style)),
        comparisonCommand(comparison, style),
      ];
    };
    await showPages(sections, prompts);
  });
}

/** How many lanes of each timeline fit on a page: titles, what is left out, axis and legend take the rest. */
function lanesFor(rows: number): number {
  return Math.max(1, Math.floor((rows - 9) / 2));
}

/** One way to change something: to these parameters, or to whatever is typed for this one. */
type Change = { readonly label: string } & ({ readonly to: Params } | { readonly ask: NumberParam });

/** The parameters with one thing changed; undefined for Esc. */
async function askChange(
  { demo, prompts }: CompareMenu,
  params: Params,
  suggested: Params,
): Promise<Params | undefined> {
  const changes = changesOf(demo, params, suggested);
  const choices = changes.map(({ label }, i) => ({ value: String(i), label }));
  for (let at: string | undefined; ; ) {
    at = await prompts.select(t("compare.menu.which"), choices, at);
    const change = changes[Number(at)];
    if (at === undefined || change === undefined) return undefined;
    if ("to" in change) return change.to;
    const { name } = change.ask;
    const to = await askParameter(change.ask, params, prompts);
    if (to !== undefined && to[name] !== params[name]) return to;
    if (to !== undefined) prompts.terminal.write(`${t("compare.menu.same", { name, value: String(to[name]) })}\n`);
  }
}

/** The suggested change first, then each other value of a choice, and each number. */
function changesOf({ params: all }: Demo, params: Params, suggested: Params): Change[] {
  const differing = all.filter(({ name }) => suggested[name] !== undefined && suggested[name] !== params[name]);
  const to = { ...params, ...suggested };
  const first =
    differing.length === 0 ? [] : [{ label: differing.map((param) => paramText(param, to)).join(", "), to }];
  const others = all.flatMap((param): Change[] => {
    if (param.kind === "number") {
      const now = paramText(param, params).slice(param.name.length + 1);
      return [{ label: t("compare.menu.other", { name: param.name, now }), ask: param }];
    }
    return param.values
      .map((value) => ({ ...params, [param.name]: value }))
      .filter((changed) => changed[param.name] !== params[param.name])
      .map((changed) => ({ label: paramText(param, changed), to: changed }));
  });
  return [...first, ...others.filter(({ label }) => label !== first[0]?.label)];
}
