/**
 * Words that are chosen where something is known, and said where it is shown, in the language spoken there: a key and its
 * values. As data they can be kept in a recording, which is in no language.
 */
import { type MessageKey, message, type ParamsOf } from "./index.ts";
import type { Value } from "./message.ts";

/** A message that is not said yet. */
export interface Phrase {
  readonly key: MessageKey;
  readonly params?: Readonly<Record<string, Value>>;
}

/** A text for a person: as it stands (a name, a number with its unit), a phrase, or several of these one after another. */
export type Text = string | Phrase | readonly (string | Phrase)[];

/** The message for a key, to be said later. Takes what `t` takes. */
export function phrase<K extends MessageKey>(
  key: K,
  ...params: keyof ParamsOf<K> extends never ? [ParamsOf<K>?] : [ParamsOf<K>]
): Phrase;
export function phrase(key: MessageKey, params?: Phrase["params"]): Phrase {
  return params === undefined ? { key } : { key, params };
}

/** The text in the language being spoken. */
export function said(text: Text): string {
  if (typeof text === "string") return text;
  return "key" in text ? message(text.key, text.params) : text.map(said).join("");
}
