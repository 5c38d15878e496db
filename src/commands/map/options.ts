/** `lanes map`: a function of the user's over many items, on warm workers. */
import { command } from "../../cli/table.ts";
import { mapOptions } from "./request.ts";

export const map = command({
  name: "map",
  usage: "[options] FILE[#EXPORT] [ITEM...]",
  about: "map.description",
  examples: [
    ["ls *.jpg | lanes map thumb.ts > sizes.jsonl", "map.example.stdin"],
    ["lanes map tools.ts#checksum a.iso b.iso", "map.example.items"],
    ["lanes map --input jsonl --on-error record enrich.ts < users.jsonl", "map.example.jsonl"],
    ["lanes map --timeout 10s --retries 2 fetch.ts < urls.txt", "map.example.timeout"],
    ["lanes map --new thumb.ts", "map.example.new"],
    ["ls *.jpg | lanes map --on farm thumb.ts > sizes.jsonl", "map.example.on"],
    ["lanes map --html map.html thumb.ts *.jpg", "export.example.run"],
  ],
  operands: [
    { name: "file", optional: true },
    { name: "items", optional: true, many: true },
  ],
  optionsUntil: 0,
  options: mapOptions,
  async run({ options, words, common }) {
    // The first worker starts while the rest of the command is loaded.
    const [file = ""] = words;
    if (options.new === undefined && options.on === undefined && Bun.file(file.replace(/#[^#]*$/, "")).size > 0)
      (await import("../../pool/start.ts")).startSpare(file);
    const { runMap } = await import("./wire.ts");
    return runMap({ words, options, quiet: common.quiet ?? false });
  },
});
