/**
 * A line of a recording, from what JSON made of it to an event that was checked: whatever stands in the file, nothing
 * that is not what its type says gets further than here.
 */
import { message, t } from "../i18n/index.ts";
import type { EventType, Happening, LaneEvent, Stamp } from "./event.ts";
import { RECORDING_VERSION, type Recorded, type RecordingHeader } from "./header.ts";

/** What a line of JSON holds. */
export type Raw = Readonly<Record<string, unknown>>;

/** The latest moment an event may have, ms: a year. */
export const MAX_T_MS = 366 * 24 * 3600 * 1000;
/** The longest name of a lane, characters. */
const MAX_LANE = 100;

/** How many levels of objects and lists a line may have: to write out (or walk through) 100,000 the stack is too small. */
const MAX_DEPTH = 100;

/** What is wrong with a line, in words. */
export class Flaw extends Error {
  override readonly name = "Flaw";
}

/** What a line of JSON holds, as an object that can be worked with. @throws Flaw. */
export function rawOf(value: unknown): Raw {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Flaw(t("replay.flaw.object"));
  if (isDeeper(value, MAX_DEPTH)) throw new Flaw(t("replay.flaw.deep", { limit: MAX_DEPTH }));
  return value as Raw;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** @throws Flaw about the field `name`. */
function wrong(name: string, value: unknown): never {
  const shown = JSON.stringify(value)?.slice(0, 40) ?? t("replay.flaw.nothing");
  throw new Flaw(t("replay.flaw.field", { name, value: shown }));
}

/** A field that must be text. @throws Flaw. */
export function text(raw: Raw, name: string): string {
  const value = raw[name];
  return typeof value === "string" ? value : wrong(name, value);
}

/** A field that must be a whole number from 0 on. @throws Flaw. */
export function count(raw: Raw, name: string): number {
  const value = raw[name];
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : wrong(name, value);
}

/** A field that must be a moment or a duration, ms. @throws Flaw for one that cannot be. */
export function ms(raw: Raw, name: string): number {
  const value = raw[name];
  return typeof value === "number" && value >= 0 && value <= MAX_T_MS ? value : wrong(name, value);
}

/** An optional field: left out where it is not there. */
function maybe<K extends string, T>(raw: Raw, name: K, read: (raw: Raw, name: K) => T): { [key in K]?: T } {
  return raw[name] === undefined ? {} : ({ [name]: read(raw, name) } as { [key in K]?: T });
}

function orNull<T>(raw: Raw, name: string, read: (raw: Raw, name: string) => T): T | null {
  return raw[name] === null || raw[name] === undefined ? null : read(raw, name);
}

const value = (raw: Raw) => raw.value ?? null;

const readers: { readonly [T in EventType]: (raw: Raw) => Extract<Happening, { type: T }> } = {
  spawn: (raw) => ({ type: "spawn", ...maybe(raw, "name", text) }),
  ready: () => ({ type: "ready" }),
  run: (raw) => ({ type: "run", ...maybe(raw, "text", text) }),
  say: (raw) => ({ type: "say", text: text(raw, "text") }),
  join: (raw) => ({ type: "join", on: text(raw, "on") }),
  wait: (raw) => ({ type: "wait", on: text(raw, "on"), ...maybe(raw, "owner", count) }),
  hold: (raw) => ({ type: "hold", on: text(raw, "on") }),
  release: (raw) => ({ type: "release", on: text(raw, "on") }),
  read: (raw) => ({ type: "read", value: value(raw), ...maybe(raw, "round", count) }),
  write: (raw) => ({ type: "write", value: value(raw), ...maybe(raw, "round", count) }),
  zombie: () => ({ type: "zombie" }),
  refused: (raw) => {
    const by = raw.by === "depth" || raw.by === "total" || raw.by === "system" ? raw.by : wrong("by", raw.by);
    return { type: "refused", by, depth: count(raw, "depth"), limit: count(raw, "limit"), text: text(raw, "text") };
  },
  adopted: (raw) => ({ type: "adopted", before: count(raw, "before"), after: count(raw, "after") }),
  exit: (raw) => ({ type: "exit", code: orNull(raw, "code", count), signal: orNull(raw, "signal", text) }),
};

/** What happened, as a demo tells it; none for a type that this version does not know. @throws Flaw. */
export function laneEvents(raw: Raw, stamp: Stamp): LaneEvent[] {
  const type = text(raw, "type");
  return Object.hasOwn(readers, type) ? [{ ...readers[type as EventType](raw), ...stamp }] : [];
}

/** Where and when. @throws Flaw. */
export function stampOf(raw: Raw): Stamp {
  const lane = text(raw, "lane");
  if (lane === "" || lane.length > MAX_LANE) wrong("lane", lane);
  return { t: ms(raw, "t"), lane, pid: count(raw, "pid"), ppid: count(raw, "ppid") };
}

/** The first event of a recording. @throws Flaw, also for another version. */
export function headerOf(raw: Raw): RecordingHeader {
  const v = count(raw, "v");
  if (v !== RECORDING_VERSION) throw new Flaw(message("replay.flaw.version", { v, mine: RECORDING_VERSION }));
  const of = raw.of;
  if (of !== "demo" && of !== "run" && of !== "map") return wrong("of", of);
  return {
    type: "recording",
    v,
    ...stampOf(raw),
    of,
    ...maybe(raw, "demo", text),
    ...maybe(raw, "params", params),
    ...maybe(raw, "shared", shared),
    lanes: text(raw, "lanes"),
  };
}

function fieldsOf(raw: Raw, name: string): Raw {
  const object = raw[name];
  return typeof object === "object" && object !== null && !Array.isArray(object)
    ? (object as Raw)
    : wrong(name, object);
}

function params(raw: Raw, name: string): NonNullable<Recorded["params"]> {
  const fields = fieldsOf(raw, name);
  for (const [key, field] of Object.entries(fields)) {
    if (typeof field !== "number" && typeof field !== "string") wrong(`${name}.${key}`, field);
  }
  return fields as NonNullable<Recorded["params"]>;
}

function shared(raw: Raw, name: string): NonNullable<Recorded["shared"]> {
  const fields = fieldsOf(raw, name);
  return { label: text(fields, "label"), expected: ms(fields, "expected") };
}
