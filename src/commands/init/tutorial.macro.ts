/** The tutorial's programs, as texts. A macro: it runs while the program is bundled. https://bun.com/docs/bundler/macros */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Their texts by their names. */
export function tutorialPrograms(): Record<string, string> {
  const folder = join(import.meta.dir, "tutorial");
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}
