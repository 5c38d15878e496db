/** What the menu shows when something was played, and what it says when that went wrong. */

import { explained } from "../../cli/report.ts";
import { t } from "../../i18n/index.ts";
import { linesOf } from "../../os/printable.ts";
import { Key } from "../../views/keyboard.ts";
import { pagesOf } from "../../views/pages.ts";
import { InputEnded, type Prompts } from "../../views/prompts.ts";
import { Left } from "../live.ts";
import type { Stopper } from "../signals.ts";

/** How many rows "What next?" takes at most, with its edges. */
const ROWS_OF_NEXT = 13;

/** Sections, page by page where the screen has not room for all of them and the question after them. */
export async function showPages(sections: readonly (readonly string[])[], prompts: Prompts): Promise<void> {
  const { terminal } = prompts;
  const { rows, columns } = terminal;
  const pages = pagesOf(sections, { rows: rows - 1, columns }, ROWS_OF_NEXT);
  for (const [i, page] of pages.entries()) {
    terminal.write(`\n${page.join("\n")}\n`);
    if (i < pages.length - 1) await prompts.pause(t("menu.goOn"));
  }
}

/**
 * What the work resolves to; undefined if it ended with an error, which is shown; `left` for Esc.
 * @throws InputEnded for Ctrl-D; the stopper's reason.
 */
export async function orExplained<T>(
  { terminal }: Prompts,
  stopper: Stopper,
  work: () => Promise<T>,
): Promise<T | "left" | undefined> {
  try {
    return await work();
  } catch (error) {
    stopper.signal.throwIfAborted();
    if (error instanceof InputEnded) throw error;
    if (error instanceof Left && error.key === Key.end) throw new InputEnded();
    if (error instanceof Left) return "left";
    terminal.write(`${t("menu.failed", { reason: linesOf(explained(error)) })}\n`);
    return undefined;
  }
}
