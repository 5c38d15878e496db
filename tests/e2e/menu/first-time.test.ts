/** The path of someone who opens lanes for the first time, from the menu to a file to show others, and back the next day. */
import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Keys, Pty } from "../../support/pty.ts";
import { choose, next } from "../../support/walk.ts";

setDefaultTimeout(60_000);
let open: Pty | undefined;
afterEach(() => open?.close());

const english = {
  filter: "type to filter",
  ready: "How shall it run?",
  change: "change",
  run: "run it",
  predict: "less: updates",
  step: "step through",
  lost: /✗ .*writes 1[\s\S]*► .*writes 1[\s\S]*lost update:\s+P\d\s+writes\s+1\s+over\s+P\d's\s+1/,
  compare: "compare, with",
  measured: /^updates lost|updates lost/m,
  export: "export",
  page: "an HTML page",
  wrote: /wrote/,
  back: "back to the menu",
  result: "Result",
};

const chinese: typeof english = {
  filter: "输入文字可筛选",
  ready: "怎样运行？",
  change: "修改",
  run: "运行",
  predict: "更少，有更新丢失",
  step: "单步回放这次运行",
  lost: /✗ .*写入 1[\s\S]*► .*写入 1[\s\S]*丢失更新：P\d 写入 1，覆盖了 P\d 写的\s*1/,
  compare: "改动一处，对比两者",
  measured: /丢失的更新/,
  export: "导出",
  page: "HTML 网页",
  wrote: /已写入/,
  back: "返回菜单",
  result: "结果",
};

// Each language and each size once: what each looks like at the other's is the tests' of the menu and of the results.
test.each([
  ["en", 40, 12, english],
  ["zh", 80, 24, chinese],
] as const)(
  "%s at %ix%i: find, predict, play, step to the lost update, lock, keep",
  async (lang, columns, rows, words) => {
    const pty = new Pty([], { columns, rows, env: { LANG: lang === "zh" ? "zh_CN.UTF-8" : "C.UTF-8" } });
    open = pty;
    await pty.shows(words.filter);
    await pty.answer("race", "race█");
    await pty.answer(Keys.enter, words.ready);
    // Staged, so that there is a lost update for sure; a person may be lucky.
    await choose(pty, `${words.change} mode natural`);
    await choose(pty, "staged");
    await choose(pty, `${words.change} rounds 100`);
    await pty.answer(`${Keys.ctrlU}5${Keys.enter}`, new RegExp(`◆ {2}${words.ready.replace("?", "\\?")}`));
    await choose(pty, words.run);
    await choose(pty, words.predict);
    await next(pty);

    await choose(pty, words.step);
    await pty.shows(words.lost);
    pty.type(Keys.escape);
    await next(pty);

    await choose(pty, words.compare);
    await choose(pty, "lock on");
    await next(pty);
    expect(pty.history()).toMatch(words.measured);

    await choose(pty, words.export);
    await choose(pty, words.page);
    pty.type(Keys.enter);
    await next(pty);
    expect(pty.history()).toMatch(words.wrote);
    const page = readFileSync(join(pty.place.tmp, "lanes-race.html"), "utf8");
    expect(page).toContain(`<html lang="${lang === "zh" ? "zh" : "en"}`);
    expect(page).toContain(words.result);

    await choose(pty, words.back);
    await pty.shows(words.filter);
    pty.type(Keys.escape);
    expect(await pty.exitCode()).toBe(0);
    await Bun.file(join(pty.place.tmp, "lanes-race.html")).delete();
  },
);
