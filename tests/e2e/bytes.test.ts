/**
 * File names, arguments, values, the environment and folders are bytes: whatever goes into lanes comes out the same. Each
 * line of the tables is tried with one kind of odd bytes, the next line with the next; what becomes of every kind is what the
 * property tests are about (tests/unit/os/bytes).
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync } from "node:fs";
import { type Done, Playground } from "../support/lanes.ts";

let play: Playground;
beforeAll(() => {
  play = new Playground();
});
afterAll(async () => {
  rmSync(`${play.tmp}/w`, { recursive: true, force: true });
  await play.clean();
});

/** Latin-1, no UTF-8 at all, a character beyond U+FFFF beside a bad byte, half a character, a bad byte beside a real U+FFFD. */
const kinds = [
  "\\xe9",
  "a\\xffb",
  "\\xe9\\xf0\\x9f\\x98\\x80",
  "\\xf0\\x9f\\x98\\x80\\xe9x",
  "\\xc3",
  "\\xef\\xbf\\xbd\\xe9",
];
let next = 0;

/**
 * Runs a script with odd bytes as `$B`, in a new folder; `arrives` compares what it reads with its argument. Only what is tried
 * is a process: of the many that a shell would start to compare bytes, each costs as much as half a start of lanes.
 */
function withOdd(script: string, kind = kinds[next % kinds.length]): Promise<Done> {
  const folder = `w/${next++}`;
  mkdirSync(`${play.tmp}/${folder}`, { recursive: true, mode: 0o700 });
  return play.shell(`
    hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \\n'; }
    same() { [ "$1" = "$2" ] || echo "wanted $(hex "$1"), got $(hex "$2")"; }
    arrives() { local LC_ALL=C got; if IFS= read -r -d '' got; then echo "a NUL behind $(hex "$got")"; else same "$1" "$got"; fi; }
    cd ${folder} || exit 1
    exec 2>&1
    B=$'${kind}'
    ${script}`);
}

/** The script says nothing if all is well. */
const works = (cases: Record<string, string>) =>
  test.each(Object.entries(cases))("%s", async (_, script) => {
    expect(await withOdd(script)).toMatchObject({ stdout: "", stderr: "" });
  });

