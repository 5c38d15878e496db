/** Remembering what a person played: from a played demo to a line in the user's state folder. */

import type { Fact } from "../../demos/define.ts";
import type { Played } from "../../demos/play.ts";
import { said } from "../../i18n/index.ts";
import { environment } from "../../os/bytes/bytes.ts";
import { addPlay, journalFile, reasonOf } from "../../progress/journal.ts";
import type { Play } from "../../recording/results/plays.ts";

/** A demo that was just played, as it is remembered. */
export function playOf({ document, outcome }: Played, predicted?: string): Play {
  const fact = headline(outcome.facts, outcome.headline);
  const pids = [document.parent, ...document.lanes].flatMap(({ pid, ppid }) => [pid, ppid]);
  return {
    demo: document.demo,
    at: Date.now(),
    params: document.params,
    ok: document.ok,
    predicted,
    answer: outcome.answer,
    // Who it was then means nothing later: a fact about one of the processes is not kept.
    fact: fact === undefined || numbersIn(said(fact.value)).some((n) => pids.includes(n)) ? undefined : spoken(fact),
  };
}

/** Remembers a play for later runs. @returns why it could not be kept; undefined if it was, or there is no place for it. */
export function remember(play: Play): string | undefined {
  const file = journalFile(environment());
  if (file === undefined) return undefined;
  try {
    addPlay(file, play);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

const spoken = ({ label, value }: Fact) => ({ label, value: said(value) });

const headline = (facts: readonly Fact[], label: Fact["label"] | undefined) =>
  facts.find((fact) => fact.label === label) ?? facts[0];

const numbersIn = (text: string) => (text.match(/\d+/g) ?? []).map(Number);
