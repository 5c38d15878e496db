/** What a map comes to: its failures and its summary, as the document has them. */

import type { ErrorData } from "../../thrown.ts";
import {
  count,
  type FieldsOf,
  flag,
  list,
  ms,
  number,
  object,
  oneOf,
  optional,
  orNull,
  pair,
  type Raw,
  type Reader,
  record,
  text,
  whole,
} from "../fields.ts";

/**
 * `throw`: the function threw or rejected; `result`: it returned what cannot be printed; `input`: the line is not JSON or not
 * UTF-8; `timeout`: its time was up; `exit`: user code ended the worker (process.exit); `uncaught`: an error outside the
 * function's own promise, that nobody caught, came up while it ran; `crash`: the worker died; `memory`: it was killed for
 * its size.
 */
const failureKind = oneOf("throw", "result", "input", "timeout", "exit", "uncaught", "crash", "memory");
export type FailureKind = ReturnType<typeof failureKind>;

/** Why an item failed, in a form that can be sent and printed. */
export interface ItemError extends ErrorData {
  readonly kind: FailureKind;
  /** Its worker was killed for it. */
  readonly killed?: true;
}

const primitive: Reader<string | number | boolean | null> = (value, name) =>
  value === null ? null : typeof value === "boolean" ? value : typeof value === "string" ? value : number(value, name);

const errorFields = {
  name: text,
  message: text,
  stack: text,
  fields: optional(record(primitive)),
  cause: optional(((value, name) => errorData(value, name)) as Reader<ErrorData>),
  errors: optional(list(((value, name) => errorData(value, name)) as Reader<ErrorData>)),
};

const errorData: Reader<ErrorData> = object(errorFields);

/** Reads an item's error. */
export const itemError: Reader<ItemError> = object({
  kind: failureKind,
  killed: optional((value, name) => flag(value, name) as true),
  ...errorFields,
});

/** An item that failed for good. */
export interface ItemFailure {
  /** Its number in the input, from 0. */
  readonly index: number;
  /** The beginning of the item itself, as the person gave it; null where an old recording does not have it. */
  readonly text: string | null;
  readonly attempts: number;
  readonly lane: string;
  readonly error: ItemError;
}

/** What an item is called: a line of the input or an argument. */
export const itemUnit = oneOf("line", "item");
export type ItemUnit = ReturnType<typeof itemUnit>;

/** What one worker's lane did, all its processes together. */
const laneTally = {
  lane: text,
  items: count,
  chunks: count,
  /** Working time. */
  busyMs: ms,
  /** Processes started on this lane. */
  started: count,
};

/** The fields of a map's summary. */
export const mapSummary = {
  /**
   * How it ended: `done`; `stopped` by a failure (`--on-error stop`); `interrupted`; `closed`: nobody reads the results;
   * `failed`: it could not go on.
   */
  ending: oneOf("done", "stopped", "interrupted", "closed", "failed"),
  /** Items that are answered for: ok + failed. */
  items: count,
  ok: count,
  failed: count,
  retried: count,
  chunks: count,
  /** Workers that had to be replaced because they died. */
  crashes: count,
  elapsedMs: ms,
  itemsPerSecond: number,
  /** Share of the workers' time, from the first item on, that was work: 0 to 1. */
  utilisation: number,
  p50Ms: orNull(ms),
  p99Ms: orNull(ms),
  lanes: list(object(laneTally)),
  /** Items that were read and are not answered for. */
  notDone: list(pair(count)),
  /** Items that were read; and whether there are no more. */
  taken: count,
  inputEnded: flag,
};

/** What a map has come to. */
export type MapSummary = FieldsOf<typeof mapSummary>;
/** How a map ended. */
export type MapEnding = MapSummary["ending"];

/** A map's whole result: what it has come to, and the signal that stopped it. */
export const mapResult = { ...mapSummary, signal: orNull(text) };
export type MapResult = FieldsOf<typeof mapResult>;

/** What happens to workers, besides the items. */
export type WorkerNews =
  /** It has been loading the module, or running --init, for `ms`. */
  | { readonly is: "slow"; readonly lane: string; readonly phase: "load" | "init"; readonly ms: number }
  /** It died while it was at an item, which is run again. `detail`: how, or the error that nobody caught. */
  | { readonly is: "again"; readonly lane: string; readonly index: number; readonly detail: string }
  /** An error that nobody caught ended it while it was at no item. */
  | { readonly is: "idle"; readonly lane: string; readonly detail: string }
  /** It could not begin; another is started after `ms`. */
  | { readonly is: "start"; readonly lane: string; readonly detail: string; readonly ms: number };

/** The result that a recording ended with; null if it has none, or one that cannot be read. */
export function mapResultOf(raw: Raw | undefined): MapResult | null {
  return raw === undefined ? null : whole(mapResult, raw);
}
