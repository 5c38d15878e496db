/** What completions and the man page say is what the help says: all of it, in both languages. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { helpText, say } from "../../../src/cli/help.ts";
import { type Command, namesOf } from "../../../src/cli/table.ts";
import { catalog, entries, rootOptions } from "../../../src/commands/catalog.ts";
import { bashCompletions } from "../../../src/commands/completions/bash.ts";
import { fishCompletions } from "../../../src/commands/completions/fish.ts";
import { zshCompletions } from "../../../src/commands/completions/zsh.ts";
import { type CommandDefinition, definitionsOf } from "../../../src/commands/definitions.ts";
import { manPage } from "../../../src/commands/man/page.ts";
import { type Language, setLanguage } from "../../../src/i18n/index.ts";

/** Every command line that has a help of its own. */
const lines = Object.entries(entries).flatMap(([name, { below = [] }]) => [
  [name],
  ...below.map((word) => [name, word]),
]);

const load = ([name = "", ...args]: readonly string[]): Promise<Command> => entries[name]!.load(args);

/** The options that a help lists, as it shows them: `-j, --jobs <n>`. */
const helpOptions = (help: string) =>
  [...help.matchAll(/^ {2}((?:-\w, )*--[\w-]+(?:, --[\w-]+)*(?: <[^>]+>|\[=<[^>]+>\])?)(?= |$)/gm)].map(
    ([, flags]) => flags!,
  );

describe.each(["en", "zh"] as const)("in %s", (language: Language) => {
  let all: CommandDefinition[];
  beforeAll(async () => {
    setLanguage(language);
    all = await definitionsOf(catalog);
  });
  afterAll(() => setLanguage("en"));

  test("every command and every option of its help is described, and stands in every completion script and the man page", async () => {
    const scripts = [bashCompletions(all), zshCompletions(all), fishCompletions(all)];
    const page = unescaped(manPage(all));
    let count = 0;
    for (const words of lines) {
      const help = helpText(await load(words));
      const definition = all.find(({ name }) => name === words.join(" "));
      expect(helpOptions(help).toSorted()).toEqual((definition?.options ?? []).map(({ flags }) => flags).toSorted());
      for (const script of scripts) for (const word of words) expect(script).toContain(word);
      expect(page).toContain(`\n.SS lanes ${words.join(" ")}`);
      for (const { flags, names, description } of definition?.options ?? []) {
        count++;
        expect(scripts[0]).toMatch(new RegExp(`^ {2}'${words.join(" ")}'\\).*options='[^']*${names.at(-1)}[ ']`, "m"));
        const long = names.at(-1)!.slice(2);
        expect(functionOf(scripts[1]!, words)).toContain(`--${long}`);
        expect(scripts[2]).toMatch(new RegExp(`'__lanes_option \\\\'${words.join(" ")}\\\\'' .*-l ${long}( |$)`, "m"));
        expect(page).toContain(`\n.B ${flags}\n`);
        expect(page).toContain(description.split("\n")[0]!);
      }
      for (const [command] of definition?.examples ?? []) expect(page).toContain(`\n${command}\n`);
    }
    expect(count).toBeGreaterThan(100);
    for (const { flags, about } of Object.values(rootOptions)) {
      expect(page).toContain(`\n.B ${flags}\n${say(about)}`);
      expect(scripts[0]).toMatch(
        new RegExp(`^ {2}''\\).*options='[^']*${flags.split(" ").find((word) => word.startsWith("--"))}[ ']`, "m"),
      );
    }
  });

  test("every word that is offered for an option's value is one that it takes", async () => {
    let count = 0;
    for (const words of lines) {
      const command = await load(words);
      for (const { names, value } of all.find(({ name }) => name === words.join(" "))!.options) {
        if (value?.kind.is !== "words") continue;
        const option = Object.values(command.options).find((one) => namesOf(one).at(-1) === names.at(-1));
        for (const word of value.kind.words) {
          count++;
          expect<unknown>(option?.read(word, undefined) ?? word).toBe(word);
        }
      }
    }
    expect(count).toBeGreaterThan(20);
  });
});

test("every demo's own choices are offered, and files, folders, commands where they are expected", async () => {
  const all = await definitionsOf(catalog);
  const find = (name: string) => all.find((one) => one.name === name)!;
  const kindOf = (name: string, option: string) =>
    find(name).options.find(({ names }) => names.includes(option))?.value?.kind;
  expect(kindOf("demo race", "--mode")).toEqual({ is: "words", words: ["natural", "staged"] });
  expect(kindOf("run", "--joblog")).toEqual({ is: "file" });
  expect(kindOf("run", "--results")).toEqual({ is: "dir" });
  expect(kindOf("demo race", "--procs")).toEqual({ is: "other" });
  expect(kindOf("map", "--chunk")).toEqual({ is: "words", words: ["auto"] });
  const kinds = (name: string) => find(name).operands.map(({ kind }) => kind.is);
  expect(kinds("lock")).toEqual(["file", "command"]);
  expect(kinds("run")).toEqual(["command"]);
  expect(kinds("map")).toEqual(["file", "file"]);
  expect(kinds("lock status")).toEqual(["file"]);
  expect(find("completions").operands[0]?.kind).toEqual({ is: "words", words: ["bash", "zsh", "fish"] });
  expect(["run", "map", "lock", "demo"].map((name) => find(name).optionsUntil)).toEqual([
    0,
    0,
    1,
    Number.POSITIVE_INFINITY,
  ]);
});

function functionOf(script: string, words: readonly string[]): string {
  const start = script.indexOf(`\n_lanes_${words.join("_")}() {`);
  expect(start).toBeGreaterThan(0);
  return script.slice(start, script.indexOf("\n}", start));
}

/** Without what roff needs: the text as it will be read. */
function unescaped(page: string): string {
  return page
    .replaceAll("\\:", "")
    .replaceAll("\\-", "-")
    .replaceAll("\\(dq", '"')
    .replaceAll("\\`", "`")
    .replace(/^\\&/gm, "")
    .replaceAll("\\e", "\\");
}
