/**
 * What a demo tells people of its outcome, as data: facts, checks, pictures, in no language. A recording keeps it in an event
 * of its own, before the result, so that what is shown of it later is what was shown at once.
 */
import { isMessageKey, type MessageKey } from "../i18n/index.ts";
import type { Value } from "../i18n/message.ts";
import type { Phrase, Text } from "../i18n/phrase.ts";
import {
  type FieldsOf,
  Flaw,
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
} from "./fields.ts";

/** It says something that this version has no words for. */
export class UnknownWords extends Flaw {}

const key: Reader<MessageKey> = (value, name) => {
  const known = text(value, name);
  if (!isMessageKey(known)) throw new UnknownWords(known);
  return known;
};

const values: Reader<Readonly<Record<string, Value>>> = record((value, name) =>
  Array.isArray(value) ? list(text)(value, name) : numberOrText(value, name),
);

const phrase: Reader<Phrase> = object({ key, params: optional(values) });

const piece: Reader<string | Phrase> = (value, name) => (typeof value === "string" ? value : phrase(value, name));

const said: Reader<Text> = (value, name) => (Array.isArray(value) ? list(piece)(value, name) : piece(value, name));

/** A number that was measured; JSON has no NaN, and writes null. */
const measured: Reader<number> = (value, name) => (value === null ? Number.NaN : number(value, name));

/** A moment, or never; JSON has no Infinity, and writes null. */
const moment: Reader<number> = (value, name) => (value === null ? Number.POSITIVE_INFINITY : ms(value, name));

/** Something measured, said in one line. */
const fact = { label: key, value: said };
export type Fact = FieldsOf<typeof fact>;

/** Something the demo promised to show, and whether this run's record shows it. */
const check = { label: key, ok: flag };
export type Check = FieldsOf<typeof check>;

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
export type Picture<K extends keyof typeof pictures = keyof typeof pictures> = VariantOf<
  Pick<typeof pictures, K>,
  "kind"
>;

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

/** What a demo tells of a run. */
export type Told = FieldsOf<typeof outcome>;

/** Reads an event `outcome`. @throws Flaw. */
export const toldOf = (raw: Raw): Told => object(outcome)(raw, "outcome");

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
