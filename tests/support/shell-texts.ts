/**
 * Random texts for a shell, made of pieces whose meaning is known: what each piece writes to descriptor 9, a NUL after each
 * part, is what a value arrived as.
 */
import fc from "fast-check";
import { encodeText } from "../../src/os/bytes/byte-strings.ts";

/** A text, and what it writes where a value stands in it. */
export interface ShellText {
  readonly text: string;
  written(value: string): string[];
}

const print = (argument: string, written: (value: string) => string): ShellText => ({
  text: `printf '%s\\0' ${argument} >&9`,
  written: (value) => [written(value)],
});
const quiet = (text: string): ShellText => ({ text, written: () => [] });
const body = (start: string, lines: string, end: string, written: (value: string) => string): ShellText => ({
  text: `{ cat; printf '\\0'; } >&9 ${start}\n${lines}\n${end}`,
  written: (value) => [written(value)],
});

/** Pieces that show a value. V is `vv`; N and Vx are not set. */
export const showing: readonly ShellText[] = [
  print("{}", (v) => v),
  print("{}x", (v) => `${v}x`),
  print("-{}-{}", (v) => `-${v}-${v}`),
  print('"{}"', (v) => v),
  print('"a {} b"', (v) => `a ${v} b`),
  print("'a {} b'", (v) => `a ${v} b`),
  print(`"'{}'"`, (v) => `'${v}'`),
  print(`'"{}"'`, (v) => `"${v}"`),
  print('"\\"{}\\""', (v) => `"${v}"`),
  print('"\\\\{}"', (v) => `\\${v}`),
  print("\\\\{}", (v) => `\\${v}`),
  print("\\'{}\\\"", (v) => `'${v}"`),
  print('"\\{}{}"', (v) => `\\{}${v}`),
  print("'{{}}'{}", (v) => `{}${v}`),
  print("'\\{}'", (v) => `\\${v}`),
  print("$V{}", (v) => `vv${v}`),
  print('"$V{}"', (v) => `vv${v}`),
  print('"${V}{}$V"', (v) => `vv${v}vv`),
  print("\\~{}", (v) => `~${v}`),
  print("a~{}", (v) => `a~${v}`),
  print("a\\\n{}", (v) => `a${v}`),
  print('"a\\\n{}"', (v) => `a${v}`),
  print("a#{}", (v) => `a#${v}`),
  print('"$(printf %s {}; printf x)"', (v) => `${v}x`),
  print('"$(printf %s "{}"; printf x)"', (v) => `${v}x`),
  print(`"$(printf %s '{}'; printf x # it's )\n)"`, (v) => `${v}x`),
  print('"$(case $V in x) ;; (vv|y) printf %s {}; printf x;; esac)"', (v) => `${v}x`),
  print('"`printf %s {}; printf x`"', (v) => `${v}x`),
  print("\"`printf %s '{}'; printf x`\"", (v) => `${v}x`),
  print("\"`printf %s \\`printf %s {} | od -An -tx1 | tr -d ' \\n'\\``\"", (v) => encodeText(v).toString("hex")),
  print("\"$(printf %s `printf %s {} | od -An -tx1 | tr -d ' \\n'`)\"", (v) => encodeText(v).toString("hex")),
  print('"$(( 1 + (2) ))$((1<<2)){}"', (v) => `34${v}`),
  print('"${N:-"a+b"}${N:-}{}"', (v) => `a+b${v}`),
  print(`\${N:-'a}b'}{}`, (v) => `a}b${v}`),
  { text: "printf '%s\\0' {}>&9", written: (v) => [v] },
  { text: "printf '%s\\0' 1{}>&9", written: (v) => [`1${v}`] },
  { text: "case {} in *) printf '%s\\0' {} >&9;; esac", written: (v) => [v] },
  { text: "case {} in {}) printf '%s\\0' {} >&9;; esac", written: (v) => [v] },
  body("<<EOF", "[{}]", "EOF", (v) => `[${v}]\n`),
  {
    text: "{ cat >/dev/null; printf '%s\\0' {}. \"a{}.\" >&9; } <<EOF\nit's\nEOF",
    written: (v) => [`${v}.`, `a${v}.`],
  },
  {
    text: "cat <<EOF | { cat >/dev/null; printf '%s\\0' {}. 'a{}.' \"`printf %s {}.`\" >&9; }\nit's\nEOF",
    written: (v) => [`${v}.`, `a${v}.`, `${v}.`],
  },
  {
    text: "x=$(cat <<EOF\n{}\n{}{}\nE{}\nEOF\n); printf '%s\\0' \"$x\" >&9",
    written: (v) => [`${v}\n${v}${v}\nE${v}`.replace(/\n+$/, "")],
  },
  body("<<EOF", "{}", "EOF", (v) => `${v}\n`),
  body("<<E", "{}\n{}", "E", (v) => `${v}\n${v}\n`),
  body("<<-EOF", "\t{}\n\ta\t{}", "\tEOF", (v) => `${v}\na\t${v}\n`),
  body("<< EOF", `it's "{}" \\\\{} \\$V $V`, "EOF", (v) => `it's "${v}" \\${v} $V vv\n`),
  body("<<EOF", "$(printf %s {}; printf x)`printf %s {}; printf y`", "EOF", (v) => `${v}x${v}y\n`),
  body("<<EOF", '$(printf %s "{}"; printf x)', "EOF", (v) => `${v}x\n`),
  body("<<-EOF", "\t$(printf %s '{}'; printf x)", "EOF", (v) => `${v}x\n`),
];

