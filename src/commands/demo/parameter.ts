/** What a demo's parameter takes, wherever it is typed. */
import { oneOf, wholeNumber } from "../../cli/values.ts";
import type { Param } from "../../demos/define.ts";

/** A parser for a parameter's value; a mistake is said of `option`. @throws LanesError (usage) from the parser. */
export function parserOf(param: Param, option = param.name): (value: string) => number | string {
  return param.kind === "number" ? wholeNumber(option, param.min, param.max) : oneOf(option, param.values);
}
