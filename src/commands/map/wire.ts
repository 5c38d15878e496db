/** `lanes map`, done: from its command line to a pool, or a farm. */
import { namesOf } from "../../cli/table.ts";
import { usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { usableCores } from "../../os/cores.ts";
import { givenDescriptors } from "../../os/files/descriptors.ts";
import { writeErr } from "../../os/stdout.ts";
import { isTerminal } from "../../os/tty/tty.ts";
import { ArgumentSource, type ItemSource, LineSource, MapPool, type MapPoolOptions } from "../../pool/index.ts";
import { carryOut } from "./carry-out.ts";
import { compilesBy, moduleNamed } from "./module.ts";
import { type MapOptions, type MapRequest, mapOptions } from "./request.ts";

/** The most workers: each is a process of some 30 MB. */
const MOST_WORKERS = 1024;

/** Runs a map. @returns the exit code. @throws LanesError. */
export async function runMap({ words, options, quiet }: MapRequest): Promise<number> {
  const [file, ...items] = words;
  if (options.new !== undefined) {
    const { writeStarter } = await import("./starter.ts");
    return writeStarter(options.new);
  }
  if (file === undefined) {
    const hint = t("cli.seeHelp", { command: "lanes map --help" });
    throw usageError("cli.missingArgument", { name: "FILE", hint });
  }
  const alone = (["noWork", "moduleHere", "lease"] as const).find((name) => options[name] !== undefined);
  if (options.on === undefined && alone !== undefined) {
    throw usageError("map.onlyOn", { option: namesOf(mapOptions[alone])[0] ?? alone });
  }
  if (!quiet) tellOfOptions(items);
  return mapped(poolOptions(file, options), { file, items, options, quiet });
}

/** Options stand before FILE. Who writes them after it, as for a script, has items of that name and nothing else. */
function tellOfOptions(items: readonly string[]): void {
  const names = new Set(Object.values(mapOptions).flatMap(namesOf));
  const option = items.find((item) => names.has(item.replace(/=.*$/s, "")));
  if (option !== undefined) writeErr(`lanes: ${t("map.optionItem", { option })}\n`);
}

function poolOptions(file: string, options: MapOptions): MapPoolOptions {
  const named = moduleNamed(file);
  return {
    ...named,
    tsconfig: compilesBy(named.module),
    integers: options.integers ?? "fail",
    init: options.init ?? null,
    jobs: Math.min(options.jobs ?? usableCores(), MOST_WORKERS),
    input: options.input ?? "lines",
    output: options.output ?? "jsonl",
    ordered: !options.unordered,
    chunk: typeof options.chunk === "number" ? options.chunk : null,
    timeoutMs: options.timeout ?? null,
    retries: options.retries ?? null,
    onError: options.onError ?? "report",
    recycle: options.recycle ?? null,
    maxRssBytes: options.maxRss ?? null,
  };
}

interface Asked {
  readonly file: string;
  readonly items: string[];
  readonly options: MapOptions;
  readonly quiet: boolean;
}

async function mapped(pool: MapPoolOptions, { file, items, options, quiet }: Asked): Promise<number> {
  givenDescriptors(); // before we open any of our own
  const source: ItemSource = items.length > 0 ? new ArgumentSource(items, pool.input === "jsonl") : LineSource.stdin();
  if (items.length === 0 && isTerminal(0) && !quiet) writeErr(`lanes: ${t("map.reading")}\n`);
  // Arguments travel as JSON strings whatever they are; see ArgumentSource.
  const settings: MapPoolOptions = items.length > 0 ? { ...pool, input: "jsonl" } : pool;
  const asked = { file, unit: source.unit, options, quiet, onError: pool.onError, output: pool.output };
  return carryOut(asked, async ({ output, listener, timeline }) => {
    const { on, noWork = false, moduleHere = false, lease } = options;
    if (on === undefined) return new MapPool(settings, source, output, listener, timeline);
    const { mapOnFarm } = await import("./farm.ts");
    const json = items.length > 0 && pool.input !== "jsonl";
    const parts = { source, output, listener, timeline };
    return mapOnFarm(
      { farm: on, noWork, moduleHere, lease },
      { file, pool: settings, quiet, parts, itemsAreTexts: json },
    );
  });
}
