/** What stands in a text for a shell where a value was to be: in each kind of place, by each kind of shell. */
import { expect, test } from "bun:test";
import { Template } from "../../../src/jobs/input/template.ts";
import { dialectOf } from "../../../src/jobs/shell/dialect.ts";

const textOf = (text: string, value: string, shell = "bash") =>
  new Template([text], { shell: { path: shell, dialect: dialectOf(shell) } }).compose({
    seq: 1,
    slot: 1,
    values: [value],
  }).text;

test.each([
  // In a word, and in quotes that are open there.
  ["ls {}", "a.txt", "ls a.txt"],
  ["ls {}", "", "ls ''"],
  ["ls {}", "a b", "ls 'a b'"],
  ["ls {}", "it's", `ls 'it'"'"'s'`],
  ["ls {}", "'", `ls "'"`],
  ['ls "{}"', "a b", `ls ""'a b'""`],
  ["ls '{}'", "$x", "ls '''$x'''"],
  ["ls $'{}'", "$x", "ls $'''$x'$''"],
  // Where a plain word would be more than a word.
  ["{} x", "if", "'if' x"],
  ["echo {}>f", "2", "echo '2'>f"],
  ["echo $V{}", "x", "echo $V'x'"],
  // A comment stays one.
  ["ls # {}\necho", "a\nb", "ls # 'a b'\necho"],
  // In backticks each level takes away a backslash.
  ["echo `ls {}`", "a$b", "echo `ls 'a\\$b'`"],
  // In a here-document quotes mean nothing; what would end it, or be run, does not.
  ["cat <<EOF\n{}\nEOF", "$x `y` \\ 'z'", "cat <<EOF\n\\$x \\`y\\` \\\\ 'z'\nEOF"],
  ["cat <<EOF\n{}\nEOF", "a\nEOF\nb", "cat <<EOF\na\n${x+}EOF\nb\nEOF"],
  ["cat <<-E\n{}\nE", "\ta", "cat <<-E\n${x+}\ta\nE"],
  // On the line of a `<<` there may be no newline, in quotes or not.
  ["cat <<E; echo {}\nx\nE", "a\nb", "cat <<E; echo 'a'$'\\n''b'\nx\nE"],
])("bash: %j with %j", (text, value, composed) => {
  expect(textOf(text, value)).toBe(composed);
});

test("a shell that has no $'…' is told of newlines by printf; what such a place cannot take is refused", () => {
  const text = "cat <<E; echo {}\nx\nE";
  expect(textOf(text, "a\nb", "dash")).toBe(`cat <<E; echo 'a'"$(printf '\\n%s' 'b')"''\nx\nE`);
  const template = new Template([text], { shell: { path: "dash", dialect: dialectOf("dash") } });
  const refuses = (value: string) => template.refuses({ seq: 1, slot: 1, values: [value] });
  expect([refuses("a\n"), refuses("a\nb"), refuses("")]).toEqual([true, false, false]);
});
