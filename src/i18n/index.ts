/**
 * Every word a person reads. English is the type: its keys and the `{names}` in its messages are what a caller must give,
 * and Chinese must have the same keys. One folder a language, one file an area, so that a change touches one pair.
 *
 * Only rooms that show something say words (the import rules have the list); all others carry keys and values (phrase.ts,
 * errors.ts). The language is chosen once, at start; it is the only mutable state shared by the program. The words of a language are
 * loaded when the first one is said (packed.ts): most processes (workers, plain runs, locks) never say one.
 */
import { wordErrors } from "../errors.ts";
import { format, type MessageValue } from "./message.ts";
import { unpacked } from "./packed.ts";
import type { MessageKey, ParamsOf, Text } from "./phrase.ts";

export type Language = "en" | "zh";

let language: Language | undefined;
/** What has been said so far, by language and key: a live view says the same again and again. */
const known: Record<Language, Map<string, string | undefined>> = { en: new Map(), zh: new Map() };

/** The message with this key. `require`, because a word may be wanted where nobody can wait: in an error's message. */
function wordsFor(key: string, wanted: Language): string | undefined {
  const found = known[wanted];
  if (found.has(key)) return found.get(key);
  const packed =
    wanted === "zh"
      ? (require("./zh/packed.ts") as typeof import("./zh/packed.ts")).packed
      : (require("./en/packed.ts") as typeof import("./en/packed.ts")).packed;
  const words = unpacked(packed, key);
  found.set(key, words);
  return words;
}

/** Speaks this language from now on, in this process. */
export function setLanguage(wanted: Language): void {
  language = wanted;
}

/** The language being spoken: the environment's, if nobody has said another. */
export function currentLanguage(): Language {
  language ??= languageFrom(undefined, process.env);
  return language;
}

/** The message for a key, with its values put in. */
export function t<K extends MessageKey>(
  key: K,
  ...params: keyof ParamsOf<K> extends never ? [ParamsOf<K>?] : [ParamsOf<K>]
): string;
export function t(key: MessageKey, params?: Readonly<Record<string, MessageValue>>): string {
  return message(key, params);
}

/** The message for a key that is only known when the program runs, so that its values cannot be checked before. */
export function message(key: MessageKey, params: Readonly<Record<string, MessageValue>> = {}): string {
  return format(wordsFor(key, currentLanguage()) ?? key, params, (inner) =>
    message(inner.key as MessageKey, inner.params),
  );
}

/** The text in the language being spoken. */
export function said(text: Text): string {
  if (typeof text === "string") return text;
  return "key" in text ? message(text.key, text.params) : text.map(said).join("");
}

/** The errors of this process are worded from here on: whenever one's message is read, or as soon as one is made ({@link wordErrors}). */
export function speakErrors(when: "asked" | "made"): void {
  wordErrors(said, when);
}

/** Whether a string is a key: for keys made from a name (`demo.${name}.title`) that the compiler cannot follow. */
export function isMessageKey(key: string): key is MessageKey {
  return wordsFor(key, currentLanguage()) !== undefined;
}

/** Whether this is what `--lang` takes. */
export function isLanguage(word: string | undefined): word is Language {
  return word === "en" || word === "zh";
}

/** The language a person asked for: `--lang`, else the first of LANES_LANG, LC_ALL, LC_MESSAGES, LANG; English by default. */
export function languageFrom(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (isLanguage(option)) return option;
  const wanted = [env.LANES_LANG, env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => value) ?? "";
  return wanted.slice(0, 2).toLowerCase() === "zh" ? "zh" : "en";
}
