/** What is shown on stderr while orders are tried: how far it is, and what was found. */
import { canDraw } from "../../cli/audience.ts";
import { terminalOn } from "../../cli/terminal-on.ts";
import type { ExploreWatcher } from "../../explore/explorer.ts";
import { t } from "../../i18n/index.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { truncate } from "../../terminal/layout.ts";
import { LiveFrame } from "../../terminal/live-frame.ts";
import type { ExploreRequest } from "./request.ts";

export interface ExploreWatch extends ExploreWatcher {
  /** Takes it away. May be called again. */
  end(): void;
}

/** Undefined where nobody watches, and where its lines are shown (--jsonl on a terminal). */
export function watchExplore(request: ExploreRequest, runs: number): ExploreWatch | undefined {
  if (!canDraw(2) || (request.options.jsonl && isTerminal(1))) return undefined;
  const terminal = terminalOn(2, request);
  let text = "";
  const lines = () => [truncate(text, terminal.columns - 1)];
  const live = new LiveFrame({ terminal, lines, belowOthers: true });
  const tell = (now: string) => {
    const isFirst = text === "";
    text = now;
    if (isFirst) live.start();
  };
  return {
    onRun: ({ run }, outcomes, wrong) => tell(t("explore.progress", { run, runs, outcomes, wrong })),
    onSmaller: (moves) => tell(t("explore.shrinking", { moves })),
    end() {
      live.stop();
      terminal.restore();
    },
  };
}
