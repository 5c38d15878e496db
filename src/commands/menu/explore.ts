/** "And in your own code?": the tutorial's listing, without its lock and with it, in every order that is found. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Stopper } from "../../cli/stop.ts";
import { t } from "../../i18n/index.ts";
import { temporaryFolder } from "../../os/bytes/bytes.ts";
import { joinPath } from "../../os/bytes/paths.ts";
import { temporary } from "../../os/files/tempfile.ts";
import { isLinuxX64 } from "../../os/platform.ts";
import type { Prompts } from "../../terminal/prompts.ts";
import { hasPython, listing } from "./listing.ts";
import { runOwnWork } from "./own-command.ts";

/** After these demos it is shown. */
const demos: readonly string[] = ["race", "mutex"];
/** Each of three processes adds 1 once, and does not sleep: one order is as wrong as four hundred rounds, and takes no time. */
const small = { procs: 3, rounds: 1, gap: 0, mode: "natural" };
const listings = [
  ["off", "menu.explore.without"],
  ["on", "menu.explore.with"],
] as const;
const RUNS = 20;

/** Whether it can be shown here, and after which demos. */
export const canExplore = (demo: string): boolean => demos.includes(demo) && isLinuxX64 && hasPython();

/** The tutorial's listing, small, without its lock or with it. */
export const smallListing = (lock: "off" | "on"): Promise<string> => listing({ ...small, lock });

/** Explores both, and says how it is done for one's own program. */
export async function exploreListings(prompts: Prompts, stopper: Stopper): Promise<void> {
  const folder = temporary((base) => mkdtempSync(joinPath(base || temporaryFolder(), "lanes-listing-")));
  try {
    for (const [lock, words] of listings) {
      const file = lock === "on" ? "mutex.py" : "race.py";
      writeFileSync(joinPath(folder, file), await smallListing(lock));
      prompts.terminal.write(`\n${t(words)}\n\n`);
      await runOwnWork("explore", `--runs ${RUNS} python3 ${file}`, prompts.terminal, stopper, folder);
      rmSync(joinPath(folder, file));
    }
    prompts.terminal.write(`\n${t("menu.explore.yours")}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
