/** `lanes run` and shells: whether one is used, which, and what is said where one was forgotten. */
import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../../support/lanes.ts";

const place = new Playground();
afterAll(() => place.clean());

const run = (args: readonly string[], env: Record<string, string> = {}) => place.run(["run", "-q", "-k", ...args], env);
const pwned = join(place.tmp, "PWNED");

describe("a value is data", () => {
  test.each([
    ["after an apostrophe in a comment", "# don't keep it\necho {}"],
    ["in and after a here-document", "cat <<EOF\nit's [{}]\nEOF\necho {}"],
    ["in backticks", 'y=`printf %s {}`; echo "$y"'],
    ["in a substitution with a comment", 'echo "$(echo {} # it\'s\n)"'],
  ])("%s", async (_, text) => {
    const value = "a b'`touch PWNED`; $(touch PWNED)";
    const { stdout, code } = await run(["--shell", text, ":::", value]);
    expect([stdout.split("\n").at(-2), code, existsSync(pwned)]).toEqual([value, 0, false]);
  });

  test("or refused, in words that say what to write instead, and nothing is started", async () => {
    for (const language of ["en", "zh"]) {
      const args = ["--lang", language, "--shell", "touch started; echo $(( {} + 1 ))", ":::", "1"];
      const { stdout, stderr, code } = await run(args);
      expect([stdout, code, existsSync(join(place.tmp, "started"))]).toEqual(["", 2, false]);
      expect(stderr).toContain("expr {} + 1");
    }
  });

  test("a value the place cannot hold is a job that fails, and the others run", async () => {
    const text = "cat <<EOF | cat - {}\nbody\nEOF";
    const { stdout, stderr, code } = await run(["--shell", text, ":::", "no\n", "/dev/null"]);
    expect([stdout, code]).toEqual(["body\n", 1]);
    expect(stderr).toContain("<<");
  });
});

describe("which shell", () => {
  test("sh, the one that is named, or the one in LANES_SHELL", async () => {
    const shell = async (args: string[], env = {}) => (await run([...args, ":::", "1"], env)).stdout.trim();
    const text = "echo $0-$BASH_VERSION #";
    expect(await shell(["--shell", text])).toStartWith("/bin/sh-");
    expect(await shell(["--shell=bash", text])).toMatch(/bash-\d/);
    expect(await shell(["--lang", "en", "--shell=bash", text])).toMatch(/bash-\d/);
    expect(await shell(["--shell", text], { LANES_SHELL: "bash" })).toMatch(/bash-\d/);
    expect(await shell(["--shell=/bin/sh", text], { LANES_SHELL: "bash" })).toStartWith("/bin/sh-");
    expect(await shell(["--shell=bash", "--no-shell", "echo", "$0"])).toBe("$0 1");
    expect(await shell(["echo", "$0"], { LANES_SHELL: "/not/there" })).toBe("$0 1");
  });

  test("for lines of stdin, too; a line may be for any shell", async () => {
    await place.shell("printf '(echo late; exit 3) &> both.log\\n' > lines");
    const { code } = await run(["--shell=bash", "::::", "lines"]);
    expect([code, (await place.shell("cat both.log")).stdout]).toEqual([1, "late\n"]);
    expect((await run(["::::", "lines"], { LANES_SHELL: "bash" })).code).toBe(1);
  });

  test("functions that bash exports work with bash", async () => {
    const line = (args: string) => place.shell(`f() { echo f:$1; }; export -f f; "$LANES" run -q ${args}`);
    expect((await line("--shell=bash f ::: 1")).stdout).toBe("f:1\n");
    expect((await line("--shell=bash 'f {} | cat' ::: 'a  b'")).stdout).toBe("f:a b\n");
    expect((await line("--shell=bash < <(echo f 2)")).stdout).toBe("f:2\n");
    expect((await line("bash -c 'f \"$1\"' _ {} ::: 3")).stdout).toBe("f:3\n");
    expect((await line("f ::: 1")).stderr).toContain("--shell=bash");
  });

  test("one that is not there: exit 2, nothing started", async () => {
    for (const [args, env, named] of [
      [["--shell=nosuch", "touch", ":::", "x"], {}, "nosuch"],
      [["--shell", "touch", ":::", "x"], { LANES_SHELL: "/no/such" }, "LANES_SHELL"],
      [["::::", "lines"], { LANES_SHELL: "/no/such" }, "LANES_SHELL"],
      [["--shell=", "touch", ":::", "x"], {}, "--shell"],
      [["--shell=fish", "touch {}", ":::", "x"], { PATH: `${place.env.PATH}:${place.tmp}/bin` }, "fish"],
    ] as const) {
      const { code, stderr } = await run(args, env);
      expect([code, existsSync(join(place.tmp, "x"))]).toEqual([2, false]);
      expect(stderr).toContain(named);
    }
  });
});

