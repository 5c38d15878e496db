/** A value in a text for a shell arrives as itself, or is refused: in the shells that are here. */
import { afterAll, describe, expect, test } from "bun:test";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { LanesError } from "../../src/errors.ts";
import { shellQuote } from "../../src/jobs/input/quote.ts";
import { Template } from "../../src/jobs/input/template.ts";
import { dialectOf } from "../../src/jobs/shell/dialect.ts";
import { encodeText } from "../../src/os/bytes/byte-strings.ts";
import {
  attack,
  hardValue,
  joined,
  misleading,
  type ShellText,
  shellSoup,
  shellText,
  showing,
} from "../support/shell-texts.ts";

const shells = ["dash", "bash", "zsh"].filter((shell) => Bun.which(shell) !== null);
const folder = mkdtempSync(join(tmpdir(), "lanes-places-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A text with a value in it; null if that is refused. @param as what the shell is called by. */
type Compose = (text: string, value: string, as: string) => string | null;

const composed: Compose = (text, value, as) => {
  const filling = { seq: 1, slot: 1, values: [value] };
  try {
    const template = new Template([text], { shell: { path: as, dialect: dialectOf(as) } });
    return template.refuses(filling) ? null : template.compose(filling).text;
  } catch (error) {
    if (error instanceof LanesError && error.exitCode === 2) return null;
    throw error;
  }
};
/** What does not look where a placeholder stands. */
const plainly: Compose = (text, value) => text.replaceAll("{}", () => shellQuote(value));

/** Runs a script; what it wrote to descriptor 9. */
function run(shell: string, script: string): string {
  const [file, out] = [join(folder, "script"), join(folder, "out")];
  writeFileSync(file, encodeText(`V=vv\n${script}\n`));
  const fd = openSync(out, "w");
  const none = Array.from({ length: 6 }, () => "ignore" as const);
  Bun.spawnSync([shell, file], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore", ...none, fd],
    timeout: 20_000,
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8" },
  });
  closeSync(fd);
  return readFileSync(out).toString("latin1");
}

/** Whether the value was code: every hard value makes a file if it is. */
function wasCode(): boolean {
  const file = join(folder, "PWNED");
  const there = existsSync(file);
  rmSync(file, { force: true });
  return there;
}

/** Whether a value arrives as itself, or is refused. */
function arrives(compose: Compose, shell: string, as: string, { text, written }: ShellText, value: string): boolean {
  const script = compose(text, value, as);
  if (script === null) return true;
  const wanted = Buffer.concat(written(value).map((part) => encodeText(`${part}\0`))).toString("latin1");
  return run(shell, script) === wanted;
}

/** The same, and that it is never code. */
function holds(compose: Compose, shell: string, as: string, text: ShellText, value: string): boolean {
  const right = arrives(compose, shell, as, text, value);
  if (wasCode()) return false;
  // What a shell cannot do with a harmless value (bash 5.2 loses `;` after a here-document in `$(…)`) is its own fault.
  return right || !arrives(compose, shell, as, text, "a");
}

const values = [
  "a",
  "2",
  "",
  "if",
  "it's",
  "EOF",
  "x\ny",
  "\n\tEOF\n\t.",
  "EOF )\ntouch PWNED\nx",
  "OF )\nEOF )\ntouch PWNED\nx",
  "a\\\nb\\",
  "\u{1f600}\udce9",
  "$(touch PWNED)`touch PWNED`\\",
];

/** Those that another shell would take for something else, if any. */
const hardest = ["it's", "EOF )\ntouch PWNED\nx", "a\\\nb\\", "\u{1f600}\udce9", "$(touch PWNED)`touch PWNED`\\"];

describe.each(shells)("%s", (shell) => {
  // dash by its own name is read as sh is. What is composed for sh is one text, whichever shell reads it.
  test.each(shell === "dash" ? ["sh"] : [shell, "sh"])(
    "every value in every place, as %s",
    (as) => {
      const pieces = [...showing, ...misleading];
      for (const value of as === "sh" && shell !== "dash" ? hardest : values) {
        if (arrives(composed, shell, as, joined(pieces), value) && !wasCode()) continue;
        for (const piece of pieces) {
          if (!holds(composed, shell, as, piece, value)) throw new Error(JSON.stringify({ piece: piece.text, value }));
        }
      }
    },
    120_000,
  );

  test("random texts, random values", () => {
    fc.assert(
      fc.property(shellText, hardValue, (text, value) => holds(composed, shell, shell, text, value)),
      { numRuns: 25, endOnFailure: true },
    );
  }, 120_000);

  test.each([shell, "sh"])(
    "whatever the text, a value is never code, as %s",
    (as) => {
      const safe = (text: string, value: string) => {
        const script = composed(text, value, as);
        if (script !== null) run(shell, script);
        return !wasCode();
      };
      fc.assert(fc.property(shellSoup, attack, safe), { numRuns: 80, endOnFailure: true });
    },
    120_000,
  );

  test("the check finds what it looks for", () => {
    let found = 0;
    for (const piece of showing) {
      if (found > 10) break;
      if (!["it's $x", "2"].every((value) => holds(plainly, shell, shell, piece, value))) found++;
    }
    expect(found).toBeGreaterThan(10);
  }, 120_000);
});

test("few of the texts are refused", () => {
  const refused = showing.filter(({ text }) => composed(text, "a", "sh") === null);
  expect(refused.map(({ text }) => text)).toEqual([]);
});

describe("where no value can be data it is refused, before anything is started", () => {
  const refused: readonly (readonly [text: string, key: string, shell?: string])[] = [
    ["echo $(( {} + 1 ))", "arithmetic"],
    ['echo $(( "{}" ))', "arithmetic"],
    ["(( x = {} ))", "arithmetic", "bash"],
    ["[[ {} -eq 1 ]]", "arithmetic", "bash"],
    ["[[ -v {} ]]", "arithmetic"],
    ["a[{}]=1", "arithmetic"],
    ['a["{}"]=1', "arithmetic", "bash"],
    ["let x={}", "arithmetic"],
    ["builtin let {}", "arithmetic", "bash"],
    ["if [ -v {} ]; then :; fi", "arithmetic", "bash"],
    ['test -v "{}"', "arithmetic"],
    ["IFS= read -r {}", "arithmetic", "bash"],
    ["printf -v {} x", "arithmetic"],
    ["unset 'h[{}]'", "arithmetic", "bash"],
    ["declare -i x={}", "arithmetic", "bash"],
    ['f() { local -ri "x={}"; }', "arithmetic"],
    ["declare -n x={}", "arithmetic"],
    ["declare {}=1", "arithmetic", "bash"],
    ["export {}", "arithmetic", "zsh"],
    ["x=1 a[{}]=2", "arithmetic"],
    ["RANDOM={}", "arithmetic", "bash"],
    ["a=([{}]=1)", "arithmetic", "bash"],
    ["eval echo {}", "code", "dash"],
    ["trap 'rm -f {}.tmp' EXIT", "code"],
    ['trap "rm -f {}" EXIT', "code", "dash"],
    ["PS4={}; set -x; :", "code", "bash"],
    // bash leaves the line at what it cannot read in `a=(…)`, and runs the next one.
    ["a=(x|{})", "unknown", "bash"],
    ["a=( (y {}) )", "unknown"],
    ["a=(x;y) b={}", "unknown"],
    ["echo ${x:-{}}", "parameter"],
    ['echo "${x:-"{}"}"', "parameter"],
    ["echo $" + "{1}", "dollar"],
    ['echo "$' + '{}"', "dollar"],
    ["cat <<EOF\n$" + "{}\nEOF", "dollar"],
    ["cat <<EOF\n$x{}\nEOF", "glued"],
    ["ls ~{}", "tilde"],
    ["date >& {}", "duplicate"],
    ["date >&'{}.log'", "duplicate", "bash"],
    ["cat <<{}\nx\n{}", "delimiter"],
    ["cat <<'EOF'\n{}\nEOF", "quotedBody"],
    ["cat <<\\EOF\n{}\nEOF", "quotedBody"],
    ["echo $'a{}'", "ansi"],
    ["echo $'it\\'s' {}", "unknown"],
    ["echo $[ 1 ] {}", "unknown", "bash"],
    ["echo $x[1] {}", "unknown", "zsh"],
    ["echo $(cat <<EOF)\nEOF\n{}", "unknown"],
  ];
  for (const [text, key, shell = "sh"] of refused) {
    test(`${JSON.stringify(text)} in ${shell}`, () => {
      let found: unknown;
      try {
        new Template([text], { shell: { path: shell, dialect: dialectOf(shell) } });
      } catch (error) {
        found = error;
      }
      expect(found).toBeInstanceOf(LanesError);
      expect([(found as LanesError).key, (found as LanesError).exitCode]).toEqual([
        `run.error.place.${key}`,
        2,
      ] as never);
    });
  }

  test("but not where names and code are the text's own", () => {
    for (const [text, shell = "sh"] of [
      ["export x={} PATH={}:$PATH"],
      ['export "x={}"', "zsh"],
      ["declare -r x='{}' y=\"a{}\"", "bash"],
      ['declare -A h=([k]={} [l]="{}"); a=({} b <(date {}))', "bash"],
      ['read -rp "{}? " x < {}'],
      ["test -n {} && [ -v x ]; printf -v x %s {}; printf %s {}", "bash"],
      ['v={}; trap \'rm -f "$v"\' EXIT; eval "$(date {})"'],
      ["eval echo {#}"],
      ["case {} in eval) date {};; esac; for eval in {}; do :; done"],
    ]) {
      expect([text, composed(text ?? "", "a b", shell ?? "sh")]).not.toEqual([text, null]);
    }
  });

  test("numbers that lanes counts itself may stand in arithmetic, and where they would be a descriptor", () => {
    const line = (text: string) => composed(text, "a", "sh");
    expect(line("echo $(( {#} * 2 )) ${x:{%}} {#}>f {}")).toBe("echo $(( 1 * 2 )) ${x:1} '1'>f a");
  });

  test("what is not whole, and what ends with a complete command", () => {
    for (const text of ["echo it's {}", 'echo "{}', "echo $(date {}", "echo `date {}", "case x in {}) :"]) {
      expect(composed(text, "a", "sh")).toBeNull();
    }
    for (const text of ["date;", "date &", "date\n", "date |", "(date)", "cat <<E\nx\nE"]) {
      expect(composed(text, "a", "sh")).toBeNull();
    }
    expect(composed("date #", "a\nb", "sh")).toBe("date # 'a b'");
    expect(composed("", "ls", "sh")).toBe(" ls");
  });

  test("shells whose quoting is not known", () => {
    for (const shell of ["fish", "csh", "/usr/bin/python3"]) expect(composed("echo", "a", shell)).toBeNull();
    expect(["bash-5.2", "/opt/bin/zsh", "mksh", "ksh93"].map((shell) => composed("echo", "a b", shell))).toEqual(
      Array.from({ length: 4 }, () => "echo 'a b'"),
    );
  });
});
