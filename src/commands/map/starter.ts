/** `lanes map --new FILE`: a module to begin with, and the types it uses, beside it. */

import { writeFileSync } from "node:fs";
import { ExitCode, errnoCode, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { folderPath, joinPath, lastPart, systemPath } from "../../os/bytes/paths.ts";
import { writeErr } from "../../os/stdout.ts";
import { contextType } from "./context.macro.ts" with { type: "macro" };

const TYPES = "lanes-map.d.ts";

const starter = `// A function for lanes map. Try:  printf '1\\n2\\n3\\n' | lanes map FILE
import type { Context } from "./lanes-map.js";

// Called once for each item, on one of several worker processes. The item is a line of the input (a string), or with
// --input jsonl what that line holds as JSON. May be async. What it returns is printed as one line of JSON.
export default function (item: string, { index }: Context) {
  return { index, item, length: item.length };
}

// Called once in each worker before its first item, with  lanes map --init setup FILE
export async function setup() {
  // open a connection, load a model …
}
`;

const types = `${contextType()}
/** A function for lanes map. */
export type MapFunction<Item = string, Result = unknown> = (item: Item, context: Context) => Result | Promise<Result>;
`;

/** Writes both files; never over one that is there (the types may be: they are always the same). @returns the exit code. */
export function writeStarter(file: string): number {
  const types_ = joinPath(folderPath(file), TYPES);
  write(file, starter.replace("FILE", lastPart(file)).replace("setup FILE", `setup ${lastPart(file)}`), "wx");
  write(types_, types, "w");
  writeErr(
    `lanes: ${t("map.new.done", { file, types: types_, command: `printf '1\\n2\\n3\\n' | lanes map ${file}` })}\n`,
  );
  return ExitCode.ok;
}

function write(file: string, text: string, flag: "w" | "wx"): void {
  try {
    writeFileSync(systemPath(file), text, { flag });
  } catch (error) {
    const code = errnoCode(error);
    if (code === "EEXIST") throw usageError("map.new.exists", { file }, error);
    throw usageError("map.new.cannot", { file, reason: code ?? String(error) }, error);
  }
}
