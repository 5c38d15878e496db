/**
 * One play of a demo as it is remembered: a line of JSON with a version of its own, so that lanes of different versions
 * can share one file. No pid, no path, nothing of the machine is in it.
 */

/** A demo that a person played. */
export interface Play {
  /** Its name; one that this version does not know is possible. */
  readonly demo: string;
  /** When it ended: ms since 1970. */
  readonly at: number;
  readonly params: Readonly<Record<string, number | string>>;
  /** Whether its own checks held. */
  readonly ok: boolean;
  /** The choice the person predicted, if one was asked. */
  readonly predicted?: string;
  /** The choice that came true, if there was anything to predict. */
  readonly answer?: string;
  /** What was measured, in one line: a key of the message catalog and a value. */
  readonly fact?: { readonly label: string; readonly value: string };
}

const VERSION = 1;

/** The line for a play, its line break included. */
export function lineOf({ at, ...play }: Play): string {
  return `${JSON.stringify({ v: VERSION, at: new Date(at).toISOString(), ...play })}\n`;
}

/** The play in a line, or undefined if there is none that this version can read. */
export function playOf(line: string): Play | undefined {
  const found = parsed(line);
  if (found?.v !== VERSION) return undefined;
  const { demo, params, ok, predicted, answer, fact } = found;
  const at = typeof found.at === "string" ? Date.parse(found.at) : Number.NaN;
  if (typeof demo !== "string" || Number.isNaN(at) || typeof ok !== "boolean" || !isParams(params)) return undefined;
  return {
    demo,
    at,
    params,
    ok,
    ...(typeof predicted === "string" ? { predicted } : {}),
    ...(typeof answer === "string" ? { answer } : {}),
    ...(isFact(fact) ? { fact: { label: fact.label, value: fact.value } } : {}),
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isParams = (value: unknown): value is Play["params"] =>
  isObject(value) && Object.values(value).every((one) => typeof one === "number" || typeof one === "string");

const isFact = (value: unknown): value is NonNullable<Play["fact"]> =>
  isObject(value) && typeof value.label === "string" && typeof value.value === "string";
