/** `lanes map` as commander is told it: options, examples, help. */
import type { Command } from "commander";
import { type MessageKey, message, t } from "../i18n/index.ts";
import { createCommand } from "./command.ts";
import { type MapOptions, mapOptions } from "./map-request.ts";
import { settingsOf } from "./settings.ts";

export function command(): Command {
  const map = createCommand({
    name: "map",
    usage: "[options] FILE[#EXPORT] [ITEM...]",
    description: t("map.description"),
    examples: (
      [
        ["ls *.jpg | lanes map thumb.ts > sizes.jsonl", "map.example.stdin"],
        ["lanes map tools.ts#checksum a.iso b.iso", "map.example.items"],
        ["lanes map --input jsonl --on-error record enrich.ts < users.jsonl", "map.example.jsonl"],
        ["lanes map --timeout 10s --retries 2 fetch.ts < urls.txt", "map.example.timeout"],
        ["lanes map --new thumb.ts", "map.example.new"],
        ["lanes map --html map.html thumb.ts *.jpg", "export.example.run"],
      ] as const
    ).map(([line, key]) => [line, t(key)] as const),
  });
  for (const { key, flags, parse, words } of mapOptions) {
    const text = message(words ?? (`map.option.${key}` as MessageKey));
    if (parse === undefined) map.option(flags, text);
    else map.option(flags, text, parse);
  }
  return map
    .argument("[file]")
    .argument("[items...]")
    .passThroughOptions()
    .action(async (file: string | undefined, items: string[], options: MapOptions) => {
      const { quiet } = await settingsOf(map);
      const { runMap } = await import("./map-run.ts");
      process.exitCode = await runMap({ words: file === undefined ? [] : [file, ...items], options, quiet });
    });
}
