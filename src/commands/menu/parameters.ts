/** Asking for a parameter of a demo; what is not valid is said in place, and asked again. */
import type { Param, Params } from "../../demos/define.ts";
import { isMessageKey, message, t } from "../../i18n/index.ts";
import type { Prompts } from "../../terminal/prompts.ts";

/** A parameter's value and unit, as in the menu: `gap 2 ms`. */
export function paramText(param: Param, params: Params): string {
  const unit = param.kind === "number" && param.unit !== undefined ? ` ${param.unit}` : "";
  return `${param.name} ${params[param.name]}${unit}`;
}

/** The parameters with one of them changed, or undefined for Esc. */
export async function askParameter(param: Param, params: Params, prompts: Prompts): Promise<Params | undefined> {
  const { name } = param;
  const key = `param.${name}`;
  const words = isMessageKey(key) ? message(key) : name;
  if (param.kind === "choice") {
    const choices = param.values.map((value) => ({ value, label: value }));
    const value = await prompts.select(t("menu.choose", { name, words }), choices, String(params[name]));
    return value === undefined ? undefined : { ...params, [name]: value };
  }
  const { min, max } = param;
  const answer = await prompts.text(t("menu.value", { name, words, min, max }), String(params[name]), (text) =>
    /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max
      ? undefined
      : t("menu.notInRange", { min, max }),
  );
  return answer === undefined ? undefined : { ...params, [name]: Number(answer) };
}

/** One of the parameters, changed; undefined for Esc. */
export async function changeOne(all: readonly Param[], params: Params, prompts: Prompts): Promise<Params | undefined> {
  const choices = all.map((param) => ({ value: param.name, label: paramText(param, params) }));
  const name = await prompts.select(t("menu.which"), choices);
  const param = all.find((candidate) => candidate.name === name);
  return param === undefined ? undefined : askParameter(param, params, prompts);
}
