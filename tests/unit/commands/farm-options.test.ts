/** What means nothing with a farm, or without one: refused before anything is reached. */
import { beforeEach, expect, test } from "bun:test";
import { parse } from "../../../src/cli/parse.ts";
import { batch } from "../../../src/commands/batch/options.ts";
import { onFarm } from "../../../src/commands/run/farm/options.ts";
import { run } from "../../../src/commands/run/options.ts";
import { work } from "../../../src/commands/work/options.ts";
import { LanesError } from "../../../src/errors.ts";
import { setLanguage } from "../../../src/i18n/index.ts";

beforeEach(() => setLanguage("en"));

/** What is said of a command line that is refused. */
async function refusalOf(ask: () => unknown): Promise<string> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof LanesError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.message;
  }
  return "taken";
}

const lineOf = <T extends object>(line: T | "help"): T => {
  if (line === "help") throw new Error("help");
  return line;
};

test.each([
  [["--on", "F", "-k", "--tag", "--halt", "now,fail=1", "--joblog", "x", "true"], "taken"],
  [["--on", "F", "--detach", "--name", "nightly", "true"], "taken"],
  [["--on", "F", "--tty", "true"], "--tty means nothing with --on"],
  [["--on", "F", "--line-buffer", "true"], "--line-buffer means nothing with --on"],
  [["--on", "F", "--memfree", "1G", "true"], "--memfree belongs to each machine that works"],
  [["--on", "F", "--load", "2", "true"], "--load belongs to each machine that works"],
  [["--on", "F", "--detach", "--joblog", "x", "true"], "--joblog is for whoever takes the results"],
  [["--on", "F", "--detach", "--results", "x", "true"], "--results is for whoever takes the results"],
  [["--on", "F", "--detach", "--json", "true"], "--json is for whoever takes the results"],
  [["--on", "F", "--name", "a b", "true"], "--name: 'a b' is not valid"],
  [["--on", "F", "--name=-x", "true"], "--name: '-x' is not valid"],
  [["--on", "F", "--env", "A=1", "true"], "--env: 'A=1' is not valid"],
  [["--on", "F", "--lease", "4s", "true"], "--lease: '4s' is not valid"],
  [["--on", "F", "--max-output", "x", "true"], "--max-output: 'x' is not valid"],
  [["--detach", "true"], "--detach is for jobs on a farm: it needs --on FARM"],
  [["--no-overlap", "true"], "it needs --on FARM"],
  [["--no-work", "true"], "it needs --on FARM"],
  [["--max-output", "1G", "true"], "--max-output is for jobs on a farm"],
])("run %j", async (words, message) => {
  expect(await refusalOf(() => onFarm(lineOf(parse(run, words)).options))).toContain(message);
});

test.each([
  [["F", "--cancel"], "--cancel needs the name of a batch"],
  [["F", "x", "--cancel", "--remove"], "cannot both be wanted"],
  [["F", "x", "--attach", "--cancel"], "cannot both be wanted"],
  [["F", "x", "--joblog", "log"], "--joblog"],
])("batch %j", async (words, message) => {
  expect(await refusalOf(() => batch.run(lineOf(parse(batch, words))))).toContain(message);
});

test.each([
  [["F", "--until-empty=soon"], "--until-empty: 'soon' is not valid"],
  [["F", "--only", "lock"], "--only: 'lock' is not valid"],
  [["F", "--nice", "20"], "--nice: '20' is not valid"],
  [["F", "--max-jobs", "0"], "--max-jobs: '0' is not valid"],
  [["F", "--wd", "/nowhere"], "there is no folder /nowhere"],
  [[], "FARM"],
])("work %j", async (words, message) => {
  expect(await refusalOf(() => work.run(lineOf(parse(work, words))))).toContain(message);
});