/** Pieces that show nothing, and mislead whoever does not read as a shell does. */
export const misleading: readonly ShellText[] = [
  quiet("# don't"),
  quiet('# {} " ` $( {'),
  quiet(": # it's {}"),
  quiet(": a#b 'c # d' \\# e"),
  quiet(": \"it's\" '\"' \\' \\\" \\`"),
  quiet("cat >/dev/null <<'EOF'\nit's \" ` $( $(( ${ {\nEOF"),
  quiet('cat >/dev/null <<"E F" <<\\G\nit\'s\nE F\nit\'s "\nG'),
  quiet("cat >/dev/null <<EOF\nit's \" \\` \\$( )\n EOF\nEOF"),
  quiet("cat >/dev/null <<-EOF | cat\n\tit's\n\tEOF"),
  quiet("cat >/dev/null <<EOF && \\\n:\nit's\nEOF"),
  quiet(": $(cat <<EOF\nit's )\nEOF\n)"),
  quiet(': "$(cat <<EOF\nit\'s ) "\nEOF\n)"'),
  quiet("case x in a) : ';;' ;; \"b)\") ;; *) : ;; esac"),
  quiet("f() { :; }"),
  quiet("if case x in (y) false;; *) ! false; esac; then :; else :; fi"),
  quiet(': "${N:-it}" ${V#v} ${#V} "${V%"v"}"'),
  quiet(": $(( 1 + 2 )) $((3)) $(( (1) ))"),
  quiet("for i in a b; do :; done"),
  quiet("(:) | { cat; }"),
  quiet("echo case >/dev/null; : esac in ) 2>/dev/null".replace(" )", "")),
  quiet("while false; do case; done 2>/dev/null".replace("case", ":")),
];

/** Escapes what is put into backticks. */
const inBackticks = (text: string) => text.replace(/[\\`$]/g, "\\$&");

type Wrapper = (text: string) => string;
const wrappers: readonly Wrapper[] = [
  (text) => `(\n:\n${text}\n)`,
  (text) => `{\n:\n${text}\n}`,
  (text) => `: $(\n:\n${text}\n)`,
  (text) => `: "$(\n:\n${text}\n)"`,
  (text) => `: \`${inBackticks(`\n:\n${text}`)}\n\``,
  (text) => `: x"$(: "$(\n:\n${text}\n)")"`,
  (text) => `if :; then\n:\n${text}\nfi`,
  (text) => `for i in 1; do\n:\n${text}\ndone`,
  (text) => `case a in (b) ;; a)\n:\n${text}\n;; c) esac`,
  (text) => `f() {\n:\n${text}\n}; f`,
  (text) => `while\n:\n${text}\n false; do :; done`,
  (text) => `{\n:\n${text}\n} 2>&1 | cat`,
  (text) => `: $(case a in a)\n:\n${text}\n;; esac)`,
];

/** One after the other. */
export const joined = (parts: readonly ShellText[]): ShellText => ({
  text: parts.map(({ text }) => text).join("\n"),
  written: (value) => parts.flatMap((part) => part.written(value)),
});

/** Such texts, nested up to a depth. */
export const shellText: fc.Arbitrary<ShellText> = fc.letrec<{ piece: ShellText; list: ShellText }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    { arbitrary: fc.constantFrom(...showing), weight: 4 },
    { arbitrary: fc.constantFrom(...misleading), weight: 4 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...wrappers), tie("list"))
        .map(([wrap, { text, written }]) => ({ text: wrap(text), written })),
      weight: 3,
    },
  ),
  list: fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map(joined),
})).list;

/** Values that are hard to keep from being code. */
export const hardValue: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ..."a z 2 10 EOF E OF ' \" ` $ \\ ; & | ( ) { } # ! * ~ = + - <<EOF $(touch${IFS}PWNED) `touch${IFS}PWNED` if case esac in vv x \u{1f600} é \udce9 \udcff".split(
        " ",
      ),
      " ",
      "\n",
      "\t",
      "\n\t",
      "\nEOF\n",
      "\ntouch PWNED\n",
      "'; touch PWNED; '",
      '"; touch PWNED; "',
      "'\ntouch PWNED\n'",
      ")\ntouch PWNED\n",
      ";; *) touch PWNED;;",
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

/** Texts of pieces that mean something to a shell, in no order: most are not whole. */
export const shellSoup: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ..."{} {} {} {} {1} ' ' \" \" ` ` \\ \\` $ $( ) ( ) $(( )) (( ${x:- } # ; ;; & | < > >&2 <<E <<-E <<'E' <<\\E E E) case x in esac [[ ]] -eq a[ ] = x= ~ $x $' $\" for do done if then fi { } f() : echo printf".split(
        " ",
      ),
      " ",
      " ",
      " ",
      "\n",
      "\n",
      "\n",
      "\nE\n",
      "\t",
    ),
    { minLength: 2, maxLength: 24 },
  )
  .map((parts) => parts.join(""));

/** Values that try to be code wherever they stand. */
export const attack: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ..."' \" ` ) } ]] )) ;; \\ $ E # & | ; ( a[$(touch${IFS}PWNED)] $(touch${IFS}PWNED) `touch${IFS}PWNED` x \n".split(
        " ",
      ),
      "\n",
      "\n",
      "\nE\n",
      "\n\tE\n",
      " ",
      "\ntouch PWNED\n",
      ";touch PWNED;",
      "\ntouch PWNED #",
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((parts) => parts.join("").replaceAll("\\n", "\n"));
