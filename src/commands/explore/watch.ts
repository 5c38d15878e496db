/** What is shown on stderr while orders are tried: how far it is, and what was found. */
import { canDraw } from "../../cli/audience.ts";
import { terminalOn } from "../../cli/terminal-on.ts";
import type { ExploreWatcher } from "../../explore/explorer.ts";
import { t } from "../../i18n/index.ts";
import { truncate } from "../../terminal/layout.ts";
import { Frame } from "../../terminal/terminal.ts";
import type { ExploreRequest } from "./request.ts";

/** Drawn no more often, ms. */
const FRAME_MS = 100;

export interface ExploreWatch extends ExploreWatcher {
  /** Takes it away. May be called again. */
  end(): void;
}

/** Undefined where nobody watches. */
export function watchExplore(request: ExploreRequest, runs: number): ExploreWatch | undefined {
  if (!canDraw(2)) return undefined;
  const frame = new Frame(terminalOn(2, request));
  let drawnMs = Number.NEGATIVE_INFINITY;
  const draw = (text: string) => {
    if (performance.now() - drawnMs < FRAME_MS) return;
    drawnMs = performance.now();
    frame.draw([truncate(text, frame.terminal.style.columns - 1)]);
  };
  return {
    onRun: ({ run }, outcomes, wrong) => draw(t("explore.progress", { run, runs, outcomes, wrong })),
    onSmaller: (moves) => draw(t("explore.shrinking", { moves })),
    end: () => frame.clear(),
  };
}