describe("run", () => {
  works({
    "an argument": `$LANES run -q sh -c 'printf %s "$1"' _ "$B" {} ::: 1 | arrives "$B"`,
    "a value": `$LANES run -q printf %s ::: "$B" | arrives "$B"`,
    "a value, in a shell": `$LANES run -q --shell 'printf %s {}' ::: "$B" | arrives "$B"`,
    "a value, in a shell's quotes": `$LANES run -q --shell 'printf %s "x{}"' ::: "$B" | arrives "x$B"`,
    "a value with a quote and a newline": `$LANES run -q --shell 'printf %s {}' ::: "$B'"$'\\n'"$B" | arrives "$B'"$'\\n'"$B"`,
    "a long value": `V=$(printf "$B%.0s" {1..9000})\n$LANES run -q sh -c 'printf %s "$1" | wc -c' _ ::: "$V" | arrives "$(printf %s "$V" | wc -c)"$'\\n'`,
    "values from stdin": `printf '%s\\0' "$B" | $LANES run -q -0 printf %s | arrives "$B"`,
    "values of several sources": `$LANES run -q printf %s%s ::: "$B" :::+ "2$B" | arrives "\${B}2$B"`,
    "several values to a job": `$LANES run -q -n2 printf %s%s ::: "$B" "2$B" | arrives "\${B}2$B"`,
    "parts of a value": `$LANES run -q printf '%s,%s,%s' {/.} {//} {/} ::: "d$B/$B.txt" | arrives "$B,d$B,$B.txt"`,
    "the shell line": `$LANES run -q --shell "printf %s '$B' #" ::: 1 | arrives "$B"`,
    "a line of stdin as a command": `printf "printf %%s '%s'" "$B" | $LANES run -q | arrives "$B"`,
    "the environment": `PW="s$B" $LANES run -q sh -c 'printf %s "$PW"' _ ::: 1 | arrives "s$B"`,
    "a variable's name": `env "N$B=v$B" $LANES run -q env {} ::: A=1 | grep -a ^N | arrives "N$B=v$B"$'\\n'`,
    "functions of bash beside it": `f() { printf %s "f:$1"; }; export -f f\nPW="$B" $LANES run -q bash -c 'f "$1"' _ ::: "$B" | arrives "f:$B"`,
    "the command's path": `printf '#!/bin/sh\\nprintf %%s "$0"' > "p$B"; chmod +x "p$B"\n$LANES run -q "./p$B" ::: 1 | arrives "./p$B"`,
    "a folder of PATH": `mkdir "$B"; printf '#!/bin/sh\\necho ran' > "$B/mine"; chmod +x "$B/mine"\nPATH="$PWD/$B:$PATH" $LANES run -q mine ::: 1 | arrives $'ran\\n'`,
    "a script without #!": `printf 'printf %%s "$1"' > mine; chmod +x mine\n$LANES run -q ./mine ::: "$B" | arrives "$B"`,
    "the working directory": `mkdir "$B"; cd "$B"; $LANES run -q --joblog log --results out true ::: 1; ls | tr '\\n' ' ' | arrives 'log out '\n$LANES run -q sh -c 'pwd -P' _ ::: 1 | arrives "$PWD"$'\\n'`,
    TMPDIR: `mkdir "$B"; TMPDIR="$PWD/$B" $LANES run -q printf %s ::: a | arrives a; ls -A "$B" | arrives ''`,
    ":::: FILE": `printf '%s' "v$B" > "l$B"; $LANES run -q printf %s :::: "l$B" | arrives "v$B"`,
    "--joblog FILE": `$LANES run -q --joblog "j$B" true ::: 1; ls | arrives "j$B"$'\\n'`,
    "--results DIR": `$LANES run -q --results "r$B" printf %s ::: "$B" >/dev/null; cat "r$B/1/$B/stdout" | arrives "$B"`,
    "--html, --svg, --trace FILE": `$LANES run -q --html "h$B" --svg "s$B" --trace "t$B" true ::: "$B"; ls | LC_ALL=C sort | arrives "h$B"$'\\n'"s$B"$'\\n'"t$B"$'\\n'`,
    "--html in such a folder": `mkdir "$B"; cd "$B"; $LANES run -q --html h true ::: 1; ls | arrives $'h\\n'`,
    "--tag": `$LANES run -q --tag sh -c echo _ ::: "$B" | arrives "$B"$'\\t\\n'`,
    "--line-buffer --tag": `$LANES run -q --line-buffer --tag sh -c echo _ ::: "$B" | arrives "$B"$'\\t\\n'`,
    "--dry-run, run by a shell": `$LANES run -q --dry-run printf %s ::: "$B" | sh | arrives "$B"`,
    "the joblog's command": `$LANES run -q --joblog log true ::: "$B'"; tail -1 log | cut -f9 | arrives "true '$B'\\"'\\""$'\\n'`,
    "--jsonl": `$LANES run -q --jsonl true ::: "$B" 2>&1 | while read -r line; do case $line in '{'*'}') ;; *) echo "$line" ;; esac; done`,
  });

  works({
    "--resume knows what was done": `
      for i in 1 2; do $LANES run -q --joblog log --resume sh -c 'echo ran' _ {} x{} {}{} ::: "$B" "$B$B" 2>&1; done | arrives $'ran\\nran\\n'`,
    "exit codes, pid and signals": `
      export PW="$B"
      $LANES run -q sh -c 'exit 7' _ ::: 1 2>/dev/null; $LANES run -q --joblog log sh -c 'kill -9 $$' _ ::: 1 2>/dev/null
      tail -1 log | cut -f7,8 | arrives $'0\\t9\\n'
      $LANES run -q --joblog log nosuch"$B" ::: 1 2>/dev/null; tail -1 log | cut -f7 | arrives $'127\\n'
      printf '#!/no/such' > bad; chmod +x bad; $LANES run -q --joblog log ./bad ::: 1 2>/dev/null; same 1 $?
      touch plain; $LANES run -q --joblog log ./plain ::: 1 2>/dev/null; tail -1 log | cut -f7 | arrives $'126\\n'`,
  });

  test("a log of lanes 1.0 is recognised", async () => {
    const { stdout } = await play.shell(`
      mkdir -p w/old && cd w/old
      head='Seq\\tHost\\tStarttime\\tJobRuntime\\tSend\\tReceive\\tExitval\\tSignal\\tCommand\\n'
      printf "$head"'1\\t:\\t1.000\\t     0.001\\t0\\t0\\t0\\t0\\t%s\\n' "echo 'a'\\"\\$(printf '\\\\351\\\\303')\\"'b'" > log
      $LANES run -q --joblog log --resume echo ::: $'a\\xe9\\xc3b' $'a\\xe8b' | od -An -c`);
    expect(stdout.trim()).toMatch(/^a\s+350\s+b\s+\\n$/);
  });
});

