/** "And in your own code?": the tutorial's listing, without its lock and with it, in every order that is found. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Stopper } from "../../cli/stop.ts";
import { loadDemo } from "../../demos/catalog.ts";
import { t } from "../../i18n/index.ts";
import { environment, temporaryFolder } from "../../os/bytes/bytes.ts";
import { joinPath } from "../../os/bytes/paths.ts";
import { findIfExecutable } from "../../os/exec/find-executable.ts";
import { isLinux } from "../../os/platform.ts";
import { temporary } from "../../os/tempfile.ts";
import type { Prompts } from "../../terminal/prompts.ts";
import { runOwnWork } from "./own-command.ts";

const listings = [
  ["race", "menu.explore.without"],
  ["mutex", "menu.explore.with"],
] as const;
const RUNS = 20;

/** Whether it can be shown here, and after which demos. */
export const canExplore = (demo: string): boolean =>
  listings.some(([name]) => name === demo) &&
  isLinux &&
  process.arch === "x64" &&
  findIfExecutable("python3", environment().PATH) !== null;

/** The listing as a run in which each of three processes adds 1 once: there, an order is as wrong as in four hundred rounds. */
export function smallListing(python: string): string {
  return python
    .replace(/range\(4\)/, "range(3)")
    .replace(/path, (100|50)\b/, "path, 1")
    .replace(/\b(400|200)\b/, "3");
}

/** A demo's listing, made small. */
export const listingOf = async (demo: "race" | "mutex"): Promise<string> =>
  `${smallListing((await loadDemo(demo)).code.python)}\n`;

/** Explores both, and says how it is done for one's own program. */
export async function exploreListings(prompts: Prompts, stopper: Stopper): Promise<void> {
  const folder = temporary((base) => mkdtempSync(joinPath(base || temporaryFolder(), "lanes-listing-")));
  try {
    for (const [demo, words] of listings) {
      writeFileSync(joinPath(folder, `${demo}.py`), await listingOf(demo));
      prompts.terminal.write(`\n${t(words)}\n\n`);
      await runOwnWork("explore", `--runs ${RUNS} python3 ${demo}.py`, prompts.terminal, stopper, folder);
      rmSync(joinPath(folder, `${demo}.py`));
    }
    prompts.terminal.write(`\n${t("menu.explore.yours")}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
