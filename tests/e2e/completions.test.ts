/** The completion scripts in the shells they are for, and the manual page through the tools that read it. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockSubcommands } from "../../src/commands/lock/subcommands.ts";
import { demoNames } from "../../src/demos/catalog.ts";
import { Playground } from "../support/lanes.ts";
import { Keys, Pty } from "../support/pty.ts";

setDefaultTimeout(60_000);
let place: Playground;
beforeEach(() => {
  place = new Playground();
  for (const name of ["one file.txt", "gl*b", "glub"]) writeFileSync(join(place.tmp, name), "");
  mkdirSync(join(place.tmp, "onefolder"));
});
afterEach(() => place.clean());

/** Lines to complete, and what must be offered: all of it, or with `has` at least that, and nothing of `not`. */
const cases: readonly (readonly [
  line: readonly string[],
  wanted: { is?: readonly string[]; has?: readonly string[]; not?: readonly string[] },
])[] = [
  [
    [""],
    {
      has: ["demo", "tour", "run", "map", "lock", "progress", "completions", "man", "licenses", "help"],
      not: ["one file.txt"],
    },
  ],
  [["de"], { is: ["demo"] }],
  [["demo", ""], { is: demoNames }],
  [["demo", "mu"], { is: ["mutex"] }],
  [["--lang", "zh", "demo", "mu"], { is: ["mutex"] }],
  [["help", "demo", "mu"], { is: ["mutex"] }],
  [["demo", "race", "--mo"], { is: ["--mode"] }],
  [["demo", "race", "--mode", ""], { is: ["natural", "staged"] }],
  [["demo", "race", "--mode", "st"], { is: ["staged"] }],
  [["demo", "race", "--procs", ""], { is: [] }],
  [["demo", "race", "--dir", "one"], { is: ["onefolder"] }],
  [["--lang", ""], { is: ["en", "zh"] }],
  [["run", "--jo"], { is: ["--jobs", "--joblog"] }],
  [["run", "--joblog", "one"], { is: ["one file.txt", "onefolder"] }],
  [["run", "base"], { has: ["basename", "base64"] }],
  [["run", "-j", "2", "basename", ":::", "one"], { is: ["one file.txt", "onefolder"] }],
  [["run", "basename", "--jo"], { not: ["--jobs", "--joblog"] }],
  [["map", "one"], { is: ["one file.txt", "onefolder"] }],
  [["map", "f.ts", "--jo"], { is: [] }],
  [["lock", "sta"], { is: ["status"] }],
  [["lock", ""], { has: [...lockSubcommands, "one file.txt"] }],
  [["lock", "status", "one"], { is: ["one file.txt", "onefolder"] }],
  [["lock", "status", "gl"], { is: ["gl*b", "glub"] }],
  [["lock", "f.lock", "--non"], { is: ["--nonblock"] }],
  [["lock", "f.lock", "--", "base"], { has: ["basename"] }],
  [["lock", "-w", "1", "f.lock", "base"], { has: ["basename"] }],
  [["lock", "f.lock", "basename", "--non"], { not: ["--nonblock"] }],
  [["completions", ""], { is: ["bash", "zsh", "fish"] }],
];

