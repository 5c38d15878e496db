/** `lanes --help`: what there is. */
import { aboutOption, say } from "../cli/help.ts";
import { message, t } from "../i18n/index.ts";
import type { CommandCatalog } from "./entry.ts";

/** The help of `lanes` without a command. */
export function rootHelp({ entries, options: all, examples }: CommandCatalog): string {
  const commands = Object.entries(entries).map(([name, { summary }]) => [name, message(summary)] as const);
  const options = Object.values(all).map((option) => [option.flags.replace(/[<>]/g, ""), aboutOption(option)] as const);
  return `${t("cli.tagline")}

${t("help.usage")}lanes [COMMAND]

${t("help.examples")}
${table(
  examples.map(([line, what]) => [line, say(what)] as const),
  36,
)}

${t("help.commands")}
${table(commands)}

${t("help.options")}
${table(options)}
`;
}

function table(rows: readonly (readonly [string, string])[], width = Math.max(...rows.map(([term]) => term.length))) {
  return rows.map(([term, text]) => `  ${term.padEnd(width)}  ${text}`).join("\n");
}
