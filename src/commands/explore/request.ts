/** The options of `lanes explore`, in the order of its help. */
import { readFileSync } from "node:fs";
import { parseDuration } from "../../cli/amounts.ts";
import { flag, type Options, option } from "../../cli/table.ts";
import { anyText, invalid, oneOf, wholeNumber } from "../../cli/values.ts";
import { type Move, readOrder } from "../../explore/schedule/order.ts";
import { t } from "../../i18n/index.ts";
import { systemPath } from "../../os/bytes/paths.ts";
import { exportOptions } from "../export-options.ts";

const RUNS = 100;
const SEED = 1;
const TIMEOUT = "10s";
/** A run takes no less than a program needs to start, ms. */
const SHORTEST_MS = 100;

export const exploreOptions = {
  runs: option("--runs <n>", "explore.option.runs", wholeNumber("runs", 1, 1_000_000), RUNS),
  seed: option("--seed <n>", "explore.option.seed", wholeNumber("seed", 0, 2 ** 32 - 1), SEED),
  strategy: option("--strategy <pct|random>", "explore.option.strategy", oneOf("strategy", ["pct", "random"]), "pct"),
  timeout: option("--timeout <dur>", "explore.option.timeout", readTimeout, TIMEOUT),
  check: option("--check <command>", "explore.option.check", anyText),
  before: option("--before <command>", "explore.option.before", anyText),
  share: option<readonly string[]>("--share <glob>", "explore.option.share", (value, before = []) => [
    ...before,
    ...(value === "" ? [] : [value]),
  ]),
  ignore: option<readonly RegExp[]>("--ignore <regex>", "explore.option.ignore", (value, before = []) => [
    ...before,
    readPattern(value),
  ]),
  inPlace: flag("--in-place", "explore.option.inPlace"),
  replay: option("--replay <order>", "explore.option.replay", readReplay),
  json: flag("--json", "explore.option.json"),
  jsonl: flag("--jsonl", "explore.option.jsonl"),
  html: exportOptions.html,
  force: exportOptions.force,
};

export const exploreDefaults = { runs: RUNS, seed: SEED, timeoutMs: parseDuration("timeout", TIMEOUT) };

/** A command line, understood. */
export interface ExploreRequest {
  readonly options: Options<typeof exploreOptions>;
  /** COMMAND and its arguments. */
  readonly command: readonly string[];
  readonly quiet: boolean;
  readonly ascii: boolean;
  readonly noColor: boolean;
}

function readTimeout(value: string): number {
  const ms = parseDuration("timeout", value);
  if (ms < SHORTEST_MS || ms > 864e5) throw invalid("timeout", value, t("explore.expected.timeout"));
  return ms;
}

function readPattern(value: string): RegExp {
  try {
    return new RegExp(value, "gmu");
  } catch (error) {
    throw invalid("ignore", value, t("explore.expected.regex", { reason: (error as Error).message }));
  }
}

/** An order, or a file that holds one. */
function readReplay(value: string): readonly Move[] {
  const moves = readOrder(value) ?? readOrder(contentOf(value));
  if (moves === null) throw invalid("replay", value, t("explore.expected.order"));
  return moves;
}

function contentOf(file: string): string {
  try {
    return readFileSync(systemPath(file), "utf8");
  } catch {
    return "";
  }
}
