/** `lanes batch`: the batches of a farm: what they are at, taking their results, cancelling and removing them. */
import { command } from "../../cli/table.ts";
import { usageError } from "../../errors.ts";
import { batchOptions } from "./request.ts";

export const batch = command({
  name: "batch",
  usage: "FARM [NAME] [options]",
  about: "batch.description",
  examples: [
    ["lanes batch farm", "batch.example.list"],
    ["lanes batch farm nightly --attach > results", "batch.example.attach"],
    ["lanes batch farm nightly --cancel", "batch.example.cancel"],
  ],
  operands: [
    { name: "FARM", about: "work.argument.farm" },
    { name: "NAME", about: "batch.argument.name", optional: true },
  ],
  optionsUntil: Number.POSITIVE_INFINITY,
  options: batchOptions,
  async run({ options, words: [farm = "", name], common }) {
    const doing = (["attach", "cancel", "remove"] as const).filter((key) => options[key]);
    const [one, other] = doing;
    if (other !== undefined) throw usageError("cli.conflict", { one: `--${one}`, other: `--${other}` });
    if (one !== undefined && name === undefined) throw usageError("batch.noName", { option: `--${one}` });
    if (options.joblog !== undefined && one !== "attach") throw usageError("batch.onlyAttach", { option: "--joblog" });
    const request = { farm, name, options, quiet: common.quiet ?? false, ascii: common.ascii ?? false };
    if (one === "attach") return (await import("./attach.ts")).attach(request);
    const { cancelOrRemove, list } = await import("./wire.ts");
    return one === undefined ? list(request) : cancelOrRemove(request, one);
  },
});
