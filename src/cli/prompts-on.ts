/** Questions at a terminal, which end when the person or a signal stops the command. */
import { t } from "../i18n/index.ts";
import { Prompts } from "../terminal/prompts.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Stopper } from "./stop.ts";

/** Ctrl-C in a question stops as SIGINT does. */
export const promptsOn = (terminal: Terminal, stopper: Stopper): Prompts =>
  new Prompts(terminal, {
    signal: stopper.signal,
    onInterrupt: () => stopper.stop("SIGINT"),
    filled: () => t("view.text.filled"),
  });
