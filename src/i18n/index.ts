/**
 * Every word a person reads. English is the type: its keys and the `{names}` in its messages are what a caller must give,
 * and Chinese must have the same keys. One folder a language, one file an area, so that a change touches one pair.
 *
 * The language is chosen once, at start; it is the only mutable state shared by the program. A catalog is loaded when its
 * first word is said: most processes (workers, plain runs, locks) never say one, and loading it takes 0.45 ms of the
 * 3.8 ms in which an empty compiled program starts and ends.
 */
import type { Catalog, en } from "./en/index.ts";
import type { Value, Values } from "./message.ts";

export type Language = "en" | "zh";
export type MessageKey = keyof typeof en;
/** The values the message with this key needs. */
export type ParamsOf<K extends MessageKey> = Values<(typeof en)[K]>;

let language: Language = "en";
const catalogs: Partial<Record<Language, Catalog>> = {};

/** The words of a language. `require`, because a word may be wanted where nobody can wait: in an error's constructor. */
function catalogOf(wanted: Language): Catalog {
  catalogs[wanted] ??=
    wanted === "zh"
      ? (require("./zh/index.ts") as typeof import("./zh/index.ts")).zh
      : (require("./en/index.ts") as typeof import("./en/index.ts")).en;
  return catalogs[wanted];
}

/** Speaks this language from now on, in this process. */
export function setLanguage(wanted: Language): void {
  language = wanted;
}

/** The language being spoken. */
export function currentLanguage(): Language {
  return language;
}

/** The message for a key, with its values put in. */
export function t<K extends MessageKey>(
  key: K,
  ...params: keyof ParamsOf<K> extends never ? [ParamsOf<K>?] : [ParamsOf<K>]
): string;
export function t(key: MessageKey, params?: Readonly<Record<string, Value>>): string {
  return message(key, params);
}

/** The message for a key that is only known when the program runs, so that its values cannot be checked before. */
export function message(key: MessageKey, params: Readonly<Record<string, Value>> = {}): string {
  const { format } = require("./message.ts") as typeof import("./message.ts");
  return format(catalogOf(language)[key], params);
}

/** Whether a string is a key: for keys made from a name (`demo.${name}.title`) that the compiler cannot follow. */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(catalogOf("en"), key);
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
