/** What a key does to where one is in a record. Pure: from a view and a key to the next view. */
import type { MomentKind } from "../../recording/moment.ts";
import type { Replay } from "./replay.ts";

/** Where somebody is in a record, and how they look at it. */
export interface ReplayView {
  readonly step: number;
  readonly playing: boolean;
  /** An index of {@link speeds}. */
  readonly speed: number;
  /** Where there is no room for both, the code stands in place of the steps. */
  readonly code: boolean;
  /** The key led nowhere: there is no further moment of what it looks for. */
  readonly stuck?: boolean;
}

/** Ms of the record in a ms of playing. */
export const speeds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;

/** The key of each kind of moment; with Shift it goes back. */
export const momentKeys: Readonly<Record<MomentKind, string>> = {
  lost: "l",
  rejected: "e",
  overlap: "v",
  circle: "o",
  refused: "r",
  zombie: "z",
  death: "d",
  adopted: "a",
  handover: "h",
  wait: "w",
};
const kindOf: ReadonlyMap<string, MomentKind> = new Map(
  Object.entries(momentKeys).map(([kind, key]) => [key, kind as MomentKind]),
);

/** Steps of a page. */
const PAGE = 10;

/** `1/50`, `2`. */
export function speedText(speed: number): string {
  const factor = speeds[speed] ?? 1;
  return factor < 1 ? `1/${Math.round(1 / factor)}` : String(factor);
}

/** The beginning: at a step, at a speed at which a person can follow. */
export function firstView(replay: Replay, step = 0): ReplayView {
  const { events } = replay.steps;
  const spanMs = (events.at(-1)?.t ?? 0) - (events[0]?.t ?? 0);
  const wanted = (3 * spanMs) / 1000 / Math.max(1, events.length); // three events a second
  const speed = speeds.findLastIndex((factor) => factor <= Math.min(1, wanted));
  return { step: clamp(step, replay), playing: false, speed: Math.max(0, speed), code: false };
}

/** The view after a key; undefined for a key without a meaning. */
export function afterKey(view: ReplayView, key: string, replay: Replay): ReplayView | undefined {
  const { stuck: _, ...rest } = view;
  const still = { ...rest, playing: false };
  const go = (step: number) => ({ ...still, step: clamp(step, replay) });
  const jump = (step: number | undefined) => (step === undefined ? { ...still, stuck: true } : go(step));
  const { moments, steps } = replay;
  const kind = kindOf.get(key.toLowerCase());
  if (kind !== undefined) {
    return jump(key === key.toLowerCase() ? moments.next(view.step, kind) : moments.previous(view.step, kind));
  }
  switch (named(key)) {
    case "right":
      return go(view.step + 1);
    case "left":
      return go(view.step - 1);
    case "pageDown":
      return go(view.step + PAGE);
    case "pageUp":
      return go(view.step - PAGE);
    case "home":
      return go(0);
    case "end":
      return go(steps.count - 1);
    case "n":
      return jump(moments.next(view.step));
    case "p":
      return jump(moments.previous(view.step));
    case " ":
      if (view.playing) return still;
      return { ...rest, playing: true, step: view.step >= steps.count - 1 ? 0 : view.step };
    case "+":
      return { ...rest, speed: Math.min(view.speed + 1, speeds.length - 1) };
    case "-":
      return { ...rest, speed: Math.max(view.speed - 1, 0) };
    case "c":
      return { ...rest, code: !view.code };
    default:
      return undefined;
  }
}

/**
 * How long playing stays at a step, ms: as long as its time until the next one is at that speed, but nobody watches nothing
 * happen for more than two seconds. Undefined at the end.
 */
export function stayMs({ step, speed }: ReplayView, replay: Replay): number | undefined {
  const [now, next] = [replay.steps.events[step], replay.steps.events[step + 1]];
  if (now === undefined || next === undefined) return undefined;
  return Math.min((next.t - now.t) / (speeds[speed] ?? 1), 2_000);
}

function clamp(step: number, { steps }: Replay): number {
  return Math.max(0, Math.min(step, steps.count - 1));
}

/** The names of keys that terminals send in several ways, and those of vi. */
const names: Readonly<Record<string, string>> = {
  "[C": "right",
  OC: "right",
  "[B": "right",
  OB: "right",
  "\r": "right",
  j: "right",
  "[D": "left",
  OD: "left",
  "[A": "left",
  OA: "left",
  k: "left",
  "[6~": "pageDown",
  "[5~": "pageUp",
  "[H": "home",
  OH: "home",
  "[1~": "home",
  g: "home",
  "[F": "end",
  OF: "end",
  "[4~": "end",
  G: "end",
  "=": "+",
  _: "-",
  N: "p",
};

function named(key: string): string {
  const bare = key.length > 1 ? key.slice(1) : key; // without the Esc a terminal puts before it
  return names[bare] ?? key;
}
