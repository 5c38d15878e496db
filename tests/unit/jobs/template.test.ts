import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { shellQuote } from "../../../src/jobs/input/quote.ts";
import { Template } from "../../../src/jobs/input/template.ts";
import { dialectOf } from "../../../src/jobs/shell/dialect.ts";
import { anyCharacter } from "../../support/any-text.ts";

const argv = (command: string[], values: string[], seq = 1, slot = 1) =>
  new Template(command, { shell: null }).compose({ seq, slot, values }).argv;
const line = (command: string, values: string[]) =>
  new Template([command], { shell: { path: "/bin/sh", dialect: dialectOf("sh") } }).compose({ seq: 7, slot: 2, values })
    .text;
const sh = (script: string) => Bun.spawnSync(["/bin/sh", "-c", script]).stdout.toString();

describe("placeholders mean what GNU parallel makes of them", () => {
  // value → {.} {/} {//} {/.}, as printed by GNU parallel 20221122
  const table: Record<string, [string, string, string, string]> = {
    "a/b.c.d": ["a/b.c", "b.c.d", "a", "b.c"],
    "/x": ["/x", "x", "/", "x"],
    "x/": ["x/", "", ".", ""],
    "/a/b/": ["/a/b/", "", "/a", ""],
    ".bashrc": ["", ".bashrc", ".", ""],
    "dir/.hid": ["dir/", ".hid", "dir", ""],
    "x.": ["x", "x.", ".", "x"],
    "a/..": ["a/.", "..", "a", "."],
    "a.b/c": ["a.b/c", "c", "a.b", "c"],
    "": ["", "", ".", ""],
  };
  for (const [value, expected] of Object.entries(table)) {
    test(`of '${value}'`, () => {
      expect(argv(["x", "{.}", "{/}", "{//}", "{/.}"], [value])).toEqual(["x", ...expected]);
    });
  }

  test("numbers, slots and positions", () => {
    expect(argv(["echo", "{#}-{%}", "{1}", "{2.}", "{-1/}"], ["a", "d/b.c"], 3, 2)).toEqual([
      "echo",
      "3-2",
      "a",
      "d/b",
      "b.c",
    ]);
  });

  test("a position that has no value is nothing", () => {
    expect(argv(["echo", "{3}"], ["a", "b"])).toEqual(["echo"]);
    expect(argv(["echo", "-{3}-"], ["a", "b"])).toEqual(["echo", "--"]);
  });

  test("without one, values are appended", () => {
    expect(argv(["echo"], ["a b", ""])).toEqual(["echo", "a b", ""]);
    expect(line("echo x", ["a b"])).toBe("echo x 'a b'");
  });

  test("several values make several words", () => {
    expect(argv(["echo", "x{}y"], ["a", "b"])).toEqual(["echo", "xa", "by"]);
  });

  test("other braces are text", () => {
    expect(argv(["awk", "{print}", "{foo}", "{0}", "{ }"], ["v"])).toEqual([
      "awk",
      "{print}",
      "{foo}",
      "{0}",
      "{ }",
      "v",
    ]);
  });

  test("it can be the command itself", () => {
    expect(argv(["{}", "x"], ["ls"])).toEqual(["ls", "x"]);
  });
});

describe("with a shell a value is data wherever it stands", () => {
  const values = ["a b", "it's", '"', "$(id)", "`id`", "\\", "*", "", "-n", "a\nb", "\\'", "; exit 3"];
  const templates = {
    plain: "printf %s {}",
    double: 'printf %s "{}"',
    single: "printf %s '{}'",
    "single in double": `printf %s "'{}'"`,
    "substitution in double": 'printf %s "$(printf %sx {})"',
    "double in substitution": 'printf %s "$(printf %sx "{}")"',
    "after a word": "printf %s x{}y",
  };
  for (const [name, template] of Object.entries(templates)) {
    test(name, () => {
      for (const value of values) {
        const wrapped = { plain: value, double: value, single: value }[name];
        const expected =
          wrapped ?? { "single in double": `'${value}'`, "after a word": `x${value}y` }[name] ?? `${value}x`;
        expect(sh(line(template, [value]))).toBe(expected);
      }
    });
  }

  test("a backslash before a placeholder makes it text", () => {
    expect(sh(line("printf %s-%s \\{} {}", ["a b"]))).toBe("{}-a b");
  });

  test("anything quoted is itself again", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 20 }), (text) => {
        const value = text.replaceAll("\0", "").toWellFormed();
        expect(sh(`printf %s ${shellQuote(value)}`)).toBe(value);
      }),
      { numRuns: 60 },
    );
  });

  test("quotes as GNU parallel does", () => {
    expect(["a b", "it's", "", "$x", "é", "a/b.c", "'"].map(shellQuote)).toEqual([
      "'a b'",
      `'it'"'"'s'`,
      "''",
      "'$x'",
      "'é'",
      "a/b.c",
      `"'"`,
    ]);
  });
});
