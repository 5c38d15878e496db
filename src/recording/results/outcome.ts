/**
 * What a demo tells people of its outcome, as data: facts, checks, pictures, in no language. A recording keeps it in an event
 * of its own, before the result, so that what is shown of it later is what was shown at once.
 */
import type { MessageValue } from "../../i18n/message.ts";
import type { MessageKey, Phrase, Text } from "../../i18n/phrase.ts";
import {
  type FieldsOf,
  flag,
  list,
  ms,
  number,
  numberOrText,
  object,
  optional,
  type Raw,
  type Reader,
  record,
  text,
  type VariantOf,
  variant,
} from "../fields.ts";

/** It says something that this version has no words for. */
class UnknownWords extends Error {}

const values: Reader<Readonly<Record<string, MessageValue>>> = record((value, name) =>
  Array.isArray(value) ? list(text)(value, name) : numberOrText(value, name),
);

/** A number that was measured; JSON has no NaN, and writes null. */
const measured: Reader<number> = (value, name) => (value === null ? Number.NaN : number(value, name));

/** A moment, or never; JSON has no Infinity, and writes null. */
const moment: Reader<number> = (value, name) => (value === null ? Number.POSITIVE_INFINITY : ms(value, name));

/** The readers of what is told; `key` reads what is said in words. */
function readers(key: Reader<MessageKey>) {
  const phrase: Reader<Phrase> = object({ key, params: optional(values) });
  const piece: Reader<string | Phrase> = (value, name) => (typeof value === "string" ? value : phrase(value, name));
  const said: Reader<Text> = (value, name) => (Array.isArray(value) ? list(piece)(value, name) : piece(value, name));

  /** Something measured, said in one line. */
  const fact = { label: key, value: said };

  /** Something the demo promised to show, and whether this run's record shows it. */
  const check = { label: key, ok: flag };

  /** A result as a picture: data, for any view to draw. */
  const pictures = {
    bars: { unit: said, rows: list(object({ label: said, value: measured })) },
    curve: {
      xLabel: said,
      yLabel: said,
      points: list(object({ x: measured, y: measured, ideal: optional(measured) })),
    },
    /** Parts of the recording, each on the same time axis: `fromMs` is where that part's time 0 is. */
    timelines: { parts: list(object({ title: said, fromMs: moment, toMs: moment })) },
    table: { columns: list(said), rows: list(list(said)) },
  };
  const outcome = {
    facts: list(object(fact)),
    /** Which of the facts says it, where there is room for one; the first if this one is not among them. */
    headline: optional(key),
    /** The demo is `ok` if all of them are. */
    checks: list(object(check)),
    pictures: list(variant("kind", pictures)),
    /** Which of the prediction's choices came true. None if the parameters left nothing to predict. */
    answer: optional(text),
    /** Why it came out so, where `demo.NAME.why` would explain what did not happen in this run. */
    why: optional(key),
    /** What does the same to one's own work, where the demo's `command` would do what these parameters did not. */
    command: optional(text),
    /** The farm it was played on, as one would type it. */
    on: optional(text),
    /** What to try next: the same demo with these parameters changed. */
    suggestion: record(numberOrText),
  };

  return { fact, check, pictures, outcome };
}

type Readers = ReturnType<typeof readers>;
export type Fact = FieldsOf<Readers["fact"]>;
export type Check = FieldsOf<Readers["check"]>;
export type Picture<K extends keyof Readers["pictures"] = keyof Readers["pictures"]> = VariantOf<
  Pick<Readers["pictures"], K>,
  "kind"
>;

/** What a demo tells of a run. */
export type Told = FieldsOf<Readers["outcome"]>;

/** Reads an event `outcome`; null if it says something that there are no words for. @throws Flaw. */
export function toldOf(raw: Raw, isKnown: (key: string) => key is MessageKey): Told | null {
  const key: Reader<MessageKey> = (value, name) => {
    const read = text(value, name);
    if (isKnown(read)) return read;
    throw new UnknownWords(read);
  };
  try {
    return object(readers(key).outcome)(raw, "outcome");
  } catch (error) {
    if (error instanceof UnknownWords) return null;
    throw error;
  }
}

/** The event `outcome` for what a demo told, without when and where. */
export function outcomeEvent({
  facts,
  headline,
  checks,
  pictures,
  answer,
  why,
  command,
  on,
  suggestion,
}: Told): object {
  return { type: "outcome", facts, headline, checks, pictures, answer, why, command, on, suggestion };
}
