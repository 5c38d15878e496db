/** `lanes run` as commander reads it: help, and every line that is not plain (run-request.ts). */
import type { Command } from "commander";
import { type MessageKey, message, t } from "../i18n/index.ts";
import { createCommand } from "./command.ts";
import { runJobs } from "./run-jobs.ts";
import { forCommander, type RunRequest, runOptions } from "./run-request.ts";
import { settingsOf } from "./settings.ts";

export function command(): Command {
  const run = createCommand({
    name: "run",
    usage: "[options] [COMMAND [ARG...]] [::: VALUE...]...",
    description: t("run.description"),
    examples: (
      [
        ["lanes run gzip ::: *.log", "run.example.list"],
        ["find . -name '*.png' -print0 | lanes run -0 convert {} {.}.jpg", "run.example.stdin"],
        ["lanes run -k --tag curl -sI ::: example.org example.com", "run.example.order"],
        ["lanes run --shell 'grep -c {} big.txt > {}.count' ::: ERROR WARN", "run.example.shell"],
        ["lanes run --joblog log --resume ./train --lr {1} --seed {2} ::: 0.1 0.01 ::: 1 2 3", "run.example.resume"],
        ["lanes run < commands.txt", "run.example.lines"],
        ["lanes run --html run.html make {} ::: a b c", "export.example.run"],
      ] as const
    ).map(([line, key]) => [line, t(key)] as const),
  });
  for (const { key, flags, parse, words: about } of runOptions) {
    const words = message(about ?? (`run.option.${key}` as MessageKey));
    if (parse === undefined) run.option(flags, words);
    else run.option(flags, words, (value: string) => parse(value));
  }
  const parse = run.parseOptions.bind(run);
  run.parseOptions = (args) => parse(forCommander(args));
  run
    .argument("[command...]")
    .passThroughOptions()
    .action(async (words: string[], options: RunRequest["options"]) => {
      process.exitCode = await runJobs({ words, options, ...(await settingsOf(run)) });
    });
  return run;
}
