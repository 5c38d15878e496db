/** Exporting what was just played, from the menu: as what, under which name; then where it is. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import type { Played } from "../../demos/play.ts";
import { LanesError } from "../../errors.ts";
import { Destination } from "../../export/destination.ts";
import { t } from "../../i18n/index.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { absolutePath, joinPath } from "../../os/bytes/paths.ts";
import type { Prompts } from "../../terminal/prompts.ts";
import { exportDemo, reported } from "../demo/export.ts";
import { type ExportFormat, exportFormats } from "../export-options.ts";
import { Exports } from "../exports.ts";

/** Ends of file names. A trace's says what it is, because many files are JSON. */
const endings: Readonly<Record<ExportFormat, string>> = { html: "html", svg: "svg", trace: "trace.json" };

/** Asks, writes, and says where; Esc goes back a question. @throws as every question does. */
export async function exportPlayed(played: Played, prompts: Prompts): Promise<void> {
  for (let format: ExportFormat | undefined; ; ) {
    const choices = exportFormats.map((value) => ({ value, label: t(`export.menu.${value}`) }));
    format = await prompts.select(t("export.menu.format"), choices, format);
    if (format === undefined) return;
    const initial = freeName(`lanes-${played.demo.name}`, endings[format]);
    const file = await prompts.text(t("export.menu.file"), initial, (text) => wrongWith(format!, text));
    if (file === undefined) continue;
    const place = expanded(file);
    const failed = await exportDemo(new Exports({ [format]: place }), reported(played), false);
    if (failed === 0) prompts.terminal.write(`${t("export.wrote", { file: absolutePath(place) })}\n`);
    return;
  }
}

/** What is wrong with a file's name; undefined if nothing is. */
function wrongWith(format: ExportFormat, text: string): string | undefined {
  try {
    Destination.check(format, expanded(text), false);
    return undefined;
  } catch (error) {
    if (!(error instanceof LanesError)) throw error;
    return error.key === "export.error.exists" ? t("export.menu.exists", { file: text }) : error.message;
  }
}

/** No shell has read it: `~` is the person's folder here too. */
function expanded(text: string): string {
  return text.startsWith("~/") ? joinPath(environment().HOME || homedir(), text.slice(2)) : text;
}

/** A name in this folder that nothing has: `lanes-race.html`, `lanes-race-2.html` … */
function freeName(name: string, ending: string): string {
  for (let n = 1; ; n++) {
    const file = `${n === 1 ? name : `${name}-${n}`}.${ending}`;
    if (!existsSync(file)) return file;
  }
}
