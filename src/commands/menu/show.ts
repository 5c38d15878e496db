/** What the menu shows when something was played, and what it says when that went wrong. */

import { explained } from "../../cli/report.ts";
import type { Stopper } from "../../cli/stop.ts";
import { t } from "../../i18n/index.ts";
import { linesOf } from "../../os/bytes/printable.ts";
import { pageLines, pagesOf, type Section } from "../../show/pages.ts";
import { CLEAR_SCREEN } from "../../terminal/ansi.ts";
import { Key } from "../../terminal/keyboard.ts";
import { pause } from "../../terminal/pause.ts";
import { InputEnded, type Prompts } from "../../terminal/prompts.ts";
import { Left } from "../demo/watch.ts";

/** How many rows "What next?" takes at most, with its edges. */
const ROWS_OF_NEXT = 13;

/**
 * Sections, page by page where the screen has not room for all of them and the question after them. When its size changes
 * the page is drawn anew: whoever enlarges the letters for the last row does it now.
 * @param sections for the size the screen has when it is called: as many each time, or empty where there is nothing to say.
 * @param above what stands above the first page.
 */
export async function showPages(
  sections: () => readonly Section[],
  prompts: Prompts,
  above: () => Section = () => [],
): Promise<void> {
  const { terminal } = prompts;
  for (let seen = 0; ; ) {
    const { rows, columns } = terminal;
    const left = sections().slice(seen);
    const [page, ...more] = pagesOf(
      left.filter((lines) => lines.length > 0),
      { rows: rows - 1, columns },
      ROWS_OF_NEXT,
    );
    if (page === undefined) return;
    terminal.write(`\n${pageLines(page).join("\n")}\n`);
    if (more.length === 0) return;
    if ((await pause(prompts.terminal, prompts.options, t("menu.goOn"))) !== "resized")
      seen += left.indexOf(page.at(-1) ?? []) + 1;
    else
      terminal.write(
        CLEAR_SCREEN +
          (seen === 0
            ? above()
                .map((line) => `${line}\n`)
                .join("")
            : ""),
      );
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
