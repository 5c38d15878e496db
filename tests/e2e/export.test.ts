import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../support/lanes.ts";
import { Keys, Pty } from "../support/pty.ts";
import { faultsOf } from "../support/recordings/trace.ts";
import { parseXml } from "../support/recordings/xml.ts";
import { choose } from "../support/walk.ts";

setDefaultTimeout(60_000);
let place = new Playground();
let open: Pty[] = [];
afterEach(async () => {
  await place.clean();
  place = new Playground();
  const all = open;
  open = [];
  for (const pty of all) await pty.close();
});

const read = (name: string) => readFileSync(join(place.tmp, name), "utf8");
const all = ["--html", "a.html", "--svg", "a.svg", "--trace", "a.json"];

/** What a page gives its script. */
const dataOf = (page: string) => JSON.parse(/id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "");

test("a demo as a page, a picture and a trace, all at once, in both languages", async () => {
  for (const [language, words] of [
    ["en", "Timeline"],
    ["zh", "时间线"],
  ] as const) {
    const { code, stdout, stderr } = await place.run([
      "demo",
      "race",
      "--rounds",
      "3",
      "--lang",
      language,
      "--force",
      ...all,
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(language === "en" ? "updates lost" : "丢失");
    for (const name of ["a.html", "a.svg", "a.json"]) expect(stderr).toContain(join(place.tmp, name));
    expect(read("a.html")).toContain(words);
    expect(dataOf(read("a.html")).lanes).toHaveLength(5);
    expect(parseXml(read("a.svg"))[0]?.name).toBe("svg");
    expect(faultsOf(JSON.parse(read("a.json")))).toEqual([]);
  }
});

test("with --json nothing is said but the result", async () => {
  const { code, stdout, stderr } = await place.run(["demo", "function", "--work", "1", "--json", "--svg", "a.svg"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout).ok).toBe(true);
  expect(existsSync(join(place.tmp, "a.svg"))).toBe(true);
});

test("a run: what failed is in all of them, and hostile commands are only texts", async () => {
  const hostile = `</script><script>alert(1)</script>"'\n\x1b[31m`;
  const { code, stdout } = await place.run([
    "run",
    ...all,
    "-k",
    "--shell",
    "echo {}; test {} != 2",
    ":::",
    "1",
    "2",
    hostile,
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain("alert(1)");
  const page = read("a.html");
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).toContain("job 2 failed (exit code 1)");
  expect(dataOf(page).texts.join("\n")).toContain("#3 echo");
  expect(parseXml(read("a.svg")).some(({ text }) => text.includes("1 failed"))).toBe(true);
  const trace = JSON.parse(read("a.json"));
  expect(faultsOf(trace)).toEqual([]);
  const jobs = trace.traceEvents.filter(({ ph }: { ph: string }) => ph === "X");
  expect(jobs).toHaveLength(3);
  expect(jobs.filter(({ args }: { args: { failed?: number } }) => args.failed === 1)).toHaveLength(1);
});

test("values that are not UTF-8 do no harm", async () => {
  const { code } = await place.shell(`printf 'a\\377b\\n' | $LANES run --html a.html --svg a.svg --trace a.json echo`);
  expect(code).toBe(0);
  expect(dataOf(read("a.html")).texts.join("\n")).toMatch(/#1 echo 'a(\ufffd|\\xff)b'/);
  parseXml(read("a.svg"));
  expect(faultsOf(JSON.parse(read("a.json")))).toEqual([]);
});

test("a map: its workers, its items, its failures", async () => {
  writeFileSync(
    join(place.tmp, "f.ts"),
    `export default (x: string) => { if (x === "7") throw new Error("</script> no 7"); return x; };`,
  );
  const { code, stdout } = await place.shell(`seq 2000 | $LANES map --chunk 10 -j 2 ${all.join(" ")} f.ts`);
  expect(code).toBe(1);
  expect(stdout.trim().split("\n")).toHaveLength(1_999);
  const page = read("a.html");
  expect(page).toContain("line 7 failed");
  expect(page.match(/<script/g)).toHaveLength(2);
  const trace = JSON.parse(read("a.json"));
  expect(faultsOf(trace)).toEqual([]);
  const chunks = trace.traceEvents.filter(({ name }: { name: string }) => /^items \d+–\d+$/.test(name));
  expect(chunks.length).toBeGreaterThanOrEqual(200); // an idle worker may have taken over half of one
  expect(parseXml(read("a.svg")).some(({ text }) => text.includes("1 failed"))).toBe(true);
});

test("refuses what it could not write before anything is started", async () => {
  writeFileSync(join(place.tmp, "there"), "mine");
  writeFileSync(join(place.tmp, "f.ts"), "export default Number;");
  mkdirSync(join(place.tmp, "folder"));
  for (const [args, words] of [
    [["--html", "there"], "--html: there exists; --force replaces it"],
    [["--svg", "folder"], "--svg: folder is a folder"],
    [["--trace", "none/a.json"], "--trace: cannot write none/a.json: there is no folder none"],
    [["--trace", "there/a.json"], "--trace: cannot write there/a.json: ENOTDIR"],
    [["--html", ""], "--html: the file's name is empty"],
    [["--html", "same", "--svg", "./same"], "--html and --svg name the same file"],
    [["--html"], "option '--html <file>' needs a value"],
  ] as const) {
    for (const line of [
      ["run", ...args, "touch", ":::", "started"],
      ["map", ...args, "f.ts", "1"],
      ["demo", "function", ...args],
    ]) {
      if (args.length === 1 && line[0] !== "demo") continue; // what follows would be the value
      const { code, stdout, stderr } = await place.run(line);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(words);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  }
  const compared = await place.run(["demo", "race", "--vs", "mode=staged", "--svg", "a.svg"]);
  expect([compared.code, compared.stderr]).toEqual([2, "lanes: --svg and --vs cannot both be wanted; choose one\n"]);
  expect(readdirSync(place.tmp).sort()).toEqual(["f.ts", "folder", "there"]);
  expect(read("there")).toBe("mine");
  const { stderr } = await place.run(["run", "--lang", "zh", "--html", "there", "true", ":::", "1"]);
  expect(stderr).toContain("--html：there 已存在");
});

test("a recording that was kept, of a demo, a run and a map", async () => {
  writeFileSync(join(place.tmp, "f.ts"), "export default Number;");
  const { stdout } = await place.shell(`
    $LANES demo mutex --procs 2 --rounds 3 --jsonl > demo.jsonl
    $LANES run --jsonl --shell 'exit {}' ::: 0 1 2> run.jsonl
    $LANES map --jsonl f.ts 1 2 3 2> map.jsonl > results
    for of in demo run map; do
      $LANES replay $of.jsonl --html $of.html --svg $of.svg --trace $of.json || echo failed
    done`);
  expect(stdout).toBe("");
  for (const [of, title] of [
    ["demo", "(mutex)"],
    ["run", "lanes run"],
    ["map", "lanes map"],
  ]) {
    expect(/<h1>(.*?)<\/h1>/.exec(read(`${of}.html`))?.[1]).toContain(title!);
    expect(dataOf(read(`${of}.html`)).lanes.length).toBeGreaterThan(0);
    expect(parseXml(read(`${of}.svg`))[0]?.name).toBe("svg");
    expect(faultsOf(JSON.parse(read(`${of}.json`)))).toEqual([]);
  }
  expect(read("demo.html")).toContain("lanes demo mutex --procs 2 --rounds 3");
  const { code, stderr } = await place.run(["replay", "demo.jsonl", "--svg", "demo.svg"]);
  expect([code, stderr]).toEqual([2, "lanes: --svg: demo.svg exists; --force replaces it\n"]);
});

test("a disk that is full costs the export and not the result", async () => {
  for (const line of [
    ["run", "--html", "/dev/full", "--svg", "a.svg", "--force", "echo", ":::", "done"],
    ["demo", "function", "--work", "1", "--trace", "/dev/full", "--svg", "a.svg", "--force"],
  ]) {
    const { code, stdout, stderr } = await place.run(line);
    expect(code).toBe(1);
    expect(stdout).not.toBe("");
    expect(stderr).toContain("could not write /dev/full: ENOSPC");
    expect(stderr).toContain(`wrote ${join(place.tmp, "a.svg")}`);
  }
  expect(parseXml(read("a.svg"))[0]?.name).toBe("svg");
});

test("to stdout and through a pipe", async () => {
  const { stdout } = await place.shell("$LANES run -q --svg /dev/stdout true ::: 1 | cat");
  expect(parseXml(stdout)[0]?.name).toBe("svg");
  const { stdout: piped } = await place.shell("$LANES run -q --trace /dev/fd/3 true ::: 1 3>&1 >/dev/null | cat");
  expect(piped).toContain('"traceEvents"');
});

test("a run that is stopped shows what it did until then", async () => {
  const child = place.spawn(["run", "-j", "1", ...all, "--shell", "echo {}; sleep {}", ":::", "0", "100", "200"]);
  const reader = child.stdout.getReader();
  await reader.read();
  reader.releaseLock();
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  expect(read("a.html")).toContain("stopped by SIGINT");
  const jobs = JSON.parse(read("a.json")).traceEvents.filter(({ ph }: { ph: string }) => ph === "X");
  expect(jobs).toHaveLength(2);
  expect(jobs[1].args.failed).toBe(1);
});

test("a demo that is left is not exported", async () => {
  const child = place.spawn(["demo", "function", "--work", "10000", "--jsonl", "--html", "a.html"]);
  const reader = child.stdout.getReader();
  await reader.read();
  reader.releaseLock();
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  expect(readdirSync(place.tmp)).not.toContain("a.html");
});

test("the help of all three names the options, in both languages", async () => {
  for (const command of [["run"], ["map"], ["demo", "race"]]) {
    for (const [language, words] of [
      ["en", "offline HTML page"],
      ["zh", "离线 HTML 页面"],
    ] as const) {
      const { stdout } = await place.run([...command, "--help", "--lang", language]);
      expect(stdout.replace(/\s+/g, " ")).toContain(words);
      for (const option of ["--html <file>", "--svg <file>", "--trace <file>", "--force"])
        expect(stdout).toContain(option);
    }
  }
});

test("from the menu: pick a format, name the file, and it says where it is", async () => {
  const pty = new Pty([], { rows: 60 });
  open.push(pty);
  writeFileSync(join(pty.place.tmp, "taken.svg"), "mine");
  await pty.shows("type to filter");
  await pty.answer("function", "function█");
  await pty.answer(Keys.enter, "How shall it run?");
  await pty.answer(Keys.enter, /◆ {2}What next\?/);
  await choose(pty, "export");
  await pty.shows("As what?");
  await pty.answer(Keys.down + Keys.enter, "lanes-function.svg");
  await pty.answer(`${Keys.ctrlU}taken.svg${Keys.enter}`, "taken.svg exists; name another");
  await pty.answer(`${Keys.ctrlU}none/x.svg${Keys.enter}`, "there is no folder none");
  await pty.answer(`${Keys.ctrlU}mine.svg${Keys.enter}`, /◆ {2}What next\?/);
  expect(pty.history()).toContain("wrote ");
  expect(pty.history().replace(/\n/g, "")).toContain(join(pty.place.tmp, "mine.svg"));
  expect(parseXml(readFileSync(join(pty.place.tmp, "mine.svg"), "utf8"))[0]?.name).toBe("svg");
  expect(readFileSync(join(pty.place.tmp, "taken.svg"), "utf8")).toBe("mine");
  await pty.answer(Keys.escape, "type to filter");
  pty.type(Keys.escape);
  expect(await pty.exitCode()).toBe(0);
});
