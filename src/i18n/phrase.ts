/**
 * Words that are chosen where something is known, and said where it is shown, in the language spoken there: a key and its
 * values. As data they can be kept in a recording, which is in no language. This is all that rooms know of words which show
 * nothing themselves: the keys are types here, and no catalog is loaded for them.
 */
import type { en } from "./en/index.ts";
import type { MessageValue, MessageValues } from "./message.ts";

export type MessageKey = keyof typeof en;
/** The values the message with this key needs. */
export type ParamsOf<K extends MessageKey> = MessageValues<(typeof en)[K]>;

/** A message that is not said yet. */
export interface Phrase {
  readonly key: MessageKey;
  readonly params?: Readonly<Record<string, MessageValue>>;
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
