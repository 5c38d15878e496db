/** `lanes init`, done. It overwrites nothing: what is there already is left as it is, and that is said. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { ExitCode, errnoCode, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { joinPath, systemPath } from "../../os/bytes/paths.ts";
import { writeErr } from "../../os/stdout.ts";
import { standardOptions, writeTypes } from "../check/types.ts";
import { tutorialPrograms } from "./tutorial.macro.ts" with { type: "macro" };

const tutorial = tutorialPrograms();
const TYPES = "types";

/** Writes the files. @returns the exit code. @throws LanesError (usage) if the folder cannot be written. */
export function runInit(dir: string, options: { readonly tutorial: boolean; readonly quiet: boolean }): number {
  const say = (text: string) => {
    if (!options.quiet) writeErr(`lanes: ${text}\n`);
  };
  const there = (name: string) => existsSync(systemPath(joinPath(dir, name)));
  const put = (name: string, write: (path: string) => void) => {
    const file = joinPath(dir, name);
    if (there(name)) return say(t("init.kept", { file }));
    write(file);
    say(t("init.wrote", { file }));
  };
  const text = (content: string) => (file: string) => writeFileSync(systemPath(file), content, { flag: "wx" });
  const programs = options.tutorial ? tutorial : { "hello.ts": tutorial["1-function.ts"] ?? "" };
  try {
    mkdirSync(systemPath(dir), { recursive: true });
    // npm deletes what it did not install, and brings the types along.
    const packaged = there("package.json");
    if (!packaged) {
      put(TYPES, writeTypes);
      put("tsconfig.json", text(`${JSON.stringify({ compilerOptions: standardOptions(`./${TYPES}`) }, null, 2)}\n`));
    }
    for (const [name, content] of Object.entries(programs)) put(name, text(content));
    if (packaged) say(t("init.package", { file: joinPath(dir, "package.json") }));
    const [first = ""] = Object.keys(programs);
    say(t("init.try", { command: `lanes ${joinPath(dir, first)}` }));
    return ExitCode.ok;
  } catch (error) {
    throw usageError("init.cannot", { dir, reason: errnoCode(error) ?? String(error) }, error);
  }
}
