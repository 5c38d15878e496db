/** A run and a map with failures: what is exported live and what is exported from their recording is the same. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../support/lanes.ts";
import { expectSameExports, exported } from "../support/recordings/exports.ts";

setDefaultTimeout(60_000);
let place = new Playground();
afterEach(async () => {
  await place.clean();
  place = new Playground();
});

const live = exported("live").join(" ");

/** Expects these texts on the replayed page: not the whole page is shown where one is missing. */
function expectOnPage(...texts: readonly string[]): void {
  const page = readFileSync(join(place.tmp, "replayed.html"), "utf8");
  expect(texts.filter((text) => !page.includes(text))).toEqual([]);
}

test("a run with failures, retries, a timeout, a refusal, and words that are no UTF-8", async () => {
  const { stdout } = await place.shell(
    `$LANES run --jsonl ${live} -j2 --retries 2 --timeout 1 --shell \\
       'echo out; echo "<b>err {}" >&2; case {} in s) sleep 60;; k) kill -9 $$;; esac; exit {}' ::: 0 3 s k "$(printf 'a\\377')" \\
       2> run.jsonl; echo $?`,
  );
  expect(stdout.trimEnd()).toEndWith("\n1");
  await expectSameExports(place, "run.jsonl");
  expectOnPage("job 2 failed (exit code 3, tried 2 times)");
  expectOnPage("&lt;b&gt;err 3");
  expectOnPage("lanes run --jsonl --html live.html");
  expectOnPage(String.raw`a\xff`);
  await place.shell(`$LANES run --jsonl ${live} --force nosuchprogram ::: 1 2> run.jsonl`);
  await expectSameExports(place, "run.jsonl", "--force");
  expectOnPage("exit code 127");
});

test("a run that a signal stopped, in Chinese", async () => {
  const line = ["run", "--lang", "zh", "--jsonl", ...exported("live"), "-j1", "--shell", "echo {}; sleep {}"];
  const child = place.spawn([...line, ":::", "0", "100", "200"]);
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGTERM");
  expect(await child.exited).toBe(143);
  reader.releaseLock();
  writeFileSync(join(place.tmp, "run.jsonl"), await stderr);
  await expectSameExports(place, "run.jsonl", "--lang", "zh");
  expectOnPage("SIGTERM");
});

for (const [how, items] of [
  ["arguments", "{} 'a b' x7 die"],
  ["lines", ""],
] as const) {
  test(`a map of ${how} with failures, crashes and retries`, async () => {
    writeFileSync(
      join(place.tmp, "f.ts"),
      `export default (x: string) => {
         if (x === "die") process.kill(process.pid, "SIGKILL");
         if (x.endsWith("7")) throw Object.assign(new Error("no <7>", { cause: new TypeError("why") }), { code: "E7" });
         console.log("said", x);
         return x;
       };`,
    );
    const { stdout } = await place.shell(
      `(seq 40; echo die) | $LANES map --jsonl ${live} -j2 --chunk 5 f.ts ${items} 2> map.jsonl >/dev/null; echo $?`,
    );
    expect(stdout.trimEnd()).toBe("1");
    await expectSameExports(place, "map.jsonl");
    expectOnPage("lanes map --jsonl");
    expectOnPage(how === "lines" ? "line 7 failed (&quot;7&quot;)" : "item 3 failed (&quot;x7&quot;)");
    expectOnPage("cause: TypeError: why");
  });
}

test("a map that a signal stopped says what is left", async () => {
  writeFileSync(join(place.tmp, "f.ts"), "export default (x: string) => Bun.sleep(Number(x)).then(() => x);");
  const child = place.spawn(["map", "--jsonl", ...exported("live"), "-j1", "--chunk", "1", "f.ts", "0", "60000", "1"]);
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  reader.releaseLock();
  writeFileSync(join(place.tmp, "map.jsonl"), await stderr);
  await expectSameExports(place, "map.jsonl");
  expectOnPage("stopped by SIGINT");
});
