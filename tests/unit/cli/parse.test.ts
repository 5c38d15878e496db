/** Every option of every command, in every spelling, through the one parser. */
import { beforeEach, describe, expect, test } from "bun:test";
import { parse, split } from "../../../src/cli/parse.ts";
import { type Command, command, commonOptions, flag, namesOf, option, optional } from "../../../src/cli/table.ts";
import { entries } from "../../../src/commands/catalog.ts";
import { LanesError } from "../../../src/errors.ts";
import { currentLanguage, setLanguage } from "../../../src/i18n/index.ts";

beforeEach(() => setLanguage("en"));

/** A command to try spellings on. */
const tool = (optionsUntil: number) =>
  command({
    name: "tool",
    usage: "",
    about: () => "",
    examples: [],
    operands: [{ name: "WORD", optional: true, many: true }],
    optionsUntil,
    options: {
      jobs: option(
        "-j, --jobs <n>",
        () => "",
        (value) => value,
      ),
      keep: flag("-k, --keep", () => ""),
      shell: optional(
        "--shell[=<path>]",
        () => "",
        (value) => value ?? "sh",
      ),
      vs: option(
        "--vs <a=b>",
        () => "",
        (value, before?: string) => (before === undefined ? value : `${before},${value}`),
      ),
    },
    run: async () => 0,
  });

const read = (args: readonly string[], optionsUntil = Number.POSITIVE_INFINITY) => {
  const line = parse(tool(optionsUntil), args);
  if (line === "help") return line;
  return { ...line.options, words: line.words };
};
const failure = (args: readonly string[], row: Command = tool(0)) => {
  try {
    parse(row, args);
  } catch (error) {
    expect(error).toBeInstanceOf(LanesError);
    return { code: (error as LanesError).exitCode, message: (error as LanesError).message };
  }
  return expect.unreachable();
};

describe("spellings", () => {
  test.each([
    [["-j2"], "2"],
    [["-j", "2"], "2"],
    [["--jobs", "2"], "2"],
    [["--jobs=2"], "2"],
    [["-j=2"], "=2"],
    [["--jobs="], ""],
    [["-j", ""], ""],
    [["-j", "--keep"], "--keep"],
    [["-j", "--"], "--"],
    [["-j1", "--jobs=2"], "2"],
    [["--jobs=a=b"], "a=b"],
  ])("%j", (args, value) => {
    expect(read(args)).toEqual({ jobs: value, words: [] });
  });

  test("switches stand in a bunch, the last of which can have a value", () => {
    expect(read(["-kj2"])).toEqual({ keep: true, jobs: "2", words: [] });
    expect(read(["-kqj", "2"])).toMatchObject({ keep: true, quiet: true, jobs: "2" });
  });

  test("an optional value has to be joined", () => {
    expect(read(["--shell", "bash"])).toEqual({ shell: "sh", words: ["bash"] });
    expect(read(["--shell=bash"])).toEqual({ shell: "bash", words: [] });
  });

  test("of an option and the one that takes it back, the last one counts", () => {
    const row = {
      ...tool(0),
      options: {
        on: { ...flag("--on", () => ""), undoes: "off" },
        off: { ...flag("--no-on", () => ""), undoes: "on" },
      },
    };
    expect(parse(row, ["--on", "--no-on"])).toMatchObject({ options: { off: true } });
    expect(parse(row, ["--no-on", "--on"])).toMatchObject({ options: { on: true } });
    expect(parse(row, ["--no-on", "--on"])).not.toHaveProperty("options.off");
  });

  test("values that add up do", () => {
    expect(read(["--vs", "a=1", "--vs=b=2"])).toMatchObject({ vs: "a=1,b=2" });
  });

  test("-- ends the options, - is an operand, an empty word too", () => {
    expect(read(["-k", "--", "-j", "2"])).toEqual({ keep: true, words: ["-j", "2"] });
    expect(read(["-", "-k", ""])).toEqual({ keep: true, words: ["-", ""] });
  });

  test("options stand anywhere, or before the first operand, or around it", () => {
    expect(read(["a", "-k", "b"])).toEqual({ keep: true, words: ["a", "b"] });
    expect(read(["a", "-k", "--", "b"], 0)).toEqual({ words: ["a", "-k", "--", "b"] });
    expect(read(["a", "-k", "b", "-k", "--"], 1)).toEqual({ keep: true, words: ["a", "b", "-k", "--"] });
    expect(read(["a", "-k", "--", "-j"], 1)).toEqual({ keep: true, words: ["a", "-j"] });
  });
});

