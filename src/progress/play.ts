/**
 * One play of a demo as it is remembered: a line of JSON with a version of its own, so that lanes of different versions
 * can share one file. No pid, no path, nothing of the machine is in it.
 */

import type { Play } from "../recording/results/plays.ts";

const VERSION = 1;

/** The line for a play, its line break included. */
export function lineOf({ at, ...play }: Play): string {
  return `${JSON.stringify({ v: VERSION, at: new Date(at).toISOString(), ...play })}\n`;
}

/**
 * The play in a line, or undefined if there is none that this version can read. Plain code: the menu's first frame waits for
 * a few hundred of them, before anything has been compiled.
 */
export function readPlay(line: string): Play | undefined {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(found) || found.v !== VERSION) return undefined;
  const { demo, ok, predicted, answer, params, fact } = found;
  const at = typeof found.at === "string" ? Date.parse(found.at) : Number.NaN;
  if (typeof demo !== "string" || Number.isNaN(at) || typeof ok !== "boolean" || !isParams(params)) return undefined;
  return { demo, at, params, ok, predicted: textOf(predicted), answer: textOf(answer), fact: factOf(fact) };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

function isParams(value: unknown): value is Play["params"] {
  if (!isObject(value)) return false;
  for (const key in value) if (typeof value[key] !== "number" && typeof value[key] !== "string") return false;
  return true;
}

function factOf(value: unknown): Play["fact"] {
  if (!isObject(value) || typeof value.label !== "string" || typeof value.value !== "string") return undefined;
  return { label: value.label, value: value.value };
}