test("a U+FFFD that is really there stays one", async () => {
  const script = `
    PW="$B" $LANES run -q sh -c 'printf %s%s "$PW" "$1"' _ "$B" ::: 1 | arrives "$B$B"
    $LANES lock "l$B" ls | arrives "l$B"$'\\n'`;
  expect(await withOdd(script, "\\xef\\xbf\\xbd")).toMatchObject({ stdout: "", stderr: "" });
});

describe("lock", () => {
  works({
    "an argument": `$LANES lock l printf %s "$B" | arrives "$B"`,
    "the shell line": `$LANES lock l -c "printf %s '$B'" | arrives "$B"`,
    "the environment": `PW="s$B" $LANES lock l sh -c 'printf %s "$PW"' | arrives "s$B"`,
    "a variable's name": `env "N$B=v$B" $LANES lock l env | grep -a ^N | arrives "N$B=v$B"$'\\n'`,
    "the lock's name": `$LANES lock "l$B" ls | arrives "l$B"$'\\n'`,
    "two names": `$LANES lock -n "l$B" -- $LANES lock -n $'l\\xe8' -- ls | LC_ALL=C sort | arrives "$(printf '%s\\n' "l$B" $'l\\xe8' | LC_ALL=C sort)"$'\\n'`,
    "one name twice": `$LANES lock "l$B" -- sh -c 'env -u LANES_LOCKS $0 lock -n "$1" true 2>/dev/null; printf %s $?' "$LANES" "l$B" | arrives 75`,
    "in such a folder": `mkdir "$B"; cd "$B"; $LANES lock l sh -c 'ls; pwd -P' | arrives $'l\\n'"$PWD"$'\\n'`,
    "with an absolute path": `$LANES lock "$PWD/l$B" ls | arrives "l$B"$'\\n'`,
    "with slots": `$LANES lock --slots 2 "l$B" sh -c 'ls; printf %s "$LANES_SLOT"' | arrives "l$B.1"$'\\n1'`,
    "--keep, then break": `$LANES lock --keep "l$B" true; ls | arrives "l$B"$'\\n'; echo other > "l$B"; $LANES lock break -q "l$B"; ls | arrives ''`,
    "a folder of PATH": `mkdir "$B"; printf '#!/bin/sh\\necho ran' > "$B/mine"; chmod +x "$B/mine"\nPATH="$PWD/$B:$PATH" $LANES lock l mine | arrives $'ran\\n'`,
    "the command's path": `printf '#!/bin/sh\\nprintf %%s "$0"' > "p$B"; chmod +x "p$B"\n$LANES lock l "./p$B" | arrives "./p$B"`,
    descriptors: `exec 7>seven; PW="$B" $LANES lock l sh -c 'printf %s "$PW" >&7'; exec 7>&-; arrives "$B" < seven`,
    "the lock itself is inherited": `PW="$B" $LANES lock l sh -c 'ls -l /proc/$$/fd' | grep -ac '/l$' | arrives $'1\\n'`,
    "the lock is not, with -o": `PW="$B" $LANES lock -o l sh -c 'ls -l /proc/$$/fd' | grep -ac '/l$' | arrives $'0\\n'`,
    "the command's pid": `PW="$B" $LANES lock l sh -c 'grep -c "\\"child\\":$$," l' | arrives $'1\\n'`,
    "exit codes": `export PW="$B"
      $LANES lock l sh -c 'exit 7'; same 7 $?
      $LANES lock l sh -c 'kill -9 $$'; same 137 $?
      $LANES lock l "nosuch$B" 2>/dev/null; same 127 $?
      touch plain; $LANES lock l ./plain 2>/dev/null; same 126 $?
      printf '#!/no/such' > bad; chmod +x bad; $LANES lock l ./bad 2>/dev/null; same 126 $?`,
    "signals at their defaults": `PW=x $LANES lock l grep -E '^Sig(Ign|Blk)' /proc/self/status > plain; PW="$B" $LANES lock l grep -E '^Sig(Ign|Blk)' /proc/self/status | cmp - plain`,
  });

  test("status --json is JSON that names the file and the command", async () => {
    const { stdout } = await play.shell(`
      mkdir -p w/status && cd w/status
      $LANES lock $'l\\xe9' -- sh -c '"$LANES" lock status --json "$1"' _ $'l\\xe9' $'\\xff'`);
    const { file, owner, state } = JSON.parse(stdout);
    expect({ file: file.slice(-3), words: owner.command.slice(-2), state }).toEqual({
      file: "/l\udce9",
      words: ["l\udce9", "\udcff"],
      state: "held",
    });
  });

  // Who waits is read of the kernel, which Linux alone tells.
  test.skipIf(process.platform !== "linux")("status --json names the command of whoever waits", async () => {
    const { stdout } = await play.shell(`
      mkdir -p w/waits && cd w/waits
      mkfifo go
      $LANES lock l -- sh -c 'touch in; cat go' & until [ -e in ]; do sleep .02; done
      $LANES lock l true $'\\xff' & until $LANES lock status --json l | grep -q 'true'; do sleep .02; done
      $LANES lock status --json l; : > go; wait`);
    const { waiting } = JSON.parse(stdout);
    expect(waiting.map(({ command }: { command: string[] }) => command.slice(-2))).toEqual([["true", "\udcff"]]);
  });
});

