/** Readers of option values that several commands take: each takes what the help says and nothing else. */
import { type LanesError, usageError } from "../errors.ts";
import { t } from "../i18n/index.ts";

/** A value as a person typed it, so that an empty one can be seen. */
export function quoted(value: string): string {
  return t("cli.quoted", { value });
}

/** The error for the value of `--OPTION`. */
export function invalid(option: string, value: string, expected: string): LanesError {
  return usageError("cli.number", { option, value: quoted(value), expected });
}

/** A reader for `--OPTION N`: a whole number in a range, and nothing else. @throws LanesError (usage) from the reader. */
export function wholeNumber(option: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw invalid(option, value, t("cli.range", { min, max }));
  };
}

/** A reader for `--OPTION PATH`: anything but nothing. @throws LanesError (usage) from the reader. */
export function somePath(option: string): (value: string) => string {
  return (value) => {
    if (value !== "") return value;
    throw invalid(option, value, t("cli.path"));
  };
}

/** A reader for `--OPTION WORD`: one of a few words. @throws LanesError (usage) from the reader. */
export function oneOf<const Word extends string>(option: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw invalid(option, value, words.join(" | "));
  };
}

/** A reader that takes any text. */
export const anyText = (value: string): string => value;