function check(offered: readonly string[], line: readonly string[], wanted: (typeof cases)[number][1]): void {
  const found = [...new Set(offered.map((word) => word.replace(/\/$/, "")))].toSorted();
  const about = `lanes ${line.join(" ")}`;
  if (wanted.is !== undefined) expect({ about, found }).toEqual({ about, found: wanted.is.toSorted() });
  for (const word of wanted.has ?? [])
    expect({ about, found }).toEqual({ about, found: expect.arrayContaining([word]) });
  for (const word of wanted.not ?? [])
    expect({ about, found }).not.toEqual({ about, found: expect.arrayContaining([word]) });
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

test("bash offers commands, demos, options, values, files, and the words of another command", async () => {
  const asked = cases.map(([words]) => `ask lanes ${words.map(quoted).join(" ")}`).join("\n");
  const { stdout, stderr } = await place.shell(`eval "$("$LANES" completions bash)"
    ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}; COMPREPLY=()
      _lanes lanes "\${COMP_WORDS[COMP_CWORD]}"; printf '%s\\n' "\${COMPREPLY[@]}" ===; }
    ${asked}
    complete -p lanes`);
  expect(stderr).toBe("");
  const answers = stdout.split("===\n").map((text) => text.split("\n").filter((word) => word !== ""));
  expect(answers.pop()).toEqual(["complete -F _lanes lanes"]);
  expect(answers).toHaveLength(cases.length);
  for (const [i, [line, wanted]] of cases.entries()) check(answers[i]!, line, wanted);
});

test("bash at a keyboard: --option=value too, and a file with a space is quoted", async () => {
  const pty = new Pty(["--norc", "--noprofile", "-i"], { command: ["bash"], env: { PS1: "shell> " } });
  writeFileSync(join(pty.place.tmp, "one file.txt"), "");
  await pty.shows("shell>");
  await pty.answer(`eval "$("$LANES" completions bash)"; PS1="ready> "; clear\r`, /^ready>$/);
  await pty.answer("lanes demo rac\t--mode=st\t", "ready> lanes demo race --mode=staged");
  await pty.answer(`${Keys.ctrlU}lanes run --joblog one\t`, "ready> lanes run --joblog one\\ file.txt");
  await pty.answer(`${Keys.ctrlU}lanes lock status one\t`, "ready> lanes lock status one\\ file.txt");
  await pty.answer(`${Keys.ctrlU}lanes run basenam\t::: one\t`, "ready> lanes run basename ::: one\\ file.txt");
  pty.type(`${Keys.ctrlU}exit\r`);
  expect(await pty.exitCode()).toBe(0);
  await pty.close();
});

test.skipIf(Bun.which("fish") === null)("fish offers the same", async () => {
  const asked = cases.map(([words]) => {
    const line = ["lanes", ...words].join(" ");
    return `complete -C ${quoted(line)} | string replace -r '\\t.*' ''; echo ===`;
  });
  writeFileSync(join(place.tmp, "ask.fish"), ["$LANES completions fish | source", ...asked, ""].join("\n"));
  const { stdout, stderr } = await place.shell("fish ask.fish");
  expect(stderr).toBe("");
  const answers = stdout.split("===\n").map((text) => text.split("\n").filter((word) => word !== ""));
  expect(answers).toHaveLength(cases.length + 1);
  // It offers files with a space quoted.
  for (const [i, [line, wanted]] of cases.entries())
    check(
      answers[i]!.map((word) => word.replaceAll("\\", "")),
      line,
      wanted,
    );
});

test.skipIf(Bun.which("zsh") === null)("zsh offers the same, with what it is for", async () => {
  const pty = new Pty(["-f", "-i"], { command: ["zsh"], env: { PS1: "shell> " }, columns: 100, rows: 40 });
  writeFileSync(join(pty.place.tmp, "one file.txt"), "");
  await pty.shows("shell>");
  const setUp = `autoload -U compinit; compinit -D -u; eval "$("$LANES" completions zsh)"; PS1="ready> "; clear`;
  await pty.answer(`${setUp}\r`, /^ready>$/);
  await pty.answer("lanes demo \t", /mutex +-- One at a time/);
  for (const name of demoNames) expect(pty.screen()).toContain(name);
  const completed: readonly (readonly [string, string])[] = [
    ["lanes de\t", "lanes demo"],
    ["lanes --lang zh demo mut\t", "lanes --lang zh demo mutex"],
    ["lanes help demo mut\t", "lanes help demo mutex"],
    ["lanes demo race --mod\tst\t", "lanes demo race --mode=staged"],
    ["lanes run --jobl\tone\t", "lanes run --joblog=one\\ file.txt"],
    ["lanes run basenam\t::: one\t", "lanes run basename ::: one\\ file.txt"],
    ["lanes lock status one\t", "lanes lock status one\\ file.txt"],
    ["lanes lock one\t--nonb\tbasenam\t", "lanes lock one\\ file.txt --nonblock basename"],
    ["lanes map one\t", "lanes map one\\ file.txt"],
    ["lanes completions f\t", "lanes completions fish"],
  ];
  for (const [typed, shown] of completed) await pty.answer(`${Keys.ctrlU}${typed}`, `ready> ${shown}`);
  pty.type(`${Keys.ctrlU}exit\r`);
  expect(await pty.exitCode()).toBe(0);
  await pty.close();
});

test("an unknown shell, and none: exit 2, one line that names those there are", async () => {
  for (const [args, said] of [
    [["completions", "tcsh"], "bash | zsh | fish"],
    [["completions"], "bash|zsh|fish"],
    [["completions", "constructor"], "bash | zsh | fish"],
  ] as const) {
    const { stdout, stderr, code } = await place.run(args);
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain(said);
  }
});

test.skipIf(Bun.which("groff") === null).each(["en", "zh"])(
  "groff finds nothing wrong with the manual page: %s",
  async (language) => {
    const { stdout, stderr } = await place.shell(
      `"$LANES" man --lang ${language} | groff -k -man -ww -rLL=78n -Tutf8 -P-cbou`,
    );
    expect(stderr).toBe("");
    for (const word of ["lanes", "demo race", "--no-state", "128+n", "flock(1)"]) expect(stdout).toContain(word);
    expect(Math.max(...stdout.split("\n").map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(100);
  },
);

test.skipIf(Bun.which("mandoc") === null).each(["en", "zh"])(
  "nor does mandoc, but for the date it has none of: %s",
  async (language) => {
    const { stdout } = await place.shell(`"$LANES" man --lang ${language} | mandoc -T lint -W warning`);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .filter((line) => !line.includes("missing date")),
    ).toEqual([]);
  },
);