describe("mistakes", () => {
  test("are one line with exit code 2, and name the option", () => {
    expect(failure(["--nope"])).toEqual({ code: 2, message: "unknown option '--nope'; see: lanes tool --help" });
    expect(failure(["--kepe"]).message).toBe("unknown option '--kepe'; did you mean '--keep'?");
    expect(failure(["--jobs"]).message).toBe("option '-j, --jobs <n>' needs a value; see: lanes tool --help");
    expect(failure(["--keep=yes"]).message).toBe("option '--keep' takes no value; see: lanes tool --help");
    expect(failure(["-kx"]).message).toContain("unknown option '-x'");
  });

  test("are said in the language that the line asks for, wherever it stands", () => {
    for (const args of [
      ["--lang", "zh", "--nope"],
      ["--nope", "--lang=zh"],
      ["-j", "1", "--nope", "--lang", "zh"],
    ])
      expect(failure(args).message).toContain("未知选项");
    expect(failure(["--lang", "xx"]).message).toContain("--lang");
  });

  test("what stands behind the first operand of somebody else's command is none", () => {
    expect(read(["cmd", "--nope", "--lang", "xx"], 0)).toEqual({ words: ["cmd", "--nope", "--lang", "xx"] });
    expect(currentLanguage()).toBe("en");
  });

  test("help is given whatever else is wrong", () => {
    expect(read(["--nope", "-h"])).toBe("help");
    expect(read(["-k", "--help"], 0)).toBe("help");
  });

  test("operands that are missing, or too many", () => {
    const row = { ...tool(Number.POSITIVE_INFINITY), operands: [{ name: "FILE" }] };
    expect(failure([], row).message).toContain("'FILE' is missing");
    expect(failure(["a", "b"], row).message).toContain("too many arguments");
  });
});

describe("every option of every command", async () => {
  const lines = Object.entries(entries).flatMap(([name, { below = [] }]) => [
    [name],
    ...below.map((word) => [name, word]),
  ]);
  for (const [name = "", ...args] of lines) {
    const row = await entries[name]!.load(args);
    const all = Object.entries({ ...row.options, ...commonOptions });

    test(`${row.name}: in all its spellings, before and after --lang, twice`, () => {
      const givenIn = (words: readonly string[]) =>
        split(row, words)
          .given.filter(({ key }) => key !== "lang")
          .map(({ key, value }) => [key, value]);
      for (const [key, one] of all.filter(([key]) => key !== "lang")) {
        for (const spelt of namesOf(one)) {
          const long = spelt.startsWith("--");
          const forms: [string[], string | undefined][] =
            one.takes === "nothing"
              ? [[[spelt], undefined]]
              : [
                  [[long ? `${spelt}=2` : `${spelt}2`], "2"],
                  [[long ? `${spelt}==2` : `${spelt}=2`], "=2"],
                  ...(long ? [[[`${spelt}=`], ""] as [string[], string]] : []),
                  one.takes === "optional" ? [[spelt], undefined] : [[spelt, "2"], "2"],
                ];
          for (const [words, value] of forms) {
            const wanted = [key, value];
            expect(givenIn(words)).toEqual([wanted]);
            expect(givenIn(["--lang", "en", ...words])).toEqual([wanted]);
            expect(givenIn([...words, "--lang=en"])).toEqual([wanted]);
            expect(givenIn([...words, ...words])).toEqual([wanted, wanted]);
            expect(split(row, ["--", ...words])).toMatchObject({ given: [], words });
          }
        }
      }
    });

    test(`${row.name}: no two options share a name`, () => {
      const names = all.flatMap(([, one]) => namesOf(one));
      expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
    });
  }
});
