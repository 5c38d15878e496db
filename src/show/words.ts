/** The words of a demo, found by its name, and how they stand in a line. */
import { isMessageKey, message, t } from "../i18n/index.ts";
import { shellQuoted } from "../os/exec/quoted.ts";
import type { Params, ShownDemo } from "../recording/results/demo.ts";
import { programWith } from "../recording/results/program.ts";
import { wrap } from "../terminal/layout.ts";
import { MAX_TEXT_COLUMNS, MIN_COLUMNS, paintOf, type Style, spelledOut } from "../terminal/style.ts";

/** The words of a demo: `title`, `summary`, `watch`, `why`, `predict`, `predict.CHOICE`; empty if it has none. */
export function demoWords(name: string, part: string, params: Params = {}): string {
  const key = `demo.${name}.${part}`;
  return isMessageKey(key) ? message(key, params) : "";
}

/** `procs 4   rounds 100   gap 2 ms`. */
export function paramsLine(demo: Pick<ShownDemo, "params">, params: Params): string {
  return demo.params
    .map(({ name, ...param }) => {
      const unit = param.kind === "number" && param.unit !== undefined ? ` ${param.unit}` : "";
      return `${name} ${params[name] ?? param.default}${unit}`;
    })
    .join("   ");
}

/** The command that plays a demo with these parameters: `lanes demo race --procs 8`. @param on the farm it is played on, if on any. */
export function demoCommand(
  { name, params: all }: Pick<ShownDemo, "name" | "params">,
  params: Params,
  on?: string,
): string {
  const changed = all.filter((param) => (params[param.name] ?? param.default) !== param.default);
  const place = on === undefined ? [] : [`--on ${shellQuoted(on)}`];
  return ["lanes demo", name, ...place, ...changed.map((param) => `--${param.name} ${params[param.name]}`)].join(" ");
}

/** `Label: text`, wrapped. Nothing if there is no text. */
export function labelled(label: string, text: string, style: Style): string[] {
  if (text === "") return [];
  const [first = "", ...more] = wrap(label + gapAfter(label) + spelledOut(text, style), textColumns(style));
  return [first.replace(label, paintOf(style).bold(label)), ...more];
}

/** What stands between a label and its text: a Chinese colon brings its own space. */
export function gapAfter(label: string): string {
  return Bun.stringWidth(label.at(-1) ?? "") > 1 ? "" : " ";
}

/** How wide a text gets in this style. */
export function textColumns({ columns }: Style): number {
  return Math.max(MIN_COLUMNS, Math.min(columns, MAX_TEXT_COLUMNS));
}

/** Names of one kind as a person counts them: `desk.lock.2` before `desk.lock.10`, whichever was used first. */
export function inOrder(names: readonly string[]): string[] {
  return names.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** What is shown of a demo's code, with titles: what ran, and what one would write, with these parameters. */
export function listingsOf({ name, code }: Pick<ShownDemo, "name" | "code">, params: Params): [string, string][] {
  const { typescript, python, program } = code;
  return [
    [t("view.typescript"), typescript],
    [t("view.program", { demo: name }), programWith(program, "typescript", params)],
    [t("view.python", { demo: name }), programWith(python, "python", params)],
  ];
}