describe("map", () => {
  const module = "export default (item: string) => item.length;";
  works({
    "the environment, for what the module starts": `
      echo 'export default () => { Bun.spawnSync(["env"], { stdout: Bun.file("out") }); return null; }' > m.ts
      PW="s$B" $LANES map -q -j1 m.ts 1 > /dev/null; grep -a ^PW= out | arrives "PW=s$B"$'\\n'`,
    "such a folder, and a module elsewhere": `echo '${module}' > m.ts; mkdir "$B"; cd "$B"; $LANES map -q ../m.ts abc > out; arrives $'3\\n' < out`,
    "--html FILE": `echo '${module}' > m.ts; $LANES map -q --html "h$B" m.ts abc > /dev/null; ls h* | arrives "h$B"$'\\n'`,
    "--new FILE": `$LANES map --new "n$B.ts" 2>/dev/null; ls n* | arrives "n$B.ts"$'\\n'`,
    TMPDIR: `echo '${module}' > m.ts; mkdir "$B"; TMPDIR="$PWD/$B" $LANES map -q m.ts abc | arrives $'3\\n'; ls -A "$B" | arrives ''`,
  });

  test.each([false, true])(
    "an argument fails as such a line does, and its neighbours do not (jsonl: %p)",
    async (json) => {
      const { stdout, stderr, code } = await play.shell(`
      mkdir -p w/map && cd w/map && echo '${module}' > m.ts
      $LANES map ${json ? "--input jsonl" : ""} m.ts '"ab"' $'"a\\xe9"' '"abc"'`);
      expect(code).toBe(1);
      expect(stdout).toBe(json ? "2\n3\n" : "4\n5\n");
      expect(stderr).toContain("UTF-8");
    },
  );

  test.each([
    ["whose name", "cp m.ts $'m\\xe9.ts'; $LANES map $'m\\xe9.ts' a"],
    ["whose folder's name", "mkdir -p $'d\\xe9'; cp m.ts $'d\\xe9'; cd $'d\\xe9'; $LANES map m.ts a"],
  ])("a module %s is not UTF-8 is refused in words", async (_, script) => {
    const { stdout, stderr, code } = await play.shell(
      `mkdir -p w/mod && cd w/mod && echo '${module}' > m.ts\n${script}`,
    );
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(stderr).toContain("\\xe9");
    expect(stderr).toContain("UTF-8");
  });
});

describe("demo and replay", () => {
  const demo = (name: string) =>
    `$LANES demo -q ${name} --json --dir "d$B" > json || cat json; [ "$(ls)" = "$(printf '%s\\njson' "d$B")" ] || ls`;
  works({
    "--dir DIR, files": demo("race --procs 2 --rounds 3"),
    TMPDIR: `mkdir "$B"; TMPDIR="$PWD/$B" $LANES demo -q race --procs 2 --rounds 3 --json > json || cat json; ls -A "$B" | grep -v '^lanes-[0-9]*$'`,
    "replay FILE": `$LANES demo -q race --procs 2 --rounds 3 --jsonl > "r$B"; $LANES replay "r$B" --json | grep -c '"demo":"race"' | arrives $'1\\n'; $LANES replay -q "r$B" --html "h$B"; ls h* | arrives "h$B"$'\\n'`,
    XDG_STATE_HOME: `mkdir "$B"; XDG_STATE_HOME="$PWD/$B" $LANES progress > /dev/null`,
  });
  test.each(["queue", "exchange", "mutex", "crash"])("%s --dir DIR", async (name) => {
    const { stdout, stderr } = await play.shell(`
      mkdir -p w/demo && cd w/demo && $LANES demo ${name} ${name === "exchange" ? "--messages 100 --megabytes 1" : ""} --json --dir $'${name}\\xe9' > json && ls -A $'${name}\\xe9' | wc -l && ls -d $'${name}\\xe9' | od -An -c`);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^[1-9]\d*\n.*351/s);
  });
});
