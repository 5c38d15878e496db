/** "Did you mean": the known word nearest to a misspelt one. */
import { type LanesError, usageError } from "../errors.ts";
import { t } from "../i18n/index.ts";
import { peerOption } from "./peer-options.ts";
import { type Command, commonOptions, namesOf } from "./table.ts";

/** The error for a word that is none of the known ones. */
export function unknown(
  key: "cli.unknownCommand" | "cli.unknownDemo",
  name: string,
  known: readonly string[],
  seeCommand: string,
): LanesError {
  const near = nearest(name, known);
  const hint = near === undefined ? t("cli.seeHelp", { command: seeCommand }) : t("cli.didYouMean", { name: near });
  return usageError(key, { name, hint });
}

/** The option that somebody may have meant who typed `word`: what another tool calls it, or one spelt alike. @lazy */
export function similarOption(word: string, { name, options }: Pick<Command, "name" | "options">): string | undefined {
  const peer = peerOption(name, word);
  if (peer !== undefined) return peer;
  const all = [...Object.values(options), ...Object.values(commonOptions)].flatMap(namesOf);
  const long = all.filter((one) => one.startsWith("--")).map((one) => one.slice(2));
  const near = nearest(word.replace(/^-+|=.*$/gs, ""), long);
  return near === undefined ? undefined : `--${near}`;
}

/** The nearest of `known`, or undefined if none is near (more than a third of the letters differ). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    // `race` is near to `demo race`: a word may stand for the last of several.
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.split(" ").at(-1) ?? "") }))
    .filter(
      ({ candidate, distance }) =>
        distance <= Math.max(1, Math.floor(candidate.length / 3)) || isPrefix(word, candidate),
    )
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

const isPrefix = (word: string, candidate: string) => word.length >= 2 && candidate.startsWith(word);

/** Letters to insert, delete, replace or swap with the neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(i - 2, j - 2) + 1);
      rows[i]![j] = best;
    }
  }
  return at(a.length, b.length);
}
