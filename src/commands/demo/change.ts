/** `--vs PARAM=VALUE[,PARAM=VALUE]`: the one thing, or the few, that the other runs have differently. */

import { nearest } from "../../cli/suggest.ts";
import { quoted } from "../../cli/values.ts";
import type { Demo, Params } from "../../demos/define.ts";
import { type LanesError, usageError } from "../../errors.ts";
import { t } from "../../i18n/index.ts";
import { parserOf } from "./parameter.ts";

/**
 * The parameters with the change made. Values are what the parameter's own option takes.
 * @throws LanesError (usage) for what is no change: no PARAM=VALUE, a name or a value that is not valid, a parameter named
 * twice, a value that it has already.
 */
export function changedBy(vs: string, demo: Demo, params: Params): Params {
  const changed: Record<string, number | string> = {};
  for (const change of vs.split(",")) {
    const at = change.indexOf("=");
    if (at < 1) throw usageError("compare.vs.value", { value: quoted(change), hint: knownParams(demo) });
    const [name, text] = [change.slice(0, at), change.slice(at + 1)];
    const param = demo.params.find((candidate) => candidate.name === name);
    if (param === undefined) throw unknownParam(name, demo);
    if (name in changed) throw usageError("compare.vs.twice", { name });
    const value = parserOf(param, `vs ${name}`)(text);
    if (value === params[name]) throw usageError("compare.vs.same", { name, value });
    changed[name] = value;
  }
  return { ...params, ...changed };
}

function unknownParam(name: string, demo: Demo): LanesError {
  const near = nearest(
    name,
    demo.params.map((param) => param.name),
  );
  const hint = near === undefined ? knownParams(demo) : t("cli.didYouMean", { name: near });
  return usageError("compare.vs.unknown", { name, hint });
}

function knownParams({ name, params }: Demo): string {
  if (params.length === 0) return t("compare.vs.nothing", { demo: name });
  return t("compare.vs.known", { demo: name, names: params.map((param) => param.name).join(", ") });
}
