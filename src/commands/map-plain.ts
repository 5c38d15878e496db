/** The way to `lanes map` that loads nothing it does not need. */
import { languageFrom, setLanguage } from "../i18n/index.ts";
import { mapOptions } from "./map-request.ts";
import { plainLine } from "./plain.ts";

/** Runs a plain `lanes map` line. @returns its exit code; undefined if the line has to be parsed in earnest. */
export async function runPlainMap(args: readonly string[]): Promise<number | undefined> {
  setLanguage(languageFrom(undefined, process.env));
  const line = plainLine(mapOptions, args);
  if (line === undefined || line.words.length === 0) return undefined;
  try {
    const { runMap } = await import("./map-run.ts");
    return await runMap(line);
  } catch (error) {
    const { report } = await import("./report.ts");
    return report(error);
  }
}
