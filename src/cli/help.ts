/** A command's help, from its row in the table: usage, examples, operands, options. */
import { message, t } from "../i18n/index.ts";
import { windowSize } from "../os/tty/tty.ts";
import { type About, type Command, commonOptions, type Option } from "./table.ts";

/** What words say, in the language spoken. */
export function say(about: About): string {
  return typeof about === "function" ? about() : message(about);
}

/** An option's words, with its value where it is not given. */
export function aboutOption({ about, standard }: Option): string {
  const text = say(about);
  return standard === undefined ? text : t("help.default", { text, value: String(standard) });
}

/** The help of a command, as wide as the terminal. */
export function helpText({ name, usage, about, examples, operands, options }: Command): string {
  const columns = Math.min(100, windowSize(1).columns);
  const all = [...Object.values(options), ...Object.values(commonOptions)];
  const arguments_ = operands.flatMap((operand) =>
    operand.about === undefined ? [] : [[operand.name, say(operand.about)] as const],
  );
  const sections = [
    [`${t("help.usage")}lanes ${name} ${usage}`.trimEnd(), "", Bun.wrapAnsi(say(about), columns)],
    examples.length > 0
      ? [
          t("help.examples"),
          ...rows(
            examples.map(([line, what]) => [line, say(what)] as const),
            columns,
          ),
        ]
      : [],
    arguments_.length > 0 ? [t("help.arguments"), ...rows(arguments_, columns)] : [],
    [
      t("help.options"),
      ...rows(
        all.map((option) => [option.flags, aboutOption(option)] as const),
        columns,
      ),
    ],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

/** Two columns; a term that is too long for its own stands on a line of its own. */
export function rows(pairs: readonly (readonly [term: string, text: string])[], columns: number): string[] {
  const width = Math.min(34, Math.max(0, ...pairs.map(([term]) => Bun.stringWidth(term))));
  return pairs.map(([term, text]) => {
    const pad = " ".repeat(Math.max(0, width - Bun.stringWidth(term)));
    const [first = "", ...more] = Bun.wrapAnsi(text, Math.max(20, columns - 4 - width), { trim: true }).split("\n");
    const head =
      Bun.stringWidth(term) > width ? `  ${term}\n  ${" ".repeat(width)}  ${first}` : `  ${term}${pad}  ${first}`;
    return [head, ...more.map((line) => `  ${" ".repeat(width)}  ${line}`)].join("\n");
  });
}
