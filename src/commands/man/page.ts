/**
 * The manual page, lanes(1), as source for man(7) macros. Commands, options and examples come from their definitions; only
 * what no definition knows (exit codes, environment, files) is listed here.
 */
import { commonOptions, namesOf } from "../../cli/table.ts";
import { message, t } from "../../i18n/index.ts";
import type { MessageKey } from "../../i18n/phrase.ts";
import { version } from "../../version.ts";
import type { CommandDefinition, OptionDefinition } from "../definitions.ts";

const exitCodes = ["0", "1", "2", "75", "126", "127", "128+n"] as const;
const variables = [
  "LANES_LANG",
  "LC_ALL, LC_MESSAGES, LANG",
  "NO_COLOR",
  "CI",
  "LANES_SHELL",
  "XDG_STATE_HOME",
  "TMPDIR",
] as const;
const files = ["~/.local/state/lanes/progress.jsonl", "/tmp/lanes-UID/"] as const;
const others = ["flock", "parallel", "xargs", "ps"] as const;

/** The page, in the language spoken. */
export function manPage(commands: readonly CommandDefinition[]): string {
  const [root, ...named] = commands;
  if (root === undefined) throw new Error("a page without commands");
  return [
    `.\\" ${t("man.madeBy")}`,
    `.TH LANES 1 "" "lanes ${version}" "${line(t("man.title"))}"`,
    ".ad l",
    section("name", `lanes \\- ${line(root.summary.replace(/^lanes[:：] ?/, ""))}`),
    section("synopsis", ...[root, ...named.filter(({ name }) => !name.includes(" "))].flatMap(synopsis)),
    section("description", ...paragraphs(t("man.about"))),
    section("options", ...root.options.map(({ flags, description }) => item(flags, description))),
    section("commands", ...named.flatMap((command) => commandPart(command, named))),
    section("exit", ...exitCodes.map((code) => item(code, message(`man.exit.${code}` as MessageKey)))),
    section(
      "environment",
      ...variables.map((name) => item(name, message(`man.env.${name.split(",")[0]}` as MessageKey))),
    ),
    section("files", ...files.map((name, i) => item(name, message(`man.file.${i}` as MessageKey)))),
    section(
      "examples",
      ...commands
        .flatMap(({ examples }) => examples)
        .filter(isFirst)
        .flatMap(example),
    ),
    section("seeAlso", others.map((name) => `.BR ${name} (1)`).join(" ,\n")),
    "",
  ].join("\n");
}

type Section = MessageKey extends infer K ? (K extends `man.section.${infer Name}` ? Name : never) : never;

function section(name: Section, ...body: readonly string[]): string {
  return [`.SH ${line(t(`man.section.${name}`))}`, ...body].join("\n");
}

/** A line for each line of its usage; one after the first names its command itself. */
function synopsis({ name, usage }: CommandDefinition): string[] {
  const lines = usage.split("\n").map((one, i) => (i === 0 ? `${name} ${one}` : one.trim().replace(/^lanes /, "")));
  return lines.flatMap((one) => [...(name === "" ? [] : [".br"]), ".B lanes", line(one.trim())]);
}

/** A command; options that all those below it have are said once, before them. */
function commandPart(command: CommandDefinition, all: readonly CommandDefinition[]): string[] {
  const { name, usage, description, below } = command;
  const [first = ""] = usage.split("\n");
  const shared = below.length > 1 ? sharedOptions(childrenOf(command, all)) : [];
  const parent = all.find((one) => one.below.length > 1 && childrenOf(one, all).includes(command));
  const said = parent === undefined ? [] : sharedOptions(childrenOf(parent, all)).map(({ flags }) => flags);
  return [
    `.SS lanes ${line(`${name} ${first}`.trim())}`,
    ...paragraphs(description),
    ...items(command.options.filter(({ flags }) => !said.includes(flags))),
    ...(shared.length > 0
      ? [`.SS lanes ${line(`${name} ${below.length > 9 ? "NAME" : below.join("|")} [options]`)}`]
      : []),
    ...items(shared),
  ];
}

const childrenOf = ({ name, below }: CommandDefinition, all: readonly CommandDefinition[]) =>
  all.filter((one) => below.some((word) => one.name === `${name} ${word}`));

/** The options that all of them have, and `lanes` alone has not. */
function sharedOptions([first, ...others]: readonly CommandDefinition[]): OptionDefinition[] {
  const same = (one: OptionDefinition) => (other: OptionDefinition) =>
    other.flags === one.flags && other.description === one.description && other.default === one.default;
  return (first?.options ?? []).filter(
    (option) => !isCommon(option) && others.every(({ options }) => options.some(same(option))),
  );
}

function items(options: readonly OptionDefinition[]): string[] {
  return options
    .filter((option) => !isCommon(option))
    .map(({ flags, description, default: standard }) =>
      item(flags, standard === undefined ? description : t("help.default", { text: description, value: standard })),
    );
}

/** Options of every command, listed with `lanes` alone. */
const common = new Set(Object.values(commonOptions).flatMap(namesOf));
const isCommon = ({ names }: OptionDefinition) => names.some((name) => common.has(name));

const item = (term: string, text: string) => `.TP\n.B ${line(term)}\n${text.split("\n").map(line).join("\n.br\n")}`;

function example([command, what]: readonly [string, string]): string[] {
  return [`.TP\n${line(what)}\n.nf\n.ft CW\n${line(command)}\n.ft R\n.fi`];
}

const isFirst = ([command]: readonly [string, string], index: number, all: readonly (readonly [string, string])[]) =>
  all.findIndex(([other]) => other === command) === index;

/** An empty line between two, as the help shows it, is none of its own. */
const paragraphs = (text: string) =>
  text.split(/\n+/).flatMap((one, i) => (i === 0 ? [line(one)] : [".PP", line(one)]));

/**
 * Text for one line of input: nothing in it is a request, an escape, or a hyphen that may become another character, and
 * between two wide characters a line may end, but not before punctuation.
 */
function line(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll('"', "\\(dq").replaceAll("`", "\\`");
  const breakable = escaped.replace(/(?<=[\u2e80-\uffef])(?=[\u2e80-\uffef])(?![，。、；：！？）】」』”])/g, "\\:");
  return breakable.replace(/^([.'])/, "\\&$1");
}
