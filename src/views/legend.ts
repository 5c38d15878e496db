/** What the glyphs of a strip mean. */
import { message } from "../i18n/index.ts";
import type { LaneState } from "./history.ts";
import { wrap } from "./layout.ts";
import { strip } from "./strips.ts";
import { glyphsOf, type Style } from "./style.ts";

/** Lines that explain these states and no others. */
export function legend(states: readonly LaneState[], style: Style): string[] {
  const entries = states.map((state) => `${strip([state], glyphsOf(style), style)} ${message(`view.state.${state}`)}`);
  // An entry stays together: the wrapping breaks at spaces only, so its own are made unbreakable for the while.
  return wrap(entries.map((entry) => entry.replaceAll(" ", "\u00a0")).join("   "), style.columns).map((line) =>
    line.replaceAll("\u00a0", " "),
  );
}