describe("a command that only a shell understands", () => {
  test.each([
    [["python3 {}"], "--shell"],
    [["echo", "{}", ">", "{}.out"], ">"],
    [["echo", "a", "&&", "echo", "{}"], "&&"],
    [["cmd", "{}", "&>", "log"], "&>"],
    [["FOO=1", "env"], "FOO=1"],
  ])("%j: exit 2, --shell is named, nothing is started", async (words, named) => {
    const { code, stderr, stdout } = await run([...words, ":::", "b"]);
    expect([code, stdout, readdirSync(place.tmp).includes("b.out")]).toEqual([2, "", false]);
    expect(stderr).toContain("--shell");
    expect(stderr).toContain(named);
  });

  test("--no-shell, a program of that name, values, and ; are meant as they stand", async () => {
    expect((await run(["--no-shell", "echo", "{}", ">", ":::", "b"])).stdout).toBe("b >\n");
    const program = join(place.tmp, "two words");
    writeFileSync(program, "#!/bin/sh\necho two:$1\n");
    chmodSync(program, 0o755);
    expect((await run(["./two words", ":::", "b"])).stdout).toBe("two:b\n");
    expect((await run(["echo", ":::", ">", "a b", "X=1"])).stdout).toBe(">\na b\nX=1\n");
    expect((await run(["find", "/dev/null", "-exec", "echo", "{}", ";", ":::", "x"])).stdout).toBe("x\n");
  });

  test("a builtin that is no program says so", async () => {
    for (const name of ["cd", "export", "source"]) {
      const { code, stderr } = await place.run(["run", name, ":::", "/tmp"]);
      expect([code, stderr.includes("--shell")]).toEqual([1, true]);
    }
  });

  test("a script whose interpreter is not there is found, and cannot be executed", async () => {
    for (const [line, named] of [
      ["#!/bin/sh\r\n", "\\r"],
      ["#!/no/such -x\n", "/no/such"],
    ] as const) {
      writeFileSync(join(place.tmp, "script"), `${line}echo\n`);
      chmodSync(join(place.tmp, "script"), 0o755);
      const { stderr } = await place.run(["run", "--joblog", "log", "./script", ":::", "a"]);
      expect(stderr).toContain(named);
      expect(stderr).not.toContain("not found");
      expect((await place.shell("tail -n 1 log | cut -f 7")).stdout).toBe("126\n");
    }
  });
});

describe("placeholders", () => {
  test("one that stands for no value: exit 2, and the way to write the text", async () => {
    for (const words of [
      ["grep", "-E", "[0-9]{4}", "{}"],
      ["echo", "{-2}"],
      ["--shell", "echo {2}"],
    ]) {
      const { code, stderr } = await run([...words, ":::", "/dev/null"]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/\{\{-?\d\}\}/);
    }
    expect((await run(["-n2", "echo", "{2}", "{1}", ":::", "a", "b"])).stdout).toBe("b a\n");
    expect((await run(["echo", "{2}", ":::", "a", ":::", "b"])).stdout).toBe("b\n");
  });

  test("in braces of its own it is text", async () => {
    expect((await run(["echo", "{{}}", "{{4}}x{{/.}}", "{}", "{{#}}", ":::", "a"])).stdout).toBe("{} {4}x{/.} a {#}\n");
    expect((await run(["--shell", "echo '{{1}}' $" + "{{1}} {1}", ":::", "a"])).stdout).toBe("{1} a\n");
  });

  test("-n counts rows of several sources, and so does the total", async () => {
    const sources = [":::", "a", "b", "c", ":::", "1", "2"];
    const lines = async (...args: string[]) => (await run(["--dry-run", ...args, ...sources])).stdout;
    expect(await lines("-n1", "echo", "{1}", "{2}")).toBe(await lines("echo", "{1}", "{2}"));
    expect(await lines("-n4", "echo")).toBe("echo a 1 a 2 b 1 b 2\necho c 1 c 2\n");
    const { stderr } = await run(["-j1", "-n4", "--halt", "soon,fail=50%", "--json", "false", ...sources]);
    expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "")).toMatchObject({ jobs: 1, failed: 1 });
  });
});
