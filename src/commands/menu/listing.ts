/** The tutorial's listing, as the menu writes it for those who have none of their own: race's Python, with the parameters chosen. */
import { loadDemo } from "../../demos/catalog.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { findIfExecutable } from "../../os/exec/find-executable.ts";
import type { Params } from "../../recording/results/demo.ts";
import { programWith } from "../../recording/results/program.ts";

/** Whether there is a Python that runs it. */
export const hasPython = (): boolean => findIfExecutable("python3", environment().PATH) !== null;

/** @param chosen what differs from the demo's defaults. */
export async function listing(chosen: Params): Promise<string> {
  const race = await loadDemo("race");
  const defaults = Object.fromEntries(race.params.map(({ name, default: value }) => [name, value]));
  return `${programWith(race.code.python, "python", { ...defaults, ...chosen })}\n`;
}
